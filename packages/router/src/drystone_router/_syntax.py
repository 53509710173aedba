"""The route language: text to patterns.

/users/{id}              a parameter: any text without a slash, at least one character
/users/{id:int}          converted; the converters are in _converters.py
/files/{rest:path}       what is left of the path, only at the end
/c/{code:re([A-Z]{3})}   a regular expression for one segment
/{name}.json  /v{n:int}  text before and after
/users/{id?}             an optional last segment: also /users
/a{{b}}                  braces themselves: /a{b}
"""

import re
from collections.abc import Mapping
from typing import Any

from drystone_router._converters import PATH, Converter, regex
from drystone_router._errors import RouteError
from drystone_router._path import DOTS
from drystone_router._pattern import Pattern
from drystone_router._segment import Parameter, Segment

_PIECES = {
    separator: re.compile(
        rf"(?P<literal>(?:[^{{}}{separator}]|\{{\{{|\}}\}})+)|(?P<separator>[{separator}])|(?P<open>\{{)"
    )
    for separator in "/."
}
_SPECIFICATION = re.compile(
    r"(?P<name>[^\W\d]\w*)(?::(?:(?P<kind>[^\W\d]\w*)|re\((?P<regex>.*)\)))?(?P<optional>\?)?",
    re.DOTALL,
)
_FOREIGN = re.compile(r"/(<(?:\w+:)?\w+>)(?=/|$)")  # what Flask, Django and Bottle write
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")

# The segments of "/".
_ROOT = (Segment(("",)),)

Converters = Mapping[str, Converter[Any]]


def parse(text: str, converters: Converters) -> tuple[Pattern, ...]:
    """The patterns of a route: one, or more where the last segment is optional.

    Raises:
        RouteError: what is wrong, and where in the text.
    """
    try:
        if text and not text.startswith("/"):
            raise RouteError("it must start with '/'")
        if foreign := _FOREIGN.search(text):
            raise RouteError(
                f"{foreign[1]} is text here: write a parameter as {{name}}, {{name:int}}"
            )
        return _Parser(text, converters, "/").patterns()
    except RouteError as error:
        raise RouteError(f"path {text!r}: {error}") from None


def parse_host(text: str, converters: Converters) -> Pattern:
    """The pattern of a host, its labels as segments: `{tenant}.example.org`.

    Raises:
        RouteError: as `parse`; also for a port, a path or an optional parameter, and for an empty
            label.
    """
    try:
        if not text or ":" in re.sub(r"\{[^}]*", "", text):
            raise RouteError("it must be a name without a port")
        if text.startswith("*"):
            raise RouteError("'*' is text here: write {name} for a label that may be anything")
        patterns = _Parser(f".{text}", converters, ".").patterns()
        if len(patterns) > 1 or patterns[0].rest is not None or text.endswith("."):
            raise RouteError("its labels cannot be optional, a path, or empty")
    except RouteError as error:
        raise RouteError(f"host {text!r}: {error}") from None
    return Pattern(text, tuple(map(_lowered, patterns[0].segments)))


def parse_prefix(text: str, converters: Converters) -> Pattern:
    """The pattern that stands before the routes of an included router: `""` or `/a/{b}`.

    Raises:
        RouteError: as `parse`, and a prefix that ends with a slash, a path or an option.
    """
    patterns = parse(text, converters)
    if text.endswith("/"):
        raise RouteError(f"prefix {text!r} ends with '/': the paths under it bring their own")
    if len(patterns) > 1 or patterns[0].rest is not None:
        raise RouteError(f"prefix {text!r} cannot end with an optional or a path parameter")
    return patterns[0]


