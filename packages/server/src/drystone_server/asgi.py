"""Host any ASGI 3 application: it becomes a handler of `HTTPServer`.

handler = ASGIHandler(app)
server = HTTPServer(handler, parser)
async with handler:  # the application's lifespan
await server.start("127.0.0.1", 8000)
await server.serve_forever()
"""

from __future__ import annotations

import logging
from typing import Any

from ._asgi_http import Application, Exchange, Message, Receive, Scope, Send, http_scope
from ._asgi_lifespan import Lifespan, LifespanFailed, Mode
from ._errors import ClientDisconnected, InvalidResponse

__all__ = [
    "ASGIHandler",
    "Application",
    "LifespanFailed",
    "Message",
    "Receive",
    "Scope",
    "Send",
]


logger = logging.getLogger("drystone_server")


class ASGIHandler:
    """A handler that calls an ASGI application; as a context manager it runs the lifespan.

    Args:
        app: ``async (scope, receive, send)``.
        root_path: where the application is mounted; leads ``path`` in the scope.
        lifespan: ``"auto"`` takes an application that raises at once for one that knows no
            lifespan, ``"on"`` for one that failed; ``"off"`` never asks.
    """

    def __init__(self, app: Application, *, root_path: str = "", lifespan: Mode = "auto") -> None:
        self._app = app
        self._root_path = root_path.rstrip("/")
        self._lifespan = Lifespan(app, lifespan)
        self._warned = False

    async def __call__(self, request: Any) -> None:
        """Answer a request by the application."""
        if request.upgrade and not self._warned:
            self._warn_of_websockets(request)
        exchange = Exchange(request)
        scope = http_scope(request, self._root_path, self._lifespan.state)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except BaseException as error:
            exchange.end()
            if isinstance(error, Exception) and (exchange.told or _is_about_leaving(error)):
                raise ClientDisconnected("the application was told that the client left") from error
            raise
        if not exchange.ended:
            exchange.end()
            if request.connection.disconnected:
                raise ClientDisconnected("the application stopped when the client had left")
            raise InvalidResponse("the application returned before its response was complete")

    def _warn_of_websockets(self, request: Any) -> None:
        if (request.headers.get("upgrade") or "").lower() != "websocket":
            return
        self._warned = True
        logger.warning(
            "A client asks for a WebSocket at %r, and this server speaks HTTP alone: the "
            "application gets an ordinary request. This is said once",
            request.raw_path,
        )

    @property
    def state(self) -> dict[str, Any] | None:
        """What the lifespan left in ``scope["state"]``; None where none runs."""
        return self._lifespan.state

    async def __aenter__(self) -> ASGIHandler:
        """Start the application.

        Raises:
            LifespanFailed: it cannot start.
        """
        await self._lifespan.startup()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop the application.

        Raises:
            LifespanFailed: it did not stop in order.
        """
        await self._lifespan.shutdown()


def _is_about_leaving(error: BaseException | None) -> bool:
    """Whether it was raised, by whatever name, because nothing could be sent to the client."""
    while error is not None:
        if isinstance(error, ClientDisconnected):
            return True
        if isinstance(error, BaseExceptionGroup):
            return all(map(_is_about_leaving, error.exceptions))
        error = error.__cause__ or error.__context__
    return False
