"""Everything a router needs to answer, made once from its routes and never changed."""

from dataclasses import dataclass
from typing import Any, Generic, Literal
from urllib.parse import quote

from drystone_router._arrangement import Found
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
from drystone_router._reverse import PATH_CHARACTERS, url_of
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

    __slots__ = (
        "_hosts",
        "_methods",
        "_names",
        "_options",
        "has_hosts",
        "others",
        "routes",
        "searches",
        "strict",
        "table",
    )

    def __init__(self, routes: list[Route[T]], options: Options) -> None:
        self.routes = tuple(routes)
        self._options = options
        # Whether a path that no pattern comes near is simply not found, for a reason found later.
        self.strict = options.trailing_slash == "strict" and options.encoded
        self._names = {route.name: route for route in reversed(routes) if route.name is not None}
        by_host: dict[tuple[object, ...], tuple[Pattern, list[Entry[T]]]] = {}
        everywhere: list[Entry[T]] = []
        for route in routes:
            entries = everywhere
            if route.host_pattern is not None:
                key = tuple(segment.shape for segment in route.host_pattern.segments)
                entries = by_host.setdefault(key, (route.host_pattern, []))[1]
            entries += [Entry(route, pattern) for pattern in route.patterns]
        self.table = Table(everywhere, encoded=options.encoded)
        self.searches, self.others = self.table.searches, self.table.others
        hosts = [(host, Table(e, encoded=options.encoded)) for host, e in by_host.values()]
        self._hosts = Hosts(hosts)
        self.has_hosts = bool(hosts)
        self._methods = sorted({*self.table.methods, *(m for _, t in hosts for m in t.methods)})

    def find(self, method: str, path: str, host: str | None) -> Found[T]:
        """As `Table.find`, in the tables of the host first and then in the one for every host."""
        if host is None:
            return self.table.find(method, path)
        near: Literal[False] | None = None
        for table, params in self._hosts.tables(host):
            found = table.find(method, path)
            if found:
                found.params = {**_named(found.route, params), **found.params}
                return found
            near = False if found is False else near
        found = self.table.find(method, path)
        return near if found is None else found

    def settle(self, method: str, path: str, host: str | None, *, near: bool) -> Match[T]:
        """What to do where nothing was found: the policy of slashes, then the right refusal."""
        other = self._with_other_slash(path)
        if other is not None:
            found = self.find(method, other, host)
            if found:
                if self._options.trailing_slash == "redirect":
                    raise Redirect(self._location(other))
                return found
            near = near or found is False
        raise self._refusal(method, path, host) if near else self._not_found(path)

    def find_other(self, method: str, path: str, host: str | None) -> Match[T] | None:
        """The match with the other trailing slash, where the policy ignores the difference."""
        other = self._with_other_slash(path)
        if other is None or self._options.trailing_slash != "ignore":
            return None
        return self.find(method, other, host) or None

    def allowed(self, path: str, host: str | None) -> tuple[str, ...]:
        """The methods that the path answers, sorted, of those that the routes name."""
        other = self._with_other_slash(path)
        paths = [path] if other is None else [path, other]
        found = {m for m in self._methods for p in paths if self.find(m, p, host)}
        if found and self._options.answer_options:
            found.add("OPTIONS")
        return tuple(sorted(found))

    def url_for(self, name: str, params: dict[str, Any]) -> str:
        """The URL of the route called `name`."""
        route = self._names.get(name)
        if route is None:
            raise UrlError(f"no route is named {name!r}")
        return url_of(route, params, encoded=self._options.encoded)

    def _with_other_slash(self, path: str) -> str | None:
        """The path with its trailing slash taken away or put there, if the policy asks for that."""
        if self._options.trailing_slash == "strict" or path in ("", "/"):
            return None
        return path[:-1] if path.endswith("/") else f"{path}/"

    def _location(self, path: str) -> str:
        """A path to redirect to that no client takes for a host.

        Clients read a backslash as a slash and skip tabs and line ends, so with one after the
        first slash they would go to another site: such characters are encoded. `//host` does not
        come here: what matches it with a slash is a path parameter, and that matches it without
        one too.
        """
        if not self._options.encoded:
            return path
        return quote(path, safe=f"/%{PATH_CHARACTERS}", errors="surrogatepass")

    def _refusal(self, method: str, path: str, host: str | None) -> RoutingError:
        allowed = self.allowed(path, host)
        if not allowed:
            return self._not_found(path)
        if method == "OPTIONS" and self._options.answer_options:
            return AutomaticOptions(method, path, allowed)
        return MethodNotAllowed(method, path, allowed)

    def _not_found(self, path: str) -> NotFound:
        # The reason is found when somebody asks; as plain text there is only one.
        return NotFound(path) if self._options.encoded else NotFound(path, "no pattern fits it")


def _named(route: Route[T], params: dict[str, Any]) -> dict[str, Any]:
    """What the host gave, by the route's own names: others may write the same host with others."""
    names = route.host_pattern.parameters if route.host_pattern is not None else ()
    return dict(zip(names, params.values(), strict=True))
