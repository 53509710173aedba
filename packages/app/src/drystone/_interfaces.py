"""What the facade asks of the parts it joins.

The four packages satisfy these shapes without knowing them, and so may yours: a router, a parser or
a server of another make fits where its methods have these names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from drystone_auth import Guard as AuthGuard

    from ._request import Request
    from ._response import Response

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Handler: TypeAlias = "Callable[[Request[Any]], Awaitable[Response]]"
"""A native handler: one coroutine function from request to response."""

Middleware: TypeAlias = Callable[[Handler], Handler]
"""A function from handler to handler, called once when the application is built."""

Guard: TypeAlias = "Callable[[Request[Any]], Awaitable[None] | None] | AuthGuard"
"""Called before a handler, raises to refuse the request; or one of `drystone_auth`'s."""

ErrorHandler: TypeAlias = "Callable[[Request[Any], Any], Any]"
"""``(request, exception) -> response or plain value``, sync or async."""


class Connection(Protocol):
    """What a request may know about the connection that brought it."""

    @property
    def client(self) -> tuple[str, int] | None:
        """Address and port of the peer; None where there is none (a Unix socket)."""
        ...

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        ...


@runtime_checkable
class ServerConnection(Connection, Protocol):
    """What our server's connection offers beyond; another's may. Event streams end by it."""

    @property
    def disconnected(self) -> bool:
        """Whether the client has left."""
        ...

    def cancel_on_disconnect(self) -> None:
        """Cancel the request at work when its client leaves."""
        ...

    async def wait_closing(self) -> None:
        """Wait until the server begins to close."""
        ...


class Match(Protocol[T_co]):
    """What a router found."""

    @property
    def value(self) -> T_co:
        """What was given to ``add_route``."""
        ...

    @property
    def params(self) -> dict[str, Any]:
        """Path parameters by name, decoded and converted."""
        ...


class Router(Protocol[T]):
    """Finds a value by method and path.

    ``match`` raises an exception with ``status`` 404 where no path fits, and one with ``status``
    405 and ``allowed`` (the methods that would do) where only the method does not.
    """

    def add_route(
        self, path: str, value: T, methods: Sequence[str] | None = ..., name: str | None = ...
    ) -> object:
        """Enter a value under a path and methods; None is any method."""
        ...

    def match(self, method: str, path: str, /) -> Match[T]:
        """Find the value for a method and a raw (still percent-encoded) path."""
        ...

    def url_for(self, name: str, /, **params: Any) -> str:
        """Build the path of the route of that name."""
        ...
