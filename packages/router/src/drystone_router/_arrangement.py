"""Puts the patterns with parameters together by arrangement, for the table to look them up."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Generic

from drystone_router._builders import Build, builder, first_of
from drystone_router._index import Entry
from drystone_router._methods import answered, rank
from drystone_router._pattern import compare_patterns
from drystone_router._relation import Relation
from drystone_router._route import T

# The key under which a leaf keeps what answers any method. No method is empty.
ANY = ""

# By method, the function that reads the parameters.
Leaf = dict[str, Build[T]]
Key = Callable[[list[str]], object]


# One arrangement: how to take the key from the split path, and what stands under each key. Plain
# tuples, which Python unpacks fastest.
Probes = tuple[tuple[Key, dict[object, Leaf[T]]], ...]
# The same for patterns that end in a path parameter, after the place where that begins.
RestProbes = tuple[tuple[int, Key, dict[object, Leaf[T]]], ...]

# The places of the literal segments, 1 for the first one of the path; without that one where
# the table has already looked it up.
_Places = tuple[int, ...]
_Leaves = dict[object, list[Entry[T]]]
_Arranged = dict[tuple[int, _Places], _Leaves[T]]


class Arrangement(Generic[T]):
    """Collects patterns; `probes` and `rest_probes` give what the table looks into."""

    def __init__(self) -> None:
        # By the first segment where it is literal, else under None.
        self._exact: dict[str | None, _Arranged[T]] = {}
        self._rest: dict[str | None, _Arranged[T]] = {}

    def add(self, entry: Entry[T]) -> None:
        """Enter a pattern under its first segment, its length and its literal places."""
        texts = {place: s.static for place, s in enumerate(entry.pattern.segments, 1)}
        fixed = {place: text for place, text in texts.items() if text is not None}
        first = fixed.pop(1, None)
        table = self._exact if entry.pattern.rest is None else self._rest
        arranged = table.setdefault(first, {})
        leaves = arranged.setdefault((len(texts) + 1, tuple(fixed)), {})
        key = tuple(fixed.values())
        leaves.setdefault(key if len(key) > 1 else "".join(key), []).append(entry)

    def probes(self) -> tuple[dict[str, list[Probes[T]]], list[Probes[T]]]:
        """By first segment and then by the number of places; the latter alone for all others."""
        most = max((count for arranged in self._exact.values() for count, _ in arranged), default=0)
        other: dict[int, Probes[T]] = _by_count(self._exact.get(None, {}))
        first: dict[str, list[Probes[T]]] = {}
        for text, arranged in self._exact.items():
            if text is not None:
                own = _by_count(arranged)
                first[text] = [own.get(n, ()) + other.get(n, ()) for n in range(most + 1)]
        return first, [other.get(count, ()) for count in range(most + 1)]

    def rest_probes(self) -> tuple[dict[str, RestProbes[T]], RestProbes[T]]:
        """By first segment, and for all others; the later a rest begins the earlier it is tried."""
        other = _rest_probes(self._rest.get(None, {}))
        first = {
            text: _rest_probes(arranged) + other
            for text, arranged in self._rest.items()
            if text is not None
        }
        return first, other


def _by_count(arranged: _Arranged[T]) -> dict[int, Probes[T]]:
    found: dict[int, list[tuple[Key, dict[object, Leaf[T]]]]] = {}
    for (count, places), leaves in _in_order(arranged):
        found.setdefault(count, []).append((_key_of(places), _frozen(leaves)))
    return {count: tuple(probes) for count, probes in found.items()}


def _rest_probes(arranged: _Arranged[T]) -> RestProbes[T]:
    return tuple(
        (start, _key_of(places), _frozen(leaves)) for (start, places), leaves in _in_order(arranged)
    )


def _in_order(
    arranged: _Arranged[T],
) -> Iterable[tuple[tuple[int, _Places], _Leaves[T]]]:
    """The longest first, and of one length those that are literal further to the left."""

    def order(item: tuple[tuple[int, _Places], _Leaves[T]]) -> tuple[int, list[bool]]:
        (count, places), _leaves = item
        return -count, [place not in places for place in range(1, count)]

    return sorted(arranged.items(), key=order)


def _key_of(places: _Places) -> Key:
    # Place 0 is the empty text before the first slash: one key for patterns without literal places.
    return itemgetter(*places) if places else itemgetter(0)


def _frozen(leaves: _Leaves[T]) -> dict[object, Leaf[T]]:
    return {key: _leaf(entries) for key, entries in leaves.items()}


def _leaf(entries: list[Entry[T]]) -> Leaf[T]:
    ordered = _by_precedence(entries)
    methods = {method for e in entries for method in answered(e.route.methods)}
    if any(e.route.methods is None for e in entries):
        methods.add(ANY)
    builds = {id(entry): builder(entry.route, entry.pattern) for entry in entries}
    return {
        method: first_of([builds[id(entry)] for entry in _answering(ordered, method)])
        for method in sorted(methods)
    }


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
    """Of each group the one entry that answers the method best, if any does."""
    for group in groups:
        ranked = [(rank(e.route.methods, method), e) for e in group]
        answering = [(r, e) for r, e in ranked if r is not None]
        if answering:
            yield min(answering, key=itemgetter(0))[1]