class _Parser:
    """One walk over the text; `_literals` and `_parameters` are those of the segment being read."""

    def __init__(self, text: str, converters: Converters, separator: str) -> None:
        self._text = text
        self._match_piece = _PIECES[separator].match
        self._converters = converters
        self._segments: list[Segment] = []
        self._literals = [""]
        self._parameters: list[Parameter] = []
        self._optional = False

    def patterns(self) -> tuple[Pattern, ...]:
        if not self._text:
            return (Pattern("", ()),)
        position = 1
        while position < len(self._text):
            position = self._piece(position)
        if self._parameters and self._parameters[-1].converter is PATH:
            return self._ending_in_rest()
        self._end_segment(last=True)
        return self._ending_in_segment()

    def _piece(self, position: int) -> int:
        """Read what begins at `position`; gives where the next piece begins."""
        found = self._match_piece(self._text, position)
        if found is None:
            raise RouteError(f"'}}' at offset {position} closes nothing; write '}}}}' for a brace")
        if found["literal"]:
            self._literals[-1] += found["literal"].replace("{{", "{").replace("}}", "}")
        elif found["separator"]:
            self._end_segment(last=False)
        else:
            end = _closing_brace(self._text, position)
            self._parameter(self._text[position + 1 : end])
            return end + 1
        return found.end()

    def _parameter(self, specification: str) -> None:
        found = _SPECIFICATION.fullmatch(specification)
        if found is None:
            raise RouteError(
                f"{{{specification}}} is no parameter: write {{name}}, {{name:converter}}, "
                f"{{name:re(pattern)}} or {{name?}}"
            )
        if found["name"] in self._names():
            raise RouteError(f"parameter {found['name']!r} stands there twice")
        self._optional = bool(found["optional"])
        self._parameters.append(self._converted(found["name"], found["kind"], found["regex"]))
        self._literals.append("")

    def _converted(self, name: str, kind: str | None, pattern: str | None) -> Parameter:
        if pattern is not None:
            return Parameter(name, regex(pattern), f"re({pattern})")
        kind = kind or "str"
        if kind not in self._converters:
            known = ", ".join(sorted(self._converters))
            raise RouteError(f"no converter is called {kind!r}; there are {known}, re(...)")
        return Parameter(name, self._converters[kind], kind)

    def _names(self) -> set[str]:
        before = {p.name for segment in self._segments for p in segment.parameters}
        return before | {parameter.name for parameter in self._parameters}

    def _end_segment(self, *, last: bool) -> None:
        """Close the segment being read: a separator or the end of the text is reached."""
        if any(parameter.converter is PATH for parameter in self._parameters):
            raise RouteError(
                f"a path parameter takes all that is left: {{{self._parameters[-1].name}:path}} "
                f"must be the whole last segment"
            )
        if self._optional and not (last and self._literals == ["", ""]):
            raise RouteError("only a parameter that is the whole last segment can be optional")
        if not self._parameters:
            _check_literal(self._literals[0], last=last)
        for literal in self._literals:
            _refuse_escape(literal)
        self._segments.append(Segment(tuple(self._literals), tuple(self._parameters)))
        self._literals, self._parameters = [""], []

    def _ending_in_segment(self) -> tuple[Pattern, ...]:
        whole = Pattern(self._text, tuple(self._segments))
        if not self._optional:
            return (whole,)
        return (whole, Pattern(self._text, whole.segments[:-1] or _ROOT))

    def _ending_in_rest(self) -> tuple[Pattern, ...]:
        if len(self._parameters) > 1 or self._literals != ["", ""]:
            self._end_segment(last=True)
        before = tuple(self._segments)
        whole = Pattern(self._text, before, self._parameters[0])
        if not self._optional:
            return (whole,)
        slash = Pattern(self._text, (*before, *_ROOT))
        return (whole, Pattern(self._text, before), slash) if before else (whole, slash)


def _lowered(label: Segment) -> Segment:
    """Hosts are compared in lower case; names and expressions in braces stay as they are."""
    return Segment(tuple(text.lower() for text in label.literals), label.parameters)


def _closing_brace(text: str, start: int) -> int:
    """Where the brace at `start` closes; a regular expression may hold pairs of its own."""
    depth = 0
    in_class = False
    position = start
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return position
        position += 1
    raise RouteError(f"the '{{' at offset {start} is never closed")


def _check_literal(text: str, *, last: bool) -> None:
    if not text and not last:
        raise RouteError("it has an empty segment ('//'), which no path matches")
    if text in DOTS:
        raise RouteError(f"it has a dot segment ({text!r}), which no path matches")


def _refuse_escape(literal: str) -> None:
    escape = _ESCAPE.search(literal)
    if escape:
        raise RouteError(
            f"it holds the percent-escape {escape[0]}: write the character itself, "
            f"paths are compared decoded"
        )
