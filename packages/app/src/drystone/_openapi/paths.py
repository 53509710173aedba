"""The pattern of a route as OpenAPI writes paths, and what it says of its parameters.

>>> [template.path for template in templates("/users/{id:int}/{page?}")]
['/users/{id}/{page}', '/users/{id}']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_PARAMETER = re.compile(r"(\w+)(?::(?:re\((.*)\)|(\w+)))?(\?)?", re.DOTALL)

# What the router's own converters take. A parameter of another one is text to those outside.
_KINDS: dict[str | None, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 0},
    "float": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
}


@dataclass(frozen=True, slots=True)
class Template:
    """A path with ``{name}`` for each parameter.

    Attributes:
        path: percent-encoded, but for the braces around names.
        parameters: the schema that the pattern alone gives each of them.
    """

    path: str
    parameters: dict[str, dict[str, Any]]

    @property
    def shape(self) -> str:
        """The path without names: OpenAPI has one path item for paths of one shape."""
        return re.sub(r"\{\w+\}", "{}", self.path)


def names_in(path: str) -> list[str]:
    """The names of the parameters of a template."""
    return re.findall(r"\{(\w+)\}", path)


def templates(pattern: str) -> list[Template]:
    """The paths of a pattern: two, where its last segment is optional."""
    path, parameters, optional = "", dict[str, dict[str, Any]](), False
    for literal, specification in _pieces(pattern):
        path += quote(literal, safe="/:@!$&'()*+,;=~")
        found = _PARAMETER.fullmatch(specification)
        if found is not None:
            name, expression, kind, mark = found.groups()
            path += f"{{{name}}}"
            optional = mark is not None
            parameters[name] = _schema(expression, kind)
    whole = Template(path, parameters)
    if not optional:
        return [whole]
    *others, last = parameters
    shorter = path.removesuffix(f"/{{{last}}}") or "/"
    return [whole, Template(shorter, {name: parameters[name] for name in others})]


def _schema(expression: str | None, kind: str | None) -> dict[str, Any]:
    if expression is not None:
        return {"type": "string", "pattern": f"^(?:{expression})$"}
    return _KINDS.get(kind, {"type": "string"})


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """Literal text, and the parameter behind it without its braces; ``""`` where none is left."""
    literal, position = "", 0
    while position < len(pattern):
        character = pattern[position]
        if character in "{}" and pattern[position + 1 : position + 2] == character:
            position += 1  # a doubled brace is the character
        elif character == "{":
            end = _closing_brace(pattern, position)
            yield literal, pattern[position + 1 : end]
            literal, position = "", end + 1
            continue
        literal += character
        position += 1
    yield literal, ""


def _closing_brace(pattern: str, start: int) -> int:
    """Where the brace at `start` closes, or the pattern ends.

    A regular expression may hold pairs, and lone ones in classes or behind a backslash.
    """
    depth, in_class, position = 0, False, start
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                break
        position += 1
    return position
