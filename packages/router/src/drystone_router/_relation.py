"""How the sets of texts that two expressions accept lie to each other."""

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from drystone_router._automaton import START, Automaton, automaton_of, symbols

MAX_PAIRS = 4000


class Relation(Enum):
    """How one set of texts or paths lies to another."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    DISJOINT = "disjoint"
    CROSSING = "crossing"

    def then(self, other: "Relation") -> "Relation":
        """The relation of two sequences from the relations of their heads and of their tails."""
        if Relation.DISJOINT in (self, other):
            return Relation.DISJOINT
        if self in (Relation.EQUAL, other):
            return other
        return self if other is Relation.EQUAL else Relation.CROSSING

    def reversed(self) -> "Relation":
        """The same seen from the other side."""
        return {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}.get(
            self, self
        )


class Compared(NamedTuple):
    """A relation, and a text that both accept where one was found."""

    relation: Relation
    example: str | None


@lru_cache(maxsize=4096)
def compare_languages(left: str, right: str) -> Compared:
    """Walk both automata over all texts at once and note who accepts what.

    Gives CROSSING where the walk would be too long: the safe answer, since it makes people choose.
    """
    one, other = automaton_of(left), automaton_of(right)
    alphabet = symbols(one, other)
    start = (frozenset({START}), frozenset({START}))
    seen = {start: ""}
    waiting = [start]
    only_left = only_right = False
    example: str | None = None
    for a, b in waiting:
        text = seen[a, b]
        ends_left, ends_right = _ends(one, a), _ends(other, b)
        # Every position can still reach an end, so one side alone means a text of its own.
        only_left |= (ends_left and not ends_right) or not b
        only_right |= (ends_right and not ends_left) or not a
        if ends_left and ends_right and example is None:
            example = text
        if (only_left and only_right and example is not None) or len(seen) > MAX_PAIRS:
            return Compared(Relation.CROSSING, example)
        if a and b:
            for symbol in alphabet:
                pair = (_step(one, a, symbol), _step(other, b, symbol))
                if pair not in seen and (pair[0] or pair[1]):
                    seen[pair] = text + chr(symbol)
                    waiting.append(pair)
    return Compared(_verdict(only_left, only_right, example), example)


def _verdict(only_left: bool, only_right: bool, example: str | None) -> Relation:
    if example is None:
        return Relation.DISJOINT
    if only_left:
        return Relation.SUPERSET
    return Relation.SUBSET if only_right else Relation.EQUAL


def _ends(automaton: Automaton, positions: frozenset[int]) -> bool:
    return not positions.isdisjoint(automaton.final)


def _step(automaton: Automaton, positions: frozenset[int], symbol: int) -> frozenset[int]:
    return frozenset(automaton.step(dict.fromkeys(positions, 1), symbol))
