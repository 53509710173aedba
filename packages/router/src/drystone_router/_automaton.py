"""A regular expression as an automaton of positions (Glushkov), with the ways counted.

Each place in the expression that takes one character is a position. `follow[p][q]` is the number
of ways to go from position p to position q, so an expression that could reach the same place in two
ways, which is what makes a backtracking matcher slow, shows as a number above one:

    [a-z]+-[0-9]   => classes: start, a-z, "-", 0-9
                      follow:  start -> 1;  1 -> 1, 2;  2 -> 3;  3 is final

What cannot be written this way (backreferences, lookaround, flags, anchors) is refused.
"""

import importlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

# The standard library's own parser of regular expressions: what it reads is what `re` will run.
_parser: Any = importlib.import_module("re._parser")

Intervals = tuple[tuple[int, int], ...]
START = 0
MAX_POSITIONS = 400
_LAST = sys.maxunicode
_LEGIBLE = b"xabcdefghijklmnopqrstuvwyz0123456789XABCDEFGHIJKLMNOPQRSTUVWYZ"
_DIGIT: Intervals = ((0x30, 0x39),)
_SPACE: Intervals = ((0x09, 0x0D), (0x20, 0x20))
_WORD: Intervals = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# Converters compile with re.ASCII, so each category is a handful of ranges.
_CATEGORIES = {"DIGIT": _DIGIT, "SPACE": _SPACE, "WORD": _WORD}


class Unprovable(ValueError):
    """The expression is malformed, or nothing can be promised about it."""


@dataclass(frozen=True)
class Automaton:
    """`classes[p]` is what position p takes; `final[p]` the number of ways to end there."""

    classes: tuple[Intervals, ...]
    follow: tuple[dict[int, int], ...]
    final: dict[int, int]

    def step(self, ways: dict[int, int], symbol: int) -> dict[int, int]:
        """The positions reached from `ways` by one character, each with its number of ways."""
        reached: dict[int, int] = {}
        for position, count in ways.items():
            for target, edges in self.follow[position].items():
                if _contains(self.classes[target], symbol):
                    reached[target] = reached.get(target, 0) + count * edges
        return reached

    def accepting(self, ways: dict[int, int]) -> int:
        """In how many ways the text read so far is a whole match."""
        return sum(count * self.final.get(position, 0) for position, count in ways.items())


def symbols(*automata: Automaton) -> list[int]:
    """One character for each group of characters that the automata cannot tell apart.

    Letters and digits come first, so that an example made of these reads well.
    """
    edges = {0, _LAST + 1}
    for automaton in automata:
        for intervals in automaton.classes:
            for low, high in intervals:
                edges.update((low, high + 1))
    ordered = sorted(edges)
    found = []
    for low, after in pairwise(ordered):
        found.append(next((code for code in _LEGIBLE if low <= code < after), low))
    return sorted(found, key=lambda code: (code not in _LEGIBLE, code))


class _Fragment(NamedTuple):
    """A part of the expression: ways to be empty, ways in and ways out by position."""

    empty: int
    first: dict[int, int]
    last: dict[int, int]


_EMPTY = _Fragment(1, {}, {})


