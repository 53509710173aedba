"""One segment of a pattern: literal text, parameters, or both.

`literals` stand around `parameters`, so there is always one more of them:

    users            => literals ("users",)       parameters ()
    {id:int}         => literals ("", "")         parameters (id,)
    v{major}.{minor} => literals ("v", ".", "")   parameters (major, minor)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from drystone_router._ambiguity import ways_of
from drystone_router._automaton import Unprovable
from drystone_router._converters import STR, Converter
from drystone_router._errors import RouteError
from drystone_router._relation import Relation, compare_languages

_ANY_TEXT = r"[\s\S]+"


@dataclass(frozen=True)
class Parameter:
    """A name for a piece of the path, and what converts it; `kind` is the converter as written."""

    name: str
    converter: Converter[Any]
    kind: str


@dataclass(frozen=True)
class Segment:
    """What one segment of the path must be."""

    literals: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    read: Callable[[str], tuple[Any, ...]] = field(init=False, repr=False, compare=False)
    shape: tuple[object, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        readers = (self._read_static, self._read_one, _reader_of_many(self))
        object.__setattr__(self, "read", readers[min(len(self.parameters), 2)])
        # Two segments of one shape take the same texts, whatever their parameters are called.
        shape = (*self.literals, *(parameter.converter for parameter in self.parameters))
        object.__setattr__(self, "shape", shape)

    @property
    def static(self) -> str | None:
        """The text of a segment without parameters."""
        return None if self.parameters else self.literals[0]

    @property
    def plain(self) -> bool:
        """Whether this is a whole segment of any text, `{name}`."""
        return self.literals == ("", "") and self.parameters[0].converter is STR

    def accepts(self, text: str) -> bool:
        """Whether `text` (decoded, not empty) fits."""
        try:
            self.read(text)
        except ValueError:
            return False
        return True

    def write(self, values: dict[str, Any]) -> str:
        """The decoded text of the segment with the parameters' values in it.

        Raises:
            ValueError: a value is not one that its converter would give.
        """
        parts = [self.literals[0]]
        for parameter, literal in zip(self.parameters, self.literals[1:], strict=True):
            try:
                parts.append(parameter.converter.write(values[parameter.name]))
            except (ValueError, TypeError) as error:
                raise ValueError(f"{parameter.name!r}: {error}") from None
            parts.append(literal)
        return "".join(parts)

    @property
    def language(self) -> str:
        """A regular expression for the texts that fit; wider than those where a converter is
        opaque.
        """
        parts = [re.escape(self.literals[0])]
        for index, parameter in enumerate(self.parameters):
            pattern = parameter.converter.pattern or _ANY_TEXT
            parts += (f"(?P<_{index}>{pattern})", re.escape(self.literals[index + 1]))
        return "".join(parts)

    @property
    def opaque(self) -> bool:
        """Whether a converter without a pattern decides, so that nobody can know what fits."""
        return any(p.converter.pattern is None and p.converter is not STR for p in self.parameters)

    def _read_static(self, text: str) -> tuple[Any, ...]:
        if text != self.literals[0]:
            raise ValueError(f"{text!r} is not {self.literals[0]!r}")
        return ()

    def _read_one(self, text: str) -> tuple[Any, ...]:
        before, after = self.literals
        end = len(text) - len(after)
        if not (text.startswith(before) and text.endswith(after) and end > len(before)):
            raise ValueError(f"{text!r} is not {before!r}, some text, {after!r}")
        parameter = self.parameters[0]
        try:
            return (parameter.converter.read(text[len(before) : end]),)
        except ValueError as error:
            raise ValueError(f"{parameter.name!r} is no {parameter.kind}: {error}") from None


def _reader_of_many(segment: Segment) -> Callable[[str], tuple[Any, ...]]:
    """A function from the text of a segment to the values of its several parameters."""
    if len(segment.parameters) < 2:
        return lambda text: ()
    _check_unambiguous(segment)
    fullmatch = re.compile(segment.language, re.ASCII).fullmatch

    def read(text: str) -> tuple[Any, ...]:
        found = fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} does not match {segment.language}")
        return tuple(
            parameter.converter.read(found[f"_{index}"])
            for index, parameter in enumerate(segment.parameters)
        )

    return read


def _check_unambiguous(segment: Segment) -> None:
    names = " and ".join(repr(parameter.name) for parameter in segment.parameters)
    if segment.opaque:
        raise RouteError(
            f"{names} share a segment, so each of their converters needs a pattern of its own"
        )
    try:
        ways = ways_of(segment.language).accepting
    except Unprovable:
        ways = 2
    if ways > 1:
        raise RouteError(
            f"{names} share a segment that could be split between them in several ways: "
            f"use converters whose text cannot contain what stands between, such as "
            f"{{name:int}} or {{name:re([a-z]+)}}"
        )


def compare(left: Segment, right: Segment) -> Relation:
    """How the texts that fit `left` lie to those that fit `right`."""
    if left.shape == right.shape:
        return Relation.EQUAL
    if left.static is not None:
        return Relation.SUBSET if right.accepts(left.static) else Relation.DISJOINT
    if right.static is not None:
        return Relation.SUPERSET if left.accepts(right.static) else Relation.DISJOINT
    if right.plain:
        return Relation.SUBSET
    if left.plain:
        return Relation.SUPERSET
    if _literals_differ(left, right):
        return Relation.DISJOINT
    relation = compare_languages(left.language, right.language).relation
    if left.opaque and right.opaque:
        return relation if relation is Relation.DISJOINT else Relation.CROSSING
    if left.opaque:
        return _WIDER_THAN_TRUE.get(relation, Relation.CROSSING)
    if right.opaque:
        return _WIDER_THAN_TRUE.get(relation.reversed(), Relation.CROSSING).reversed()
    return relation


def _literals_differ(left: Segment, right: Segment) -> bool:
    """Whether the two begin or end with literal text that cannot stand in one segment."""
    one, other = left.literals, right.literals
    return not (
        (one[0].startswith(other[0]) or other[0].startswith(one[0]))
        and (one[-1].endswith(other[-1]) or other[-1].endswith(one[-1]))
    )


# An opaque segment's true set lies somewhere inside the one compared, so only these verdicts stand.
_WIDER_THAN_TRUE = {
    Relation.DISJOINT: Relation.DISJOINT,
    Relation.SUBSET: Relation.SUBSET,
    Relation.EQUAL: Relation.SUBSET,
}
