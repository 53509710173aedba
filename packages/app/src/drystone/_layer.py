"""What is around handlers: a prefix, middleware, guards, error handlers; inside another layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from ._doc import NOTHING, Doc
from ._handlers import ErrorHandler, Guard, Handler, Middleware
from ._middleware import fold, several
from ._problems import ErrorHandlers, catching

E = TypeVar("E", bound=ErrorHandler)


class Layer:
    """What the routes of a `Group` share.

    Args:
        prefix: goes before every path; ``""`` or a path that begins with ``/`` and does not end so.
        middleware: around each handler, the first outermost.
        guards: called before each handler, inside the middleware.
        max_body: bytes of a body that is read into memory; None inherits.
        doc: what a description of the application says of the routes.
    """

    is_application = False
    parent: Layer | None

    def __init__(
        self,
        prefix: str = "",
        *,
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
        max_body: int | None = None,
        doc: Doc = NOTHING,
    ) -> None:
        check_prefix(prefix)
        self.prefix = prefix
        self.middleware = several("middleware", middleware)
        self.guards = several("guards", guards)
        self.max_body = max_body
        self.doc = doc
        self.errors = ErrorHandlers()
        self.parent = None

    def add_middleware(self, middleware: Middleware) -> None:
        """Add a middleware inside those added before: ``(handler) -> handler``."""
        self.middleware.append(middleware)
        self._changed()

    def add_guard(self, guard: Guard) -> None:
        """Add a guard after those added before."""
        self.guards.append(guard)
        self._changed()

    def error_handler(self, kind: int | type[Exception]) -> Callable[[E], E]:
        """Have a function answer an exception raised inside this group, as a decorator.

        The function gets the request and the exception. To pass, it raises what it was given: then
        the group around is asked, and at last comes the default answer.

        Args:
            kind: a type of exception, or a status of `HTTPError`. 500 and ``Exception`` answer what
                nobody expected, too; it is logged before.
        """

        def register(handler: E) -> E:
            self.errors.add(kind, handler)
            self._changed()
            return handler

        return register

    @property
    def full_prefix(self) -> str:
        """The prefixes from the application down to this layer."""
        return (self.parent.full_prefix if self.parent else "") + self.prefix

    def lineage(self) -> Iterator[Layer]:
        """This layer, the one around it, and so on to the application."""
        layer: Layer | None = self
        while layer is not None:
            yield layer
            layer = layer.parent

    def error_levels(self) -> Sequence[ErrorHandlers]:
        """The error handlers of this layer and of those around it, the nearest first."""
        return [layer.errors for layer in self.lineage()]

    def enclose(self, handler: Handler) -> Handler:
        """Wrap a handler in the middleware and error handlers of this layer."""
        handler = fold(handler, self.middleware, self.error_levels())
        return catching(handler, self.errors) if self.errors else handler

    def _changed(self) -> None:
        """Pass outward that what is around the handlers has changed."""
        if self.parent is not None:
            self.parent._changed()


def check_prefix(prefix: str) -> None:
    """Refuse a prefix that paths cannot follow.

    Raises:
        ValueError: it does not begin with ``/``, or ends with it.
    """
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise ValueError(f"Prefix {prefix!r} must begin with '/' and must not end with it")
