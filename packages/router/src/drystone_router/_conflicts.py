"""The message of a conflict: both routes, where each was added, a path they share, what to do."""

from drystone_router._index import Entry
from drystone_router._methods import answered_by_both, named_by_both
from drystone_router._pattern import Pattern
from drystone_router._relation import Relation, compare_languages
from drystone_router._route import T
from drystone_router._segment import Segment


def conflict_between(new: Entry[T], old: Entry[T], relation: Relation) -> str | None:
    """Why the two cannot stand beside each other; None when they can."""
    mine, theirs = new.route.methods, old.route.methods
    if relation is Relation.EQUAL and named_by_both(mine, theirs):
        return (
            f"{_both(new, old)} match the same paths with the same methods: "
            f"remove one, or tell them apart by a converter"
        )
    if relation is Relation.CROSSING and answered_by_both(mine, theirs):
        return (
            f"{_both(new, old)} both match {example(new.pattern, old.pattern)!r}, and neither is "
            f"more specific: change one so that it matches only part of what the other does"
        )
    return None


def host_conflict(new: Entry[T], old: Entry[T]) -> str | None:
    """The same for two routes on hosts of which neither is more specific."""
    if not answered_by_both(new.route.methods, old.route.methods):
        return None
    return (
        f"{_both(new, old)} both match some host and path, and neither host is more specific: "
        f"change one host so that it matches only part of what the other does"
    )


def example(left: Pattern, right: Pattern) -> str:
    """A path that both patterns match."""
    longer, shorter = sorted((left, right), key=lambda p: len(p.segments), reverse=True)
    texts = [_shared(*pair) for pair in zip(left.segments, right.segments, strict=False)]
    texts += [_shared(segment, segment) for segment in longer.segments[len(shorter.segments) :]]
    if longer.rest is not None:
        texts.append("x")
    return "".join(f"/{text}" for text in texts)


def _shared(left: Segment, right: Segment) -> str:
    for segment in (left, right):
        if segment.static is not None:
            return segment.static
    return compare_languages(left.language, right.language).example or "x"


def _both(new: Entry[T], old: Entry[T]) -> str:
    return f"{new.route} ({new.route.location}) and {old.route} ({old.route.location})"
