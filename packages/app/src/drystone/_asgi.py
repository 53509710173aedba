"""The application as an ASGI 3 callable: a scope becomes a `Request`, a `Response` messages."""

from __future__ import annotations

import logging
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    MutableMapping,
)
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from drystone_parser import Headers
from drystone_server import FileBody

from ._after import run_all
from ._request import Request
from ._response import Body, Response

if TYPE_CHECKING:
    from ._app import App

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_BLOCK = 2**18

logger = logging.getLogger("drystone")


async def serve_asgi(app: App[Any], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one scope.

    Raises:
        NotImplementedError: the scope is neither ``http`` nor ``lifespan``.
    """
    kind = scope["type"]
    if kind == "http":
        await _serve_http(app, scope, receive, send)
    elif kind == "lifespan":
        await _serve_lifespan(app, receive, send)
    else:
        raise NotImplementedError(f"This application does not serve {kind!r} scopes")


async def _serve_http(app: App[Any], scope: Scope, receive: Receive, send: Send) -> None:
    request = _make_request(scope, receive)
    response = await app.respond(request)
    await _send_response(app, response, scope["method"], send)
    if request.after is not None:
        await run_all(request.after)


def _make_request(scope: Scope, receive: Receive) -> Request[Any]:
    request: Request[Any] = Request()
    raw_path = _raw_path(scope)
    request.method = scope["method"]
    request.root_path = scope.get("root_path", "")
    if request.root_path and raw_path.startswith(request.root_path):
        raw_path = raw_path[len(request.root_path) :] or "/"
    request.raw_path = raw_path
    request.query_string = scope["query_string"].decode("latin-1")
    request.target = f"{raw_path}?{request.query_string}" if request.query_string else raw_path
    request.http_version = scope["http_version"]
    request.headers = headers = _headers(scope)
    request.trailers = Headers()
    request.keep_alive = True
    request.expect_continue = False
    request.upgrade = False
    length = headers.get("content-length")
    chunked = "transfer-encoding" in headers
    request.content_length = int(length) if length else None if chunked else 0
    if request.http_version not in ("1.0", "1.1") and not length:
        request.content_length = None  # HTTP/2 frames a body without either field
    request.connection = ScopeConnection(scope)
    request.receive = _body_reader(receive)
    return request


def _headers(scope: Scope) -> Headers:
    return Headers(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )


def _raw_path(scope: Scope) -> str:
    raw: bytes | None = scope.get("raw_path")
    if raw is not None:
        return raw.partition(b"?")[0].decode("latin-1")
    return quote(scope["path"], safe="/:@!$&'()*+,;=~-._")


def _body_reader(receive: Receive) -> Callable[[], Awaitable[bytes]]:
    done = False

    async def read() -> bytes:
        nonlocal done
        while not done:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("The client went away before its request was complete")
            done = not message.get("more_body", False)
            if body := message.get("body", b""):
                return bytes(body)
        return b""

    return read


async def _send_response(app: App[Any], response: Response, method: str, send: Send) -> None:
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in response.headers]
    body = response.body
    if "content-length" not in response.headers and response.status not in (204, 304):
        length = await _length(app, body)
        if length is not None:
            headers.append((b"content-length", b"%d" % length))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
        return
    if method == "HEAD":
        await _discard(body)
    else:
        async for piece in _pieces(body, app):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _length(app: App[Any], body: Body) -> int | None:
    if isinstance(body, bytes):
        return len(body)
    if isinstance(body, FileBody):
        file, count = await app.threads.run(body.open)
        body.file, body.count = file, count
        return count
    return None


async def _discard(body: FileBody | AsyncIterable[bytes]) -> None:
    """Close a body that is not sent."""
    opened = body.file if isinstance(body, FileBody) else body
    for name in ("close", "aclose"):
        close = getattr(opened, name, None)
        if close is not None:
            result = close()
            if isawaitable(result):
                await result
            return


async def _pieces(body: FileBody | AsyncIterable[bytes], app: App[Any]) -> AsyncIterator[bytes]:
    if not isinstance(body, FileBody):
        async for piece in body:
            yield piece
        return
    file, left = await app.threads.run(body.open)
    try:
        while left > 0:
            piece = await app.threads.run(file.read, min(left, _BLOCK))
            if not piece:
                raise OSError(f"{file.name} became shorter while it was sent")
            left -= len(piece)
            yield piece
    finally:
        file.close()


async def _serve_lifespan(app: App[Any], receive: Receive, send: Send) -> None:
    await receive()
    try:
        await app.startup()
    except Exception as error:
        logger.exception("The application failed to start")
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await app.shutdown()
    except Exception as error:
        logger.exception("The application failed to stop")
        await send({"type": "lifespan.shutdown.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})


class ScopeConnection:
    """What a scope tells of its connection.

    Args:
        scope: of an ``http`` request.
    """

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @property
    def client(self) -> tuple[str, int] | None:
        """Address and port of the peer."""
        client = self._scope.get("client")
        return (client[0], client[1]) if client else None

    @property
    def server(self) -> tuple[str, int] | None:
        """Address and port of this end."""
        server = self._scope.get("server")
        return (server[0], server[1]) if server else None

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        scheme: str = self._scope.get("scheme", "http")
        return scheme
