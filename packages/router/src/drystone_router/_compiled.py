"""Everything a router needs to answer, made once from its routes and never changed."""

from dataclasses import dataclass
from typing import Any, Generic, Literal

from drystone_router._errors import (
    AutomaticOptions,
    MethodNotAllowed,
    NotFound,
    Redirect,
    RoutingError,
    UrlError,
)
from drystone_router._hosts import Hosts
from drystone_router._index import Entry
from drystone_router._pattern import Pattern
from drystone_router._reverse import url_of
from drystone_router._route import Match, Route, T
from drystone_router._table import Table

TrailingSlash = Literal["strict", "redirect", "ignore"]


@dataclass(frozen=True)
class Options:
    """How paths are read, and what is answered without a route."""

    trailing_slash: TrailingSlash
    answer_options: bool
    encoded: bool


class Compiled(Generic[T]):
    """The tables by host, the routes by name, and the answers when nothing is found."""

    __slots__ = ("_hosts", "_methods", "_names", "_options", "find", "plain", "routes")

    def __init__(self, routes: list[Route[T]], options: Options) -> None:
        self.routes = tuple(routes)
        self._options = options
        # Whether a path that nothing comes near is simply not found.
        self.plain = options.trailing_slash == "strict" and options.encoded
        self._names = {route.name: route for route in reversed(routes) if route.name is not None}
        by_host: dict[tuple[object, ...], tuple[Pattern, list[Entry[T]]]] = {}
        everywhere: list[Entry[T]] = []
        for route in routes:
            entries = everywhere
            if route.host_pattern is not None:
                key = tuple(segment.shape for segment in route.host_pattern.segments)
                entries = by_host.setdefault(key, (route.host_pattern, []))[1]
            entries += [Entry(route, pattern) for pattern in route.patterns]
        table = Table(everywhere, encoded=options.encoded)
        self.find = table.find
        hosts = [(host, Table(e, encoded=options.encoded)) for host, e in by_host.values()]
        self._hosts = Hosts(hosts)
        self._methods = sorted({*table.methods, *(m for _, t in hosts for m in t.methods)})

    def find_at(self, method: str, path: str, host: str) -> Match[T] | bool:
        """As `Table.find`, in the tables of the host first and then in the one for every host."""
        near = False
        for table, params in self._hosts.tables(host):
            found = table.find(method, path)
            if isinstance(found, Match):
                found.params = {**params, **found.params}
                return found
            near = near or found
        return self.find(method, path) or near

    def settle(self, method: str, path: str, host: str | None, *, near: bool) -> Match[T]:
        """What to do where nothing was found: the policy of trailing slashes, then the right
        refusal.
        """
        other = _toggled(path) if self._options.trailing_slash != "strict" else None
        if other is not None:
            found = self._find(method, other, host)
            if isinstance(found, Match):
                return self._with_other_slash(found, other)
            near = near or found
        raise self._refusal(method, path, host, near=near)

    def allowed(self, path: str, host: str | None) -> tuple[str, ...]:
        """The methods that the path answers, sorted; those that a route for any method adds are
        not known.
        """
        paths = [path]
        if self._options.trailing_slash != "strict":
            paths += filter(None, [_toggled(path)])
        found = {
            m for m in self._methods for p in paths if isinstance(self._find(m, p, host), Match)
        }
        if found and self._options.answer_options:
            found.add("OPTIONS")
        return tuple(sorted(found))

    def url_for(self, name: str, params: dict[str, Any]) -> str:
        """The URL of the route called `name`."""
        route = self._names.get(name)
        if route is None:
            raise UrlError(f"no route is named {name!r}")
        return url_of(route, params, encoded=self._options.encoded)

    def _find(self, method: str, path: str, host: str | None) -> Match[T] | bool:
        return self.find(method, path) if host is None else self.find_at(method, path, host)

    def _with_other_slash(self, found: Match[T], path: str) -> Match[T]:
        # "//host" in a Location would lead to another site.
        if self._options.trailing_slash == "redirect" and not path.startswith("//"):
            raise Redirect(path)
        return found

    def _refusal(self, method: str, path: str, host: str | None, *, near: bool) -> RoutingError:
        allowed = self.allowed(path, host) if near else ()
        if not allowed:
            if self._options.encoded:
                return NotFound(path)
            return NotFound(path, "no pattern fits it")
        if method == "OPTIONS" and self._options.answer_options:
            return AutomaticOptions(method, path, allowed)
        return MethodNotAllowed(method, path, allowed)


def _toggled(path: str) -> str | None:
    """The path with its trailing slash taken away, or with one put there; None for the root."""
    if path in ("", "/"):
        return None
    return path[:-1] if path.endswith("/") else f"{path}/"
