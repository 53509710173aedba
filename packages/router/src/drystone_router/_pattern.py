"""A route's whole path: parsed segments, read against a path and compared with another pattern."""

from dataclasses import dataclass
from typing import Any

from drystone_router._converters import Converter
from drystone_router._errors import RouteError
from drystone_router._path import Path
from drystone_router._relation import Relation
from drystone_router._segment import Parameter, Segment, compare


@dataclass(frozen=True)
class Pattern:
    """`/a/{b}/{rest:path}` => segments (a, {b}), rest the parameter of that name.

    `rest` takes what is left of the path, slashes included, at least one character.
    A trailing slash is a last segment of empty text.
    """

    text: str
    segments: tuple[Segment, ...]
    rest: Parameter | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """Patterns of one shape are written alike but for the names of their parameters."""
        return (*(segment.shape for segment in self.segments), self.rest is None)

    @property
    def parameters(self) -> dict[str, Converter[Any]]:
        """The converter of each parameter, in the order of the path."""
        found = {p.name: p.converter for s in self.segments for p in s.parameters}
        if self.rest is not None:
            found[self.rest.name] = self.rest.converter
        return found

    def read(self, path: Path) -> dict[str, Any]:
        """The parameters, one segment after the other: the definition that all else must follow.

        Raises:
            MismatchError: the path does not fit; it says how many segments did.
        """
        values: dict[str, Any] = {}
        count = len(self.segments)
        for index, (segment, text) in enumerate(zip(self.segments, path.segments, strict=False)):
            try:
                found = segment.read(text)
            except ValueError as error:
                raise MismatchError(index, f"segment {index + 1}: {error}") from None
            values.update(zip((p.name for p in segment.parameters), found, strict=True))
        if self.rest is None:
            if len(path.segments) != count:
                raise MismatchError(
                    min(count, len(path.segments)),
                    f"it has {count} segments, the path {len(path.segments)}",
                )
            return values
        values[self.rest.name] = path.rest(count)
        if not values[self.rest.name]:
            raise MismatchError(count, f"nothing is left for {self.rest.name!r}")
        return values


class MismatchError(ValueError):
    """A path does not fit a pattern; `fitting` leading segments did."""

    def __init__(self, fitting: int, reason: str) -> None:
        super().__init__(reason)
        self.fitting = fitting


def joined(prefix: Pattern, pattern: Pattern) -> Pattern:
    """The pattern of a route under a prefix: `/t/{tenant}` and `/users/` =>
    `/t/{tenant}/users/`.
    """
    twice = prefix.parameters.keys() & pattern.parameters.keys()
    if twice:
        raise RouteError(
            f"parameter {min(twice)!r} stands in the prefix {prefix.text!r} and in {pattern.text!r}"
        )
    return Pattern(prefix.text + pattern.text, prefix.segments + pattern.segments, pattern.rest)


def under(prefix: Pattern, patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns of a route under a prefix: what the prefix and the route as one text would give.

    Only an optional parameter straight after the prefix is not just put behind it: `/{page?}` alone
    is also `/`, and under `/blog` also `/blog`.
    """
    found = tuple(joined(prefix, pattern) for pattern in patterns)
    whole = found[0]
    if not prefix.segments or len(patterns) != 2 or patterns[1].segments[0].static != "":
        return found
    without = Pattern(whole.text, prefix.segments)
    return (whole, without) if whole.rest is None else (whole, without, found[1])


def compare_patterns(left: Pattern, right: Pattern) -> Relation:
    """How the paths that fit `left` lie to those that fit `right`."""
    shared = min(len(left.segments), len(right.segments))
    relation = Relation.EQUAL
    for one, other in zip(left.segments, right.segments, strict=False):
        relation = relation.then(compare(one, other))
    return relation.then(_compare_tails(left, right, shared))


def _compare_tails(left: Pattern, right: Pattern, shared: int) -> Relation:
    """After `shared` segments at least one of the two has at most its `rest` left."""
    if len(left.segments) == len(right.segments):
        if (left.rest is None) == (right.rest is None):
            return Relation.EQUAL
        return Relation.DISJOINT
    if len(left.segments) < len(right.segments):
        return Relation.SUPERSET if takes_rest(left, right, shared) else Relation.DISJOINT
    return Relation.SUBSET if takes_rest(right, left, shared) else Relation.DISJOINT


def takes_rest(shorter: Pattern, longer: Pattern, shared: int) -> bool:
    """Whether the shorter pattern's rest can take what the longer one has left."""
    if shorter.rest is None:
        return False
    left = longer.segments[shared:]
    only_a_slash = len(left) == 1 and left[0].static == "" and longer.rest is None
    return not only_a_slash
