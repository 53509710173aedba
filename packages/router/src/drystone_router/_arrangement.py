"""Puts the patterns with parameters together by arrangement, and makes the functions to search
them.

For the paths of one length under one first segment it is one function, written out:

    def search(method, s):
        near = None
        leaf = get0(s[4])                       # /repos/{owner}/{repo}/issues/{number}
        if leaf is not None:
            near = False
            found = leaf.get(method) or leaf.get(ANY)
            if found is not None:
                value, route, n2_0, n3_0, n5_0 = found
                ...                             # the source from _builders
        leaf = get1((s[3], s[5]))               # the next arrangement
        ...
        return near

Where the patterns under one key differ in more than their names, `found` is a function and is
called.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, Literal, NamedTuple

from drystone_router._builders import Build, builder, constants_of, first_of, form_of
from drystone_router._index import Entry
from drystone_router._methods import answered, rank
from drystone_router._pattern import compare_patterns
from drystone_router._relation import Relation
from drystone_router._route import Match, T
from drystone_router._written import written

# The key under which a leaf keeps what answers any method. No method is empty.
ANY = ""

# By method, the function that reads the parameters.
Leaf = dict[str, Build[T]]
# By method, what the source of the search needs to do it itself.
_InlineLeaf = dict[str, tuple[object, ...]]
# What a search gives: the match; False where patterns may match the path with other methods; None
# where none can. Both that are no match are falsy, which is the fastest thing to ask.
Found = Match[T] | Literal[False] | None
# Takes the method and the segments with "" before the first slash.
Search = Callable[[str, list[str]], Found[T]]

# The places of the literal segments, 1 for the first one of the path; without that one where
# the table has already looked it up.
_Places = tuple[int, ...]
_Leaves = dict[object, list[Entry[T]]]
# By the place after the last (or the one where the rest begins) and the literal places.
_Arranged = dict[tuple[int, _Places], _Leaves[T]]
_Item = tuple[tuple[int, _Places], _Leaves[T]]
# How many arrangements to compare for the best order; more than any sensible table has.
_COMPARED = 8


class _Probe(NamedTuple):
    """One arrangement ready to be searched: how to find the leaf, its source from there on."""

    key: str
    source: list[str]
    leaves: dict[object, Any]


# With the place after the last (or the one where the rest begins), in the order to search in.
_Probes = list[tuple[int, _Probe]]


class Arrangement(Generic[T]):
    """Collects patterns; `searches` gives what the table calls."""

    def __init__(self) -> None:
        # By the first segment where it is literal, else under None.
        self._exact: dict[str | None, _Arranged[T]] = {}
        self._rest: dict[str | None, _Arranged[T]] = {}
        self._most = 0

    def add(self, entry: Entry[T]) -> None:
        """Enter a pattern under its first segment, its length and its literal places."""
        texts = {place: s.static for place, s in enumerate(entry.pattern.segments, 1)}
        fixed = {place: text for place, text in texts.items() if text is not None}
        first = fixed.pop(1, None)
        table = self._exact if entry.pattern.rest is None else self._rest
        end = len(texts) + 1
        self._most = max(self._most, end)
        leaves = table.setdefault(first, {}).setdefault((end, tuple(fixed)), {})
        key = tuple(fixed.values())
        leaves.setdefault(key if len(key) > 1 else "".join(key), []).append(entry)

    def searches(self) -> tuple[dict[str, list[Search[T]]], list[Search[T]]]:
        """By first segment and then by the number of places; the latter alone for all others.

        The last search of each list is for all paths that are longer than any pattern without a
        rest.
        """
        exact, rest = _probes(self._exact.get(None, {})), _probes(self._rest.get(None, {}))
        counts = range(self._most + 2)
        others: list[Search[T]] = [_search(count, exact, rest) for count in counts]
        firsts = {text for table in (self._exact, self._rest) for text in table if text is not None}
        found: dict[str, list[Search[T]]] = {}
        for text in firsts:
            own_exact = _probes(self._exact.get(text, {}))
            own_rest = _probes(self._rest.get(text, {}))
            found[text] = [
                _search(count, own_exact + exact, own_rest + rest)
                if own_rest or any(end == count for end, _ in own_exact)
                else others[count]
                for count in counts
            ]
        return found, others


def _probes(arranged: _Arranged[T]) -> _Probes:
    """What to search, in the order to search in."""
    return [(item[0][0], _probe(item[0][1], item[1])) for item in _in_order(arranged)]


def _in_order(arranged: _Arranged[T]) -> Iterator[_Item[T]]:
    """The longest first; of one length the largest first, unless a smaller one has to be.

    Of two arrangements only the one that is literal further to the left can hold the more specific
    pattern, so it goes first. Where no path fits both, the larger does: it has the path more often.
    """

    def leftmost(item: _Item[T]) -> tuple[int, list[bool]]:
        (end, places), _leaves = item
        return -end, [place not in places for place in range(1, end)]

    for _end, items in groupby(sorted(arranged.items(), key=leftmost), lambda item: item[0][0]):
        waiting = list(items)
        while waiting:
            free = (
                item
                for index, item in enumerate(waiting[:_COMPARED])
                if all(_apart(item, earlier) for earlier in waiting[:index])
            )
            largest = max(free, key=lambda item: len(item[1]))
            waiting.remove(largest)
            yield largest


def _apart(one: _Item[T], other: _Item[T]) -> bool:
    """Whether no path fits both: they share no texts at the places where both are literal."""
    shared = sorted(set(one[0][1]) & set(other[0][1]))
    texts = [
        {tuple(same[0].pattern.segments[place - 1].static for place in shared) for same in leaves}
        for leaves in (one[1].values(), other[1].values())
    ]
    return texts[0].isdisjoint(texts[1])


def _probe(places: _Places, leaves: _Leaves[T]) -> _Probe:
    entries = [entry for same in leaves.values() for entry in same]
    lines = form_of(entries[0].pattern).lines()
    inline = all(
        len(_by_precedence(same)) == 1 and not form.calls and form.lines() == lines
        for same in leaves.values()
        for form in (form_of(entry.pattern) for entry in same)
    )
    if not inline:
        call = ["match = found(s)", "if match is not None: return match"]
        return _Probe(_key(places), call, {key: leaf_of(same) for key, same in leaves.items()})
    names = list(constants_of(entries[0].route, entries[0].pattern))
    return _Probe(
        _key(places),
        [f"{', '.join(names)} = found", *lines],
        {key: _inline_leaf(same) for key, same in leaves.items()},
    )


def _search(count: int, exact: _Probes, rest: _Probes) -> Search[T]:
    """The search for paths of `count` places: what has as many, then what has a rest after
    fewer.
    """
    probes = [probe for end, probe in exact if end == count]
    probes += [probe for end, probe in rest if end < count]
    if not probes:
        return _nothing
    body = ["near = None"]
    for number, probe in enumerate(probes):
        body += [
            f"leaf = get{number}({probe.key})",
            "if leaf is not None:",
            "    near = False",
            "    found = leaf.get(method) or leaf.get(ANY)",
            "    if found is not None:",
            *(f"        {line}" for line in probe.source),
        ]
    body.append("return near")
    arguments = ["Match", "ANY", *(f"get{number}" for number in range(len(probes)))]
    make = written("method, s", tuple(body), tuple(arguments))
    search: Search[T] = make(Match, ANY, *(probe.leaves.get for probe in probes))
    return search


def _nothing(method: str, segments: list[str]) -> None:
    return None


def _key(places: _Places) -> str:
    """The source of the key: (), (4,), (3, 5) => "", s[4], (s[3], s[5])."""
    if not places:
        return "''"
    texts = ", ".join(f"s[{place}]" for place in places)
    return texts if len(places) == 1 else f"({texts})"


def leaf_of(entries: list[Entry[T]]) -> Leaf[T]:
    """For each method the function that tries the entries which answer it."""
    builds = {id(entry): builder(entry.route, entry.pattern) for entry in entries}
    return {
        method: first_of([builds[id(entry)] for entry in answering])
        for method, answering in _by_method(entries).items()
    }


def _inline_leaf(entries: list[Entry[T]]) -> _InlineLeaf:
    return {
        method: tuple(constants_of(answering[0].route, answering[0].pattern).values())
        for method, answering in _by_method(entries).items()
    }


def _by_method(entries: list[Entry[T]]) -> dict[str, list[Entry[T]]]:
    """For each method the entries that answer it, in the order to try them."""
    groups = _by_precedence(entries)
    methods = {method for e in entries for method in answered(e.route.methods)}
    if any(e.route.methods is None for e in entries):
        methods.add(ANY)
    return {method: list(_answering(groups, method)) for method in sorted(methods)}


def _by_precedence(entries: list[Entry[T]]) -> list[list[Entry[T]]]:
    """Groups of equal patterns, each group before those that are less specific."""
    groups: list[list[Entry[T]]] = []
    for entry in entries:
        for index, group in enumerate(groups):
            relation = compare_patterns(entry.pattern, group[0].pattern)
            if relation is Relation.EQUAL:
                group.append(entry)
                break
            if relation is Relation.SUBSET:
                groups.insert(index, [entry])
                break
        else:
            groups.append([entry])
    return groups


def _answering(groups: list[list[Entry[T]]], method: str) -> Iterable[Entry[T]]:
    """Of each group the entries that answer the method, the best one first.

    Of those that are written alike only that one: where it does not fit, neither do the others.
    """
    for group in groups:
        ranked = [(rank(e.route.methods, method), e) for e in group]
        answering = sorted(((r, e) for r, e in ranked if r is not None), key=itemgetter(0))
        alike: dict[object, Entry[T]] = {}
        for _, entry in answering:
            alike.setdefault(entry.pattern.shape, entry)
        yield from alike.values()
