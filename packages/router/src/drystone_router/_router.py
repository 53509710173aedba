"""`Router[T]`: add routes, match a method and a path. The story of a request is in `match`."""

import sys
import weakref
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TextIO

from drystone_router._arrangement import Found
from drystone_router._compiled import Options, TrailingSlash
from drystone_router._converters import BUILT_IN, Converter
from drystone_router._drawing import draw
from drystone_router._errors import NotFound, RouteError, RoutingError
from drystone_router._explain import Explanation, explain
from drystone_router._methods import check_methods
from drystone_router._registry import Mount, Registry, check_host_names
from drystone_router._route import Match, Route, T, caller
from drystone_router._syntax import parse, parse_host, parse_prefix


class Router(Generic[T]):
    """Maps a method and a path to a value of type T.

    Routes may be added in any order and at any time; matching is safe from any number of threads.
    The routes are compiled when the first path is matched after an addition.

    Args:
        trailing_slash: "strict" takes `/a` and `/a/` for different paths; "redirect" raises
            `Redirect` where only the other one would match; "ignore" matches it.
        answer_options: raise `AutomaticOptions` for an OPTIONS that no route answers at a path that
            others do.
        encoded: False takes paths as plain text: percent signs and dots mean nothing.
        converters: more converters, by the name they have in patterns.
    """

    __slots__ = ("_registry",)

    def __init__(
        self,
        *,
        trailing_slash: TrailingSlash = "strict",
        answer_options: bool = False,
        encoded: bool = True,
        converters: Mapping[str, Converter[Any]] | None = None,
    ) -> None:
        if trailing_slash not in ("strict", "redirect", "ignore"):
            raise ValueError(f"trailing_slash is {trailing_slash!r}: strict, redirect or ignore")
        self._registry: Registry[T] = Registry(
            Options(trailing_slash, answer_options, encoded), dict(BUILT_IN)
        )
        for name, converter in (converters or {}).items():
            self.add_converter(name, converter)

    def add_converter(self, name: str, converter: Converter[Any]) -> None:
        """Let `{x:name}` in patterns added from now on mean this converter.

        Raises:
            RouteError: the name is taken, or is no identifier, or this is no `Converter`.
        """
        if not isinstance(converter, Converter):
            raise RouteError(f"converter {name!r} is {converter!r}: write Converter(parse, format)")
        if not name.isidentifier() or name == "re":
            raise RouteError(f"a converter cannot be called {name!r}")
        if name in self._registry.converters:
            raise RouteError(f"there is a converter called {name!r}")
        self._registry.converters[name] = converter

    def add_route(
        self,
        path: str,
        value: T,
        methods: Iterable[str] | None = ("GET",),
        name: str | None = None,
        *,
        host: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        stacklevel: int = 1,
    ) -> Route[T]:
        """Let `value` answer `methods` at `path`.

        Args:
            path: the pattern, such as `/users/{id:int}`.
            value: what `match` gives back.
            methods: the methods answered; None for any. GET answers HEAD too.
            name: for `url_for`.
            host: answer only at this host, such as `{tenant}.example.org`.
            metadata: whatever a match should carry along.
            stacklevel: whose file and line messages name: 1 the caller's, 2 its caller's.

        Raises:
            RouteError: something is malformed, or the name is taken.
            RouteConflict: another route answers some of the same requests, and neither is more
                specific.
        """
        registry = self._registry
        route = Route(
            pattern=path,
            value=value,
            methods=check_methods(methods),
            name=name,
            host=host,
            metadata=dict(metadata or {}),
            location=caller(stacklevel),
            patterns=parse(path, registry.converters),
            host_pattern=None if host is None else parse_host(host, registry.converters),
        )
        check_host_names(route)
        registry.add(route)
        return route

    def add_routes(
        self,
        routes: Iterable[
            tuple[str, T]
            | tuple[str, T, Iterable[str] | None]
            | tuple[str, T, Iterable[str] | None, str | None]
        ],
        *,
        stacklevel: int = 1,
    ) -> None:
        """Add each (path, value), (path, value, methods) or (path, value, methods, name)."""
        for route in routes:
            self.add_route(*route, stacklevel=stacklevel)

    def include(
        self,
        prefix: str,
        router: "Router[T]",
        *,
        name: str | None = None,
        host: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Answer under `prefix` with the routes of another router, also those added to it later.

        They stand in one table with this router's own and obey its options; the other router still
        matches by itself.

        Args:
            prefix: a pattern that does not end with a slash, such as `/tenants/{tenant}`, or "".
            router: whose routes to include.
            name: the namespace: its route "list" becomes "name:list".
            host: answer only at this host.
            metadata: added to each route's own, which wins.

        Raises:
            RouteError, RouteConflict: as `add_route`; nothing is included then.
        """
        converters = self._registry.converters
        mount = Mount(
            weakref.ref(self._registry),
            parse_prefix(prefix, converters),
            name,
            None if host is None else parse_host(host, converters),
            dict(metadata or {}),
        )
        self._registry.mount(router._registry, mount)

    def match(self, method: str, path: str, host: str | None = None) -> Match[T]:
        """The value for a request.

        Args:
            method: as received; methods are case-sensitive.
            path: the raw path, still percent-encoded, without the query.
            host: the value of Host, with or without a port; None considers no route that names a
                host.

        Raises:
            NotFound: no pattern matches the path.
            MethodNotAllowed: patterns match the path, none of them with this method.
            Redirect, AutomaticOptions: where the router was made to raise them.
        """
        compiled = self._registry.compiled or self._registry.compile()
        segments = path.split("/")
        found: Found[T]
        if (
            segments[0]
            or "%" in path
            or ("." in path and "/." in path)
            or (host is not None and compiled.has_hosts)
        ):
            found = compiled.find(method, path, host)
        else:
            # The fast path: nothing to decode or to refuse, and no host to consider.
            try:
                search = compiled.searches(segments[1], compiled.others)[len(segments)]
            except IndexError:
                search = compiled.table.find_uncommon
            found = search(method, segments)
        if found:
            return found
        if found is None and compiled.strict:
            raise NotFound(path)
        return compiled.settle(method, path, host, near=found is not None)

    def find(self, method: str, path: str, host: str | None = None) -> Match[T] | None:
        """As `match`, but None where that raises: for those who do not need the reason."""
        compiled = self._registry.compiled or self._registry.compile()
        segments = path.split("/")
        found: Found[T]
        if (
            segments[0]
            or "%" in path
            or ("." in path and "/." in path)
            or (host is not None and compiled.has_hosts)
        ):
            found = compiled.find(method, path, host)
        else:
            # The fast path, as in match.
            try:
                search = compiled.searches(segments[1], compiled.others)[len(segments)]
            except IndexError:
                search = compiled.table.find_uncommon
            found = search(method, segments)
        if found:
            return found
        return compiled.find_other(method, path, host)

    def allowed(self, path: str, host: str | None = None) -> tuple[str, ...]:
        """The methods that a path answers, sorted; empty where no pattern matches it.

        A route for any method stands for those that other routes of this router name: there is no
        end to the rest.
        """
        return self._registry.compile().allowed(path, host)

    def url_for(self, name: str, /, **params: Any) -> str:
        """The percent-encoded path of the route called `name`, or `//host/path` if it names a host.

        Raises:
            UrlError: there is no such route, or a parameter is missing, unknown or not of its
                converter.
        """
        return self._registry.compile().url_for(name, params)

    def routes(self) -> tuple[Route[T], ...]:
        """All routes in the order they were added, those of included routers too."""
        return self._registry.compile().routes

    def explain(self, method: str, path: str, host: str | None = None) -> Explanation[T]:
        """Why `match` answers as it does; print it."""
        outcome: Match[T] | RoutingError
        try:
            outcome = self.match(method, path, host)
        except RoutingError as error:
            outcome = error
        encoded = self._registry.options.encoded
        return explain(self.routes(), (method, path, host), outcome, encoded=encoded)

    def print_tree(self, file: TextIO | None = None) -> None:
        """Draw the routes as a tree, to standard output if no file is given."""
        (file or sys.stdout).write(f"{draw(self.routes())}\n")

    def compile(self) -> None:
        """Compile now what the next match would compile, say before a server starts."""
        self._registry.compile()

    def swap(self, other: "Router[T]") -> None:
        """Answer from the next match on with the routes, options and converters of `other`.

        One assignment, so each match sees the old routes or the new ones, never a mixture. From
        then on both routers are one: what is added to either is added to both. Routers that were
        included here stay with the old routes, and so do routers that include this one: so swap the
        outermost, made anew with all that it includes.
        """
        other._registry.compile()
        self._registry = other._registry
