"""What the facade asks of the parts it joins, and a request of its application.

The four packages satisfy these shapes without knowing them, and so may yours: a router, a parser or
a server of another make fits where its methods have these names.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from ._forms import FormLimits
    from ._threads import ThreadPool

Work: TypeAlias = Callable[[], Awaitable[Any]]
"""What is done after a response."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


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


class Application(Protocol[T_co]):
    """What a request knows of the application it came to; an `App` is more than that."""

    @property
    def state(self) -> T_co:
        """What the lifespan yielded."""
        ...

    @property
    def debug(self) -> bool:
        """Whether the answer to an error shows what happened."""
        ...

    @property
    def threads(self) -> ThreadPool:
        """Where plain functions run."""
        ...

    @property
    def form_limits(self) -> FormLimits:
        """How much of a form is taken where nothing else is said."""
        ...

    @property
    def largest_body(self) -> int:
        """Bytes of the longest body that any part of it allows."""
        ...

    def url_for(self, name: str, /, **params: Any) -> str:
        """The path of a named route."""
        ...


class MatchedRoute(Protocol):
    """What a request knows of the route that answers it."""

    @property
    def full_path(self) -> str:
        """The pattern of the path, from the application on."""
        ...

    @property
    def methods(self) -> tuple[str, ...] | None:
        """The methods it answers, in upper case; None is any."""
        ...

    @property
    def name(self) -> str | None:
        """Its name for ``url_for``."""
        ...
