"""One HTTP request as an ASGI application sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias, cast
from urllib.parse import unquote

from ._asgi_tls import tls_extension
from ._connection import HTTPConnection
from ._errors import ClientDisconnected, InvalidResponse
from ._fields import render_raw_fields, render_trailers
from ._file import FileBody
from ._interfaces import IncomingRequest
from ._response import Response
from ._writer import JOINED, ResponseWriter

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

ASGI_VERSIONS: Final = {"version": "3.0", "spec_version": "2.4"}
EXTENSIONS: Final[dict[str, Any]] = {
    "http.response.early_hint": {},
    "http.response.pathsend": {},
    "http.response.trailers": {},
}


def http_scope(request: IncomingRequest, root_path: str, state: dict[str, Any] | None) -> Scope:
    """The scope of a request.

    Args:
        request: as the parser filled it.
        root_path: where the application is mounted; it leads ``path`` and ``raw_path``.
        state: of the lifespan, copied for the request; None where there is no lifespan.
    """
    connection: HTTPConnection[Any] = request.connection
    raw_path = root_path + request.raw_path
    headers: Any = request.headers
    try:
        raw = headers.raw
    except AttributeError:  # a hint that not every parser gives
        raw = _lowered(headers)
    scope: Scope = {
        "type": "http",
        "asgi": ASGI_VERSIONS,
        "http_version": request.http_version,
        "method": request.method,
        "scheme": connection.scheme,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("latin-1"),
        "query_string": request.query_string.encode("latin-1"),
        "root_path": root_path,
        "headers": raw,
        "client": connection.client,
        "server": connection.server,
        "extensions": EXTENSIONS.copy(),
    }
    if connection.tls is not None:
        scope["extensions"]["tls"] = tls_extension(connection.tls)
    if state is not None:
        scope["state"] = state.copy()
    return scope


def _lowered(headers: Any) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


class Exchange:
    """``receive`` and ``send`` for one request.

    A task that the application leaves behind may call them for ever; after the end they no longer
    touch the connection, which serves other requests by then.

    Args:
        request: with its connection.

    Attributes:
        ended: whether nothing more can be sent.
        told: whether the application knows that the client left before it had its response.
    """

    __slots__ = (
        "_body",
        "_connection",
        "_notice",
        "_read",
        "_refused",
        "_start",
        "_trailers",
        "_writer",
        "ended",
        "told",
    )

    def __init__(self, request: IncomingRequest) -> None:
        self._connection: HTTPConnection[Any] = request.connection
        self._body = self._connection.body
        self._read = False
        self._start: Message | None = None
        self._writer: ResponseWriter | None = None
        self._trailers: list[tuple[bytes, bytes]] | None = None
        self._notice: asyncio.Future[None] | None = None
        self._refused = False
        self.ended = False
        self.told = False

    # Receiving

    async def receive(self) -> Message:
        """The next piece of the body; after it, the client's leaving or the end of the response."""
        if self.ended:
            return {"type": "http.disconnect"}
        if self._read:
            await self._wait_for_the_end()
            self.told = not self.ended
            return {"type": "http.disconnect"}
        if self._body is None:
            self._read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        try:
            piece = await self._body.receive()
        except ClientDisconnected:
            self.told = True
            return {"type": "http.disconnect"}
        except Exception as fault:
            # ASGI cannot tell an application what is wrong with a body, so the answer is ours.
            self._refuse(fault)
            self.told = True
            return {"type": "http.disconnect"}
        self._read = self._body.complete
        return {"type": "http.request", "body": piece, "more_body": not self._read}

    async def _wait_for_the_end(self) -> None:
        """Wait until the client has left or the response is complete."""
        if self._notice is None:
            self._notice = self._connection.watch_departure()
        await asyncio.shield(self._notice)

    def _refuse(self, fault: Exception) -> None:
        if self.ended:
            return
        if isinstance(fault, RuntimeError):  # two tasks asked at once: no fault of the body
            raise fault
        self.end()
        self._refused = True
        self._connection.before_answer(400)
        self._connection.fail(fault, explain=True)

    def end(self) -> None:
        """The response is complete, or the application has returned: leave the connection alone."""
        self.ended = True
        notice = self._notice
        if notice is not None:
            self._connection.unwatch_departure(notice)
            if not notice.done():
                notice.set_result(None)

    # Sending

    async def send(self, message: Message) -> None:
        """Take a message of the response.

        Raises:
            ClientDisconnected: the client has left (an `OSError`, as ASGI 2.4 asks).
            InvalidResponse: the message is malformed, or out of order.
        """
        kind = message["type"]
        start = self._start
        if kind == "http.response.body" and start is not None and not self.ended:
            body: bytes = message.get("body", b"")
            more: bool = message.get("more_body", False)
            if (
                more
                or len(body) > JOINED
                or self._writer is not None
                or start.get("trailers", False)
            ):
                await self._send_piece(start, body, more)
            else:
                self._connection.before_answer(start["status"])
                self._connection.write_whole(
                    start["status"], start.get("headers", ()), body, render_raw_fields
                )
                self._finished()
        elif kind == "http.response.start" and start is None and not self.ended:
            self._start = message
        elif self._refused:
            raise ClientDisconnected("the connection is closed; nothing more can be sent")
        else:
            await self._send_other(kind, message)

    async def _send_piece(self, start: Message, body: bytes, more: bool) -> None:
        trailers = start.get("trailers", False)
        if self._writer is None:
            self._writer = self._open(start, None if more or trailers else len(body))
        if more:
            if self._writer.bodyless and self._connection.disconnected:
                # Nothing is written for HEAD, so nothing else would ever stop an endless body.
                raise ClientDisconnected("the client has had its head, and left")
            await self._writer.write(body)
        elif trailers:
            self._trailers = []
            await self._writer.write(body)
        else:
            await self._writer.finish(body)
            self._finished()

    def _open(self, start: Message, length: int | None) -> ResponseWriter:
        self._connection.before_answer(start["status"])
        return self._connection.open_response(
            start["status"], start.get("headers", ()), length, render_raw_fields
        )

    async def _send_other(self, kind: str, message: Message) -> None:
        if kind == "http.response.early_hint" and not self.ended:
            links = [("Link", bytes(link).decode("latin-1")) for link in message["links"]]
            self._connection.early_hints(links)
        elif kind == "http.response.trailers" and self._trailers is not None and not self.ended:
            await self._send_trailers(message, self._trailers)
        elif kind == "http.response.pathsend" and self._writer is None and self._start is not None:
            await self._send_path(message["path"], self._start)
        else:
            raise InvalidResponse(f"{kind!r} is unknown, or does not belong here in the response")

    async def _send_trailers(self, message: Message, trailers: list[tuple[bytes, bytes]]) -> None:
        trailers += message.get("headers", ())
        if not message.get("more_trailers", False):
            await cast(ResponseWriter, self._writer).finish(trailers=render_trailers(trailers))
            self._finished()

    async def _send_path(self, path: str, start: Message) -> None:
        fields = start.get("headers", ())
        headers = [(bytes(n).decode("latin-1"), bytes(v).decode("latin-1")) for n, v in fields]
        self._connection.before_answer(start["status"])
        await self._connection.send(Response(FileBody(path), start["status"], headers))
        self._finished()

    def _finished(self) -> None:
        self.end()
        self._connection.answered_early()
