"""Routes that belong together: a prefix, and the middleware, guards and error handlers around them.

An `App` is the outermost group. A `Group` made alone can stand in a module of its own and is joined
with ``app.include(group)``; ``app.group("/api")`` makes one that is joined from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypedDict, TypeVar, Unpack

from ._doc import NOTHING, Doc
from ._handlers import Guard, Middleware
from ._layer import Layer, check_prefix
from ._marks import guards_of, note_registered
from ._middleware import several
from ._mount import Mount
from ._route import Route

F = TypeVar("F", bound=Callable[..., Any])


class RouteOptions(TypedDict, total=False):
    """What `Group.add_route` takes by name."""

    name: str | None
    status: int
    middleware: Iterable[Middleware]
    guards: Iterable[Guard]
    max_body: int | None
    timeout: float | None
    doc: Doc


class Group(Layer):
    """A set of routes under one prefix.

    Args:
        prefix: goes before every path; ``""`` or a path that begins with ``/`` and does not end so.
        middleware: around each handler of the group, the first outermost.
        guards: called before each handler of the group, inside its middleware.
        max_body: bytes of a body that is read into memory; None inherits.
        doc: what a description of the application says of its routes.
    """

    parent: Group | None

    def __init__(
        self,
        prefix: str = "",
        *,
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
        max_body: int | None = None,
        doc: Doc = NOTHING,
    ) -> None:
        super().__init__(prefix, middleware=middleware, guards=guards, max_body=max_body, doc=doc)
        self.routes: list[Route] = []
        self.groups: list[Group] = []
        self.mounts: list[Mount] = []

    # Registering handlers

    def route(
        self, path: str, methods: Sequence[str] | None = ("GET",), **options: Unpack[RouteOptions]
    ) -> Callable[[F], F]:
        """Register a handler for a path, as a decorator; the options are those of `add_route`."""

        def register(function: F) -> F:
            self.add_route(path, function, methods, **options)
            return function

        return register

    def get(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[F], F]:
        """Register a handler of GET (and HEAD)."""
        return self.route(path, ("GET",), **options)

    def post(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[F], F]:
        """Register a handler of POST."""
        return self.route(path, ("POST",), **options)

    def put(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[F], F]:
        """Register a handler of PUT."""
        return self.route(path, ("PUT",), **options)

    def patch(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[F], F]:
        """Register a handler of PATCH."""
        return self.route(path, ("PATCH",), **options)

    def delete(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[F], F]:
        """Register a handler of DELETE."""
        return self.route(path, ("DELETE",), **options)

    def add_route(
        self,
        path: str,
        handler: Callable[..., Any],
        methods: Sequence[str] | None = ("GET",),
        *,
        name: str | None = None,
        status: int = 200,
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
        max_body: int | None = None,
        timeout: float | None = None,
        doc: Doc = NOTHING,
    ) -> Route:
        """Register a handler for a path.

        Args:
            path: relative to the group; ``{name}`` is a parameter.
            handler: ``async def`` runs on the loop, plain ``def`` in the application's thread pool.
            methods: the methods it answers; None answers any. GET answers HEAD too.
            name: for ``url_for``.
            status: of the response where the handler returns a plain value.
            middleware: around this handler only.
            guards: called before this handler, inside its middleware.
            max_body: bytes of a body that is read into memory; None inherits.
            timeout: seconds until the handler is cancelled and 503 is answered.
            doc: what a description of the application says of it, beyond what it shows itself.

        Raises:
            SignatureError: the parameters of the handler cannot be filled.
            ValueError: the path is malformed or taken (the router's word).
        """
        if isinstance(methods, str):
            methods = (methods,)
        names = None if methods is None else tuple(method.upper() for method in methods)
        route = Route(
            path=path,
            function=handler,
            methods=names,
            name=name,
            status=status,
            middleware=several("middleware", middleware),
            guards=(*several("guards", guards), *guards_of(handler)),
            max_body=max_body,
            timeout=timeout,
            doc=doc,
            group=self,
        )
        self._join(route)
        self.routes.append(route)
        note_registered(handler)
        return route

    # Composition

    def group(
        self,
        prefix: str = "",
        *,
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
        max_body: int | None = None,
        doc: Doc = NOTHING,
    ) -> Group:
        """Make a group inside this one; the arguments are those of `Group`."""
        inner = Group(prefix, middleware=middleware, guards=guards, max_body=max_body, doc=doc)
        self.include(inner)
        return inner

    def include(self, group: Group) -> None:
        """Join a group, and what will be registered in it later.

        Raises:
            ValueError: the group belongs to another one already, or is an application (mount it).
        """
        if group.is_application:
            raise ValueError("An application is not included but mounted: app.mount(prefix, other)")
        if group.parent is not None or group in self.lineage():
            raise ValueError(f"Group {group.prefix!r} is part of a group already")
        group.parent = self
        self.groups.append(group)
        for route in group.all_routes():
            self._join(route)

    def mount(self, prefix: str, app: Any, *, name: str | None = None) -> None:
        """Answer everything under a prefix by another application, ours or ASGI.

        It starts and stops with this one. It sees the prefix as ``root_path``.

        Args:
            prefix: a path without parameters; ``/`` is everything that no route answers.
            app: an `App`, or an ASGI callable.
            name: for ``url_for``, with the parameter ``path``.

        Raises:
            ValueError: the prefix is none, or the application is this one.
            TypeError: the application is none.
        """
        if not prefix or "{" in prefix:
            raise ValueError(f"An application cannot be mounted at {prefix!r}: name a path")
        if not callable(app):
            raise TypeError(f"{app!r} is neither an App nor an ASGI application to mount")
        if any(app is layer for layer in self.lineage()):
            raise ValueError("An application cannot be mounted in itself")
        prefix = "" if prefix == "/" else prefix
        check_prefix(prefix)
        mount = Mount(app, self, prefix)
        self.mounts.append(mount)
        for path in {prefix or "/", f"{prefix}/"}:
            self.add_route(path, mount.handle, None).mount = mount
        self.add_route(f"{prefix}/{{path:path}}", mount.handle, None, name=name).mount = mount

    # What the application asks

    def all_routes(self) -> Iterator[Route]:
        """The routes of this group and of those inside it."""
        yield from self.routes
        for group in self.groups:
            yield from group.all_routes()

    def all_mounts(self) -> Iterator[Mount]:
        """What is mounted in this group and in those inside it."""
        yield from self.mounts
        for group in self.groups:
            yield from group.all_mounts()

    def _join(self, route: Route) -> None:
        """Pass a route outward until the application enters it; alone, a group keeps it."""
        if self.parent is not None:
            self.parent._join(route)
