"""A `Request` made of an ASGI scope."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from drystone_parser import Headers

from drystone._request import Request

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

_AHEAD = 64 * 1024
"""Bytes taken of a body that nobody reads."""

_PATH_SAFE = "/:@!$&'()*+,;=~-._"


def make_request(scope: Scope, reader: BodyReader) -> Request[Any]:
    """Fill a request from a scope."""
    request: Request[Any] = Request()
    raw_path = _raw_path(scope)
    request.method = scope["method"]
    request.root_path = scope.get("root_path", "")
    prefix = quote(request.root_path, safe=_PATH_SAFE)
    if prefix and raw_path.startswith(prefix):  # some servers lead the path with it, some do not
        raw_path = raw_path[len(prefix) :] or "/"
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
    request.receive = reader.read
    reader.left = request.content_length
    return request


def _headers(scope: Scope) -> Headers:
    return Headers(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )


def _raw_path(scope: Scope) -> str:
    raw: bytes | None = scope.get("raw_path")
    if raw is not None:
        return raw.partition(b"?")[0].decode("latin-1")
    return quote(scope["path"], safe=_PATH_SAFE)


class BodyReader:
    """Reads the body of a request, and hears when the client leaves.

    Both come from one ``receive``. Who waits for the client to leave takes a little of a body that
    nobody reads, and leaves the rest: a stream may still read it while it is sent.

    Args:
        receive: of the scope.

    Attributes:
        left: how many bytes of the body are still to come; None where nobody said.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._turn = asyncio.Lock()
        self._complete = asyncio.Event()
        self._begun = False
        self._ahead: list[bytes] = []
        self._size_ahead = 0
        self.left: int | None = None

    async def read(self) -> bytes:
        """The next piece; empty at the end.

        Raises:
            ConnectionResetError: the client left.
        """
        self._begun = True
        while not self._ahead and not self._complete.is_set():
            async with self._turn:
                if not self._ahead and not self._complete.is_set():
                    await self._take()
        return self._ahead.pop(0) if self._ahead else b""

    async def wait_disconnected(self) -> None:
        """Wait until the client leaves; while a body is being read, its reader is told instead."""
        try:
            while not self._complete.is_set() and not self._begun and self._size_ahead < _AHEAD:
                async with self._turn:
                    await self._take()
        except ConnectionResetError:
            return
        await self._complete.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _take(self) -> None:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("The client went away before its request was complete")
        if piece := bytes(message.get("body", b"")):
            self._ahead.append(piece)
            self._size_ahead += len(piece)
        if self.left is not None:
            self.left -= len(piece)
        # Some servers tell the end by an empty message; who has all of it asks for none.
        if self.left == 0 or not message.get("more_body", False):
            self._complete.set()


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
