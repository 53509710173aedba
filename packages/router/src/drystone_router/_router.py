"""`Router[T]`: add routes, match a method and a path."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote

from drystone_router._errors import MethodNotAllowed, NotFound, RouteConflict, RouteError

T = TypeVar("T")

_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Route(Generic[T]):
    """One registration: a pattern, the methods it answers and the value it leads to."""

    pattern: str
    methods: tuple[str, ...]
    value: T
    name: str | None


@dataclass(slots=True)
class Match(Generic[T]):
    """What `Router.match` found."""

    value: T
    params: dict[str, Any]
    route: Route[T]

    @property
    def pattern(self) -> str:
        """The pattern as it was added, such as `/users/{id}`: the form for logs and metrics."""
        return self.route.pattern

    @property
    def name(self) -> str | None:
        """The name of the route."""
        return self.route.name


class Router(Generic[T]):
    """Maps a method and a path to a value of type T."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str | None, ...], dict[str, Route[T]]] = {}
        self._lock = threading.Lock()

    def add_route(
        self, path: str, value: T, methods: Iterable[str] = ("GET",), name: str | None = None
    ) -> None:
        """Let `value` answer `methods` at `path`.

        Raises:
            RouteError: the path or a method is malformed, or a route like it exists.
        """
        shape = _shape(path)
        route = Route(path, tuple(methods), value, name)
        with self._lock:
            known = self._routes.setdefault(shape, {})
            for method in route.methods:
                if method in known:
                    raise RouteConflict(
                        f"{method} {path} would answer what {known[method].pattern} answers"
                    )
            for method in route.methods:
                known[method] = route

    def add_routes(self, routes: Iterable[tuple[str, T] | tuple[str, T, Iterable[str]]]) -> None:
        """Add each (path, value) or (path, value, methods)."""
        for route in routes:
            self.add_route(*route)

    def match(self, method: str, path: str) -> Match[T]:
        """The value for `method` and the raw, still percent-encoded `path`.

        Raises:
            NotFound: no pattern matches the path.
            MethodNotAllowed: patterns match, none with this method.
        """
        try:
            segments = [_decode(s) for s in path.split("/")]
        except ValueError as error:
            raise NotFound(path, str(error)) from None
        allowed: set[str] = set()
        for shape in sorted(self._routes, key=lambda s: [part is None for part in s]):
            if not _fits(shape, segments):
                continue
            known = self._routes[shape]
            route = known.get(method) or (known.get("GET") if method == "HEAD" else None)
            if route is not None:
                names = [m[1] for m in _PARAMETER.finditer(route.pattern)]
                values = [s for p, s in zip(shape, segments, strict=True) if p is None]
                return Match(route.value, dict(zip(names, values, strict=True)), route)
            allowed.update(known, ("HEAD",) if "GET" in known else ())
        if allowed:
            raise MethodNotAllowed(method, path, tuple(sorted(allowed)))
        raise NotFound(path, "no pattern has these segments")

    def url_for(self, name: str, **params: str) -> str:
        """The path of the route called `name`, with `params` filled in and percent-encoded."""
        for known in self._routes.values():
            for route in known.values():
                if route.name == name:
                    return _PARAMETER.sub(lambda m: quote(params[m[1]], safe=""), route.pattern)
        raise LookupError(f"no route is named {name!r}")


def _shape(path: str) -> tuple[str | None, ...]:
    if not path.startswith("/"):
        raise RouteError(f"path {path!r} must start with '/'")
    return tuple(None if _PARAMETER.fullmatch(s) else s for s in path.split("/"))


def _fits(shape: tuple[str | None, ...], segments: list[str]) -> bool:
    if len(shape) != len(segments):
        return False
    return all(s if p is None else p == s for p, s in zip(shape, segments, strict=True))


def _decode(segment: str) -> str:
    if "%" not in segment:
        return segment
    if _MALFORMED.search(segment):
        raise ValueError(f"malformed percent-escape in {segment!r}")
    return unquote(segment, errors="strict")
