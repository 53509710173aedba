"""From the segments of a path to a Match: the source of it, and one small function for each route.

It is written out as Python source, since a dictionary display with the places in it takes a third
of the time of any loop. For `/repos/{owner}/issues/{number:int}` it is

    t2 = s[2]
    t4 = s[4]
    if t2 and t4.isdecimal() and t4.isascii() and len(t4) <= 18:
        match = Match()
        match.value = value
        match.params = {n2_0: t2, n4_0: int(t4)}
        match.route = route
        return match

The source depends on the places and kinds of the parameters only, so a large table needs few of
them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from drystone_router._converters import INT, INT_DIGITS
from drystone_router._pattern import Pattern
from drystone_router._route import Match, Route, T
from drystone_router._segment import Segment
from drystone_router._written import written

# Takes the decoded segments, with "" before the first slash; None where a parameter does not fit.
Build = Callable[[list[str]], Match[T] | None]


@dataclass
class Form:
    """The source for patterns of one form.

    Attributes:
        reading: lines that take the texts and convert those that have a converter of their own.
        conditions: what must hold of the texts.
        entries: the items of the dictionary of parameters.
        calls: whether a converter is called, which needs a function to leave when it refuses.
    """

    reading: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    calls: bool = False

    def lines(self) -> list[str]:
        """The whole source; it falls through where the path does not fit."""
        return [
            *self.reading,
            f"if {' and '.join(self.conditions) or 'True'}:",
            "    match = Match()",
            "    match.value = value",
            f"    match.params = {{{', '.join(self.entries)}}}",
            "    match.route = route",
            "    return match",
        ]


def form_of(pattern: Pattern) -> Form:
    """The form of a pattern."""
    form = Form()
    for place, segment in enumerate(pattern.segments, 1):
        if segment.parameters:
            _read_segment(form, segment, place)
    if pattern.rest is not None:
        form.reading.append(f"t = '/'.join(s[{len(pattern.segments) + 1}:])")
        form.conditions.append("t")
        form.entries.append("n: t")
    return form


def constants_of(route: Route[T], pattern: Pattern) -> dict[str, object]:
    """What the source speaks of by name: the route, the names of its parameters, its converters."""
    found: dict[str, object] = {"value": route.value, "route": route}
    for place, segment in enumerate(pattern.segments, 1):
        for number, parameter in enumerate(segment.parameters):
            found[f"n{place}_{number}"] = parameter.name
        if not _is_inline(segment):
            found[f"r{place}"] = segment.read
    if pattern.rest is not None:
        found["n"] = pattern.rest.name
    return found


def builder(route: Route[T], pattern: Pattern) -> Build[T]:
    """The function that reads the parameters of `pattern` where its literal segments fit."""
    constants = {"Match": Match, **constants_of(route, pattern)}
    make = written("s", tuple(form_of(pattern).lines()), tuple(constants))
    build: Build[T] = make(*constants.values())
    return build


def first_of(builds: list[Build[T]]) -> Build[T]:
    """A function that tries several, the more specific first."""
    if len(builds) == 1:
        return builds[0]

    def build(segments: list[str]) -> Match[T] | None:
        for each in builds:
            found = each(segments)
            if found is not None:
                return found
        return None

    return build


def _is_inline(segment: Segment) -> bool:
    """Whether no converter has to be called: literal, `{name}` or `{name:int}`."""
    return not segment.parameters or segment.plain or _is_int(segment)


def _is_int(segment: Segment) -> bool:
    return segment.literals == ("", "") and segment.parameters[0].converter is INT


def _read_segment(form: Form, segment: Segment, place: int) -> None:
    text = f"t{place}"
    if not _is_inline(segment):
        form.calls = True
        form.reading += [
            f"try: {text} = r{place}(s[{place}])",
            "except ValueError: return None",
        ]
        form.entries += (f"n{place}_{i}: {text}[{i}]" for i in range(len(segment.parameters)))
        return
    form.reading.append(f"{text} = s[{place}]")
    if segment.plain:
        form.conditions.append(text)
        form.entries.append(f"n{place}_0: {text}")
    else:
        form.conditions.append(
            f"{text}.isdecimal() and {text}.isascii() and len({text}) <= {INT_DIGITS}"
        )
        form.entries.append(f"n{place}_0: int({text})")