class _Builder:
    def __init__(self) -> None:
        self.classes: list[Intervals] = [()]
        self.follow: list[dict[int, int]] = [{}]

    def sequence(self, items: Any) -> _Fragment:
        whole = _EMPTY
        for operator, argument in items:
            whole = self._join(whole, self._item(str(operator), argument))
        return whole

    def _item(self, operator: str, argument: Any) -> _Fragment:
        build = _ITEMS.get(operator)
        if build is None:
            raise Unprovable(
                f"it uses {operator.lower().replace('_', ' ')}, which has no proof of linear time"
            )
        return build(self, argument)

    def take(self, intervals: Intervals) -> _Fragment:
        if len(self.classes) > MAX_POSITIONS:
            raise Unprovable(f"it takes more than {MAX_POSITIONS} positions when counted out")
        self.classes.append(intervals)
        self.follow.append({})
        position = len(self.classes) - 1
        return _Fragment(0, {position: 1}, {position: 1})

    def branch(self, argument: Any) -> _Fragment:
        empty, first, last = 0, dict[int, int](), dict[int, int]()
        for items in argument[1]:
            part = self.sequence(items)
            empty += part.empty
            first |= part.first
            last |= part.last
        return _Fragment(empty, first, last)

    def group(self, argument: Any) -> _Fragment:
        _number, added, removed, items = argument
        if added or removed:
            raise Unprovable("it changes flags inside")
        return self.sequence(items)

    def repeat(self, argument: Any) -> _Fragment:
        low, high, items = argument
        endless = str(high) == "MAXREPEAT"
        if (low if endless else high) > MAX_POSITIONS:
            raise Unprovable(f"it repeats something more than {MAX_POSITIONS} times")
        if endless:
            whole = self._loop(self.sequence(items))
            if low:
                whole, low = whole._replace(empty=0), low - 1
        else:
            whole = _EMPTY
            for _ in range(high - low):
                part = self._join(self.sequence(items), whole)
                whole = part._replace(empty=part.empty + 1)
        for _ in range(low):
            whole = self._join(self.sequence(items), whole)
        return whole

    def _loop(self, part: _Fragment) -> _Fragment:
        if part.empty:
            raise Unprovable("it repeats without end what can be empty")
        self._connect(part.last, part.first)
        return _Fragment(1, part.first, part.last)

    def _join(self, left: _Fragment, right: _Fragment) -> _Fragment:
        self._connect(left.last, right.first)
        return _Fragment(
            left.empty * right.empty,
            _add(left.first, right.first, left.empty),
            _add(right.last, left.last, right.empty),
        )

    def _connect(self, last: dict[int, int], first: dict[int, int]) -> None:
        for position, out in last.items():
            edges = self.follow[position]
            for target, into in first.items():
                edges[target] = edges.get(target, 0) + out * into


_ITEMS: dict[str, Callable[[_Builder, Any], _Fragment]] = {
    "LITERAL": lambda builder, code: builder.take(((code, code),)),
    "NOT_LITERAL": lambda builder, code: builder.take(_without(((code, code),))),
    "ANY": lambda builder, _: builder.take(_without(((0x0A, 0x0A),))),
    "IN": lambda builder, members: builder.take(_character_class(members)),
    "BRANCH": _Builder.branch,
    "SUBPATTERN": _Builder.group,
    # Lazy and possessive repeats and atomic groups try the same ways in another order, or fewer.
    "ATOMIC_GROUP": _Builder.sequence,
    "MAX_REPEAT": _Builder.repeat,
    "MIN_REPEAT": _Builder.repeat,
    "POSSESSIVE_REPEAT": _Builder.repeat,
}


@lru_cache(maxsize=1024)
def automaton_of(pattern: str) -> Automaton:
    """The automaton of a regular expression.

    Raises:
        Unprovable: it is malformed, too large, or uses what has no automaton of this kind.
    """
    try:
        parsed = _parser.parse(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise Unprovable(f"it is malformed: {error}") from None
    if parsed.state.flags & ~re.ASCII:
        raise Unprovable("it sets flags")
    builder = _Builder()
    whole = builder.sequence(parsed)
    builder.follow[START] = dict(whole.first)
    final = dict(whole.last)
    if whole.empty:
        final[START] = whole.empty
    return Automaton(tuple(builder.classes), tuple(builder.follow), final)


def _character_class(members: Any) -> Intervals:
    found: list[tuple[int, int]] = []
    negated = False
    for operator, argument in members:
        match str(operator):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append((argument, argument))
            case "RANGE":
                found.append(argument)
            case _:
                found.extend(_category(str(argument)))
    intervals = tuple(found)
    return _without(intervals) if negated else intervals


def _category(name: str) -> Intervals:
    """CATEGORY_DIGIT => 0-9; CATEGORY_NOT_DIGIT => all but 0-9."""
    name = name.removeprefix("CATEGORY_")
    intervals = _CATEGORIES[name.removeprefix("NOT_")]
    return _without(intervals) if name.startswith("NOT_") else intervals


def _without(intervals: Intervals) -> Intervals:
    rest: list[tuple[int, int]] = []
    start = 0
    for low, high in sorted(intervals):
        if low > start:
            rest.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _LAST:
        rest.append((start, _LAST))
    return tuple(rest)


def _contains(intervals: Intervals, symbol: int) -> bool:
    return any(low <= symbol <= high for low, high in intervals)


def _add(into: dict[int, int], other: dict[int, int], times: int) -> dict[int, int]:
    return into | {key: count * times for key, count in other.items()} if times else into
