"""From the segments of a path to a Match: one small function for each route.

The function is written out as Python source, since a dictionary display with the indexes in it
takes a third of the time of any loop. For `/repos/{owner}/issues/{number:int}` it is

    def build(s):
        t2 = s[2]
        if not t2:
            return None
        t4 = s[4]
        if not (t4.isdecimal() and t4.isascii() and len(t4) <= 18):
            return None
        return Match(value, {n2: t2, n4: int(t4)}, route)

The source depends on the places and kinds of the parameters only, so a large table needs few of
them.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from drystone_router._converters import INT, INT_DIGITS
from drystone_router._pattern import Pattern
from drystone_router._route import Match, Route, T
from drystone_router._segment import Segment

# Takes the decoded segments, with "" before the first slash; None where a parameter does not fit.
Build = Callable[[list[str]], Match[T] | None]


def builder(route: Route[T], pattern: Pattern) -> Build[T]:
    """The function that reads the parameters of `pattern` where its literal segments fit."""
    lines: list[str] = []
    entries: list[str] = []
    arguments: dict[str, object] = {"Match": Match, "value": route.value, "route": route}
    last = len(pattern.segments)
    for place, segment in enumerate(pattern.segments, 1):
        for number, parameter in enumerate(segment.parameters):
            arguments[f"n{place}_{number}"] = parameter.name
        if segment.parameters:
            arguments[f"r{place}"] = segment.read
            _add_segment(segment, place, lines, entries)
    if pattern.rest is not None:
        arguments["n"] = pattern.rest.name
        lines += [f"t = '/'.join(s[{last + 1}:])", "if not t: return None"]
        entries.append("n: t")
    lines.append(f"return Match(value, {{{', '.join(entries)}}}, route)")
    build: Build[T] = _factory(tuple(lines), tuple(arguments))(*arguments.values())
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


def _add_segment(segment: Segment, place: int, lines: list[str], entries: list[str]) -> None:
    text = f"s[{place}]"
    if segment.plain:
        name = f"t{place}"
        lines.append(f"{name} = {text}")
        lines.append(f"if not {name}: return None")
        entries.append(f"n{place}_0: {name}")
    elif segment.literals == ("", "") and segment.parameters[0].converter is INT:
        name = f"t{place}"
        lines += [
            f"{name} = {text}",
            f"if not ({name}.isdecimal() and {name}.isascii() and len({name}) <= {INT_DIGITS}):",
            "    return None",
        ]
        entries.append(f"n{place}_0: int({name})")
    else:
        lines += [
            f"try: v{place} = r{place}({text})",
            "except ValueError: return None",
        ]
        entries += (f"n{place}_{i}: v{place}[{i}]" for i in range(len(segment.parameters)))


@lru_cache(maxsize=4096)
def _factory(lines: tuple[str, ...], arguments: tuple[str, ...]) -> Callable[..., Any]:
    body = "".join(f"        {line}\n" for line in lines)
    source = f"def factory({', '.join(arguments)}):\n    def build(s):\n{body}    return build\n"
    namespace: dict[str, Any] = {}
    # Only places and fixed words are in the source; whatever users wrote comes as an argument.
    exec(compile(source, "<drystone_router>", "exec"), namespace)  # noqa: S102
    made: Callable[..., Any] = namespace["factory"]
    return made
