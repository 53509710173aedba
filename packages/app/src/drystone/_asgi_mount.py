"""An ASGI application as a handler of ours: its messages become a `Response`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import unquote

from ._problems import log_error
from ._request import Request
from ._response import Response

ASGIApp: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


_NO_STATE: Mapping[str, Any] = MappingProxyType({})


class MountedASGI:
    """An ASGI application, with its lifespan, as a native handler.

    Args:
        app: ``async (scope, receive, send)``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._state = _NO_STATE

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run the lifespan of the application; what it leaves in its state goes to each request.

        Raises:
            LifespanFailed: it cannot start, or did not stop in order.
        """
        from drystone_server.asgi import ASGIHandler

        async with ASGIHandler(self._app) as running:
            self._state = running.state or _NO_STATE
            try:
                yield
            finally:
                self._state = _NO_STATE

    async def handle(self, request: Request[Any]) -> Response:
        """Answer a request; give an error that the application answers the id of the request."""
        exchange = _Exchange(request, dict(self._state))
        exchange.task = asyncio.ensure_future(exchange.run(self._app))
        try:
            response = await exchange.response()
        except BaseException:
            exchange.task.cancel()
            raise
        request.run_after(exchange.end)
        if response.status >= 400:
            response.headers.setdefault("x-request-id", request.id)
        return response


class _Exchange:
    """One request on its way through an ASGI application."""

    task: asyncio.Task[None]

    def __init__(self, request: Request[Any], state: dict[str, Any]) -> None:
        self._request = request
        self._state = state
        self._messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(maxsize=8)
        self._read = False
        self._whole = False  # the response
        self._over = asyncio.Event()

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope(), self._receive, self._messages.put)
        finally:
            self._over.set()
            if not self.task.cancelling():
                await self._messages.put(None)

    def _scope(self) -> dict[str, Any]:
        request = self._request
        raw_path = request.root_path + request.raw_path
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": request.http_version,
            "method": request.method,
            "scheme": request.connection.scheme,
            "path": unquote(raw_path),
            "raw_path": raw_path.encode("latin-1"),
            "query_string": request.query_string.encode("latin-1"),
            "root_path": unquote(request.root_path),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in request.headers.items()
            ],
            "client": request.connection.client,
            "server": getattr(request.connection, "server", None),
            "state": self._state,
        }

    async def _receive(self) -> dict[str, Any]:
        if self._read:
            await self._over.wait()
            return {"type": "http.disconnect"}
        try:
            piece = await self._request.receive()
        except ConnectionError:
            return {"type": "http.disconnect"}
        self._read = not piece
        return {"type": "http.request", "body": piece, "more_body": not self._read}

    async def response(self) -> Response:
        """The response, as soon as the application has begun it."""
        start = await self._messages.get()
        if start is None:
            await self.task  # raises what the application raised
            raise RuntimeError("The mounted ASGI application ended without a response")
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in start.get("headers", ())]
        first = await self._messages.get()
        if first is not None and not first.get("more_body"):
            self._over.set()
            self._whole = True
            return Response(bytes(first.get("body", b"")), start["status"], headers)
        return Response(self._body(first), start["status"], headers)

    async def end(self) -> None:
        """Wait for what the application does after its response; log what that raises.

        Many raise again what they have answered by 500, for the server in front to log.
        """
        await asyncio.wait({self.task})
        if self._whole and not self.task.cancelled():
            error = self.task.exception()
            if isinstance(error, Exception):
                log_error(self._request, error)

    async def _body(self, message: dict[str, Any] | None) -> AsyncIterator[bytes]:
        try:
            while message is not None:
                if body := message.get("body", b""):
                    yield bytes(body)
                if not message.get("more_body"):
                    self._whole = True
                    return
                message = await self._messages.get()
            await self.task
            raise RuntimeError("The mounted ASGI application ended within its response")
        finally:
            self._over.set()
            if not self._whole:  # nobody takes the rest
                self.task.cancel()
