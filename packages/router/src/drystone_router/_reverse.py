"""From a route's name and parameters back to a path."""

import re
from typing import Any
from urllib.parse import quote

from drystone_router._errors import UrlError
from drystone_router._path import DOTS
from drystone_router._pattern import Pattern
from drystone_router._route import Route, T

_LABEL = re.compile("[A-Za-z0-9_-]+")
# What may stand in a segment unencoded (pchar, RFC 3986 section 3.3) beside what quote leaves
# alone.
PATH_CHARACTERS = "!$&'()*+,;=:@"


def url_of(route: Route[T], params: dict[str, Any], *, encoded: bool) -> str:
    """The path of a route, `//host/path` where it names a host.

    Raises:
        UrlError: a parameter is missing, unknown, or not one that the route would match.
    """
    pattern = _chosen(route, params)
    path = "".join(f"/{_written(text, encoded)}" for text in _texts(route, pattern, params))
    if route.host_pattern is None:
        return _on_this_site(path) if encoded else path
    labels = _texts(route, route.host_pattern, params)
    for label in labels:
        if not _LABEL.fullmatch(label):
            raise UrlError(f"{_name(route)}: {label!r} is no label of a host")
    return f"//{'.'.join(labels)}{path}"


def _chosen(route: Route[T], params: dict[str, Any]) -> Pattern:
    """The route's pattern that has just these parameters."""
    of_host = route.host_pattern.parameters if route.host_pattern is not None else {}
    needed = [{*of_host, *pattern.parameters} for pattern in route.patterns]
    for pattern, names in zip(route.patterns, needed, strict=True):
        if names == params.keys():
            return pattern
    missing = sorted(needed[-1] - params.keys())
    if missing:
        raise UrlError(f"{_name(route)} needs {', '.join(map(repr, missing))}")
    unknown = sorted(params.keys() - needed[0])
    raise UrlError(
        f"{_name(route)} has no parameter {', '.join(map(repr, unknown))}: "
        f"a query has to be added to the result"
    )


def _texts(route: Route[T], pattern: Pattern, params: dict[str, Any]) -> list[str]:
    """The decoded segments."""
    texts: list[str] = []
    for segment in pattern.segments:
        try:
            texts.append(segment.write(params))
        except ValueError as error:
            raise UrlError(f"{_name(route)}: {error}") from None
    if pattern.rest is not None:
        rest = params[pattern.rest.name]
        if not isinstance(rest, str) or not rest:
            raise UrlError(f"{_name(route)}: {pattern.rest.name!r}: takes a text, not {rest!r}")
        texts += rest.split("/")
    return texts


def _written(text: str, encoded: bool) -> str:
    if not encoded:
        return text
    if not DOTS.isdisjoint(text.split("/")):
        raise UrlError(f"{text!r} holds a dot segment, which no path keeps")
    try:
        return quote(text, safe=PATH_CHARACTERS)
    except UnicodeEncodeError:
        raise UrlError(f"{text!r} holds half of a surrogate pair, which no URL can") from None


def _on_this_site(path: str) -> str:
    """`//x`, which a client would take for a host, with its second slash encoded.

    Only what a path parameter takes can begin so, and it reads the same.
    """
    return f"/%2F{path[2:]}" if path.startswith("//") else path


def _name(route: Route[T]) -> str:
    return f"route {route.name!r} ({route.pattern})"
