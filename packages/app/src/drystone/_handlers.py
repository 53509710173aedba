"""What handles requests: the shapes of handlers and of what goes around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from drystone_auth import Guard as AuthGuard

    from ._depends import Dependency
    from ._request import Request
    from ._response import Response
    from ._threads import ThreadPool

Handler: TypeAlias = "Callable[[Request[Any]], Awaitable[Response]]"
"""A native handler: one coroutine function from request to response."""

Middleware: TypeAlias = Callable[[Handler], Handler]
"""A function from handler to handler, called once when the application is built."""

Guard: TypeAlias = "Callable[[Request[Any]], Awaitable[None] | None] | AuthGuard | Dependency"
"""Called before a handler, raises to refuse the request; one of `drystone_auth`'s; `Depends`."""

ErrorHandler: TypeAlias = "Callable[[Request[Any], Any], Any]"
"""``(request, exception) -> response or plain value``, sync or async."""


@runtime_checkable
class NativeApplication(Protocol):
    """An application that handles our requests: an `App`, as servers and mounts know it."""

    parser: Callable[[Callable[[], Request[Any]]], Any] | None
    largest_body: int
    threads: ThreadPool

    async def handle(self, request: Request[Any]) -> Response | None:
        """Answer a request; None where it was answered already."""
        ...

    def build(self) -> Handler:
        """Make it ready; ``largest_body`` is known from then on."""
        ...

    def override(
        self, replacements: Mapping[Callable[..., Any], Callable[..., Any]]
    ) -> AbstractContextManager[None]:
        """Replace providers for a while."""
        ...

    async def startup(self) -> None:
        """Enter its lifespan."""
        ...

    async def shutdown(self) -> None:
        """Leave its lifespan."""
        ...
