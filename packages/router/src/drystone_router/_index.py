"""Which routes could answer what a new route would answer: asked at each registration.

The patterns stand in a tree, one level per segment. A new pattern is walked down all the branches
whose texts overlap its own at once, with the relation of what was walked so far, so most of a large
table is never looked at.
"""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from drystone_router._pattern import Pattern, takes_rest
from drystone_router._relation import Relation
from drystone_router._route import Route
from drystone_router._segment import Segment, compare

T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """A route with one of its patterns (a route with an optional segment has several)."""

    route: Route[T]
    pattern: Pattern


class _Node(Generic[T]):
    __slots__ = ("branches", "ends", "rests", "static")

    def __init__(self) -> None:
        self.static: dict[str, tuple[Segment, _Node[T]]] = {}
        self.branches: dict[tuple[object, ...], tuple[Segment, _Node[T]]] = {}
        self.ends: list[Entry[T]] = []
        self.rests: list[Entry[T]] = []

    def child(self, segment: Segment) -> "_Node[T]":
        if segment.static is not None:
            return self.static.setdefault(segment.static, (segment, _Node()))[1]
        return self.branches.setdefault(segment.shape, (segment, _Node()))[1]

    def overlapping(self, segment: Segment) -> "Iterator[tuple[Relation, _Node[T]]]":
        """The children that share texts with `segment`, and how they lie to it."""
        if segment.static is None:
            statics = iter(self.static.values())
        else:
            statics = iter([self.static[segment.static]] if segment.static in self.static else [])
        for children in (statics, self.branches.values()):
            for other, node in children:
                relation = compare(segment, other)
                if relation is not Relation.DISJOINT:
                    yield relation, node

    def below(self) -> Iterator[Entry[T]]:
        """The entries under this node, without those that end at it."""
        yield from self.rests
        for children in (self.static, self.branches):
            for _segment, node in children.values():
                yield from node.ends
                yield from node.below()


class Index(Generic[T]):
    """The patterns of one host."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, entry: Entry[T]) -> None:
        """Add a pattern; whether it may be added was asked before."""
        self._list_of(entry.pattern).append(entry)

    def remove(self, entry: Entry[T]) -> None:
        """Take back what was added."""
        self._list_of(entry.pattern).remove(entry)

    def overlapping(
        self, new: Pattern, *, contained: bool = False
    ) -> Iterator[tuple[Entry[T], Relation]]:
        """The patterns that share paths with `new`, and how `new` lies to each.

        Leaves out those that a path parameter of `new` plainly contains, unless asked for.
        """
        waiting = [(self._root, 0, Relation.EQUAL)]
        while waiting:
            node, depth, relation = waiting.pop()
            for entry in node.rests:
                if depth < len(new.segments) and takes_rest(entry.pattern, new, depth):
                    yield entry, relation.then(Relation.SUBSET)
            if depth < len(new.segments):
                for step, child in node.overlapping(new.segments[depth]):
                    waiting.append((child, depth + 1, relation.then(step)))
            elif new.rest is None:
                for entry in node.ends:
                    yield entry, relation
            else:
                yield from _under_rest(node, new, relation, contained)

    def _list_of(self, pattern: Pattern) -> list[Entry[T]]:
        node = self._root
        for segment in pattern.segments:
            node = node.child(segment)
        return node.ends if pattern.rest is None else node.rests


def _under_rest(
    node: _Node[T], new: Pattern, relation: Relation, contained: bool
) -> Iterator[tuple[Entry[T], Relation]]:
    """What the rest of `new` takes: everything below the node."""
    for entry in node.rests:
        yield entry, relation
    if relation in (Relation.EQUAL, Relation.SUPERSET) and not contained:
        return
    depth = len(new.segments)
    for entry in node.below():
        if len(entry.pattern.segments) > depth and takes_rest(new, entry.pattern, depth):
            yield entry, relation.then(Relation.SUPERSET)
