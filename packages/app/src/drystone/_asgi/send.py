"""A `Response` as ASGI messages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, MutableMapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias

from drystone_server import FileBody, InvalidResponse

from drystone._response import Body, Response

if TYPE_CHECKING:
    from drystone._threads import ThreadPool

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_BLOCK = 2**18


async def send_response(response: Response, method: str, threads: ThreadPool, send: Send) -> None:
    """Send a response; a client that leaves in between is the caller's matter.

    Raises:
        InvalidResponse: a field holds what would break out of it. Our server checks what it
            writes; others need not.
    """
    body = response.body
    bodyless = method == "HEAD" or response.status in (204, 304)
    try:
        start = await _start(response, threads)
        if bodyless:
            await send(start)
        elif isinstance(body, bytes):
            await send(start)
            await send({"type": "http.response.body", "body": body})
            return
        else:
            pieces = _read(body, threads) if isinstance(body, FileBody) else body
            await _send_pieces(start, pieces, send)
    finally:
        await _close(body)
    await send({"type": "http.response.body", "body": b""})


async def _start(response: Response, threads: ThreadPool) -> Message:
    headers = [_encode(name, value) for name, value in response.headers]
    if response.status == 204:  # RFC 9110, 8.6
        headers = [field for field in headers if field[0] != b"content-length"]
    elif response.status != 304 and "content-length" not in response.headers:
        length = await _length(response.body, threads)
        if length is not None:
            headers.append((b"content-length", b"%d" % length))
    return {"type": "http.response.start", "status": response.status, "headers": headers}


async def _send_pieces(start: Message, pieces: AsyncIterable[bytes], send: Send) -> None:
    """Send the head with the first piece, so that an error before it can still be answered."""
    begun = False
    async for piece in pieces:
        if not begun:
            begun = True
            await send(start)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if not begun:
        await send(start)


def _encode(name: str, value: str) -> tuple[bytes, bytes]:
    if not _TOKEN.fullmatch(name) or _BREAKS.search(value):
        raise InvalidResponse(f"{name!r}: {value!r} is no field that can be sent (RFC 9110, 5.5)")
    return name.lower().encode(), value.encode("latin-1")


_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u0100-\U0010ffff]")


async def _length(body: Body, threads: ThreadPool) -> int | None:
    if isinstance(body, bytes):
        return len(body)
    if isinstance(body, FileBody):
        file, count = await threads.run(body.open)
        body.file, body.count = file, count
        return count
    return None


async def _close(body: Body) -> None:
    """Close a body, sent or not: its clean-up is not left to the garbage collector."""
    opened = body.file if isinstance(body, FileBody) else body
    for name in ("close", "aclose"):
        close = getattr(opened, name, None)
        if close is not None:
            result = close()
            if isawaitable(result):
                await result
            return


async def _read(body: FileBody, threads: ThreadPool) -> AsyncIterator[bytes]:
    file, left = await threads.run(body.open)
    body.file = file  # `_close` closes it
    while left > 0:
        piece = await threads.run(file.read, min(left, _BLOCK))
        if not piece:
            raise OSError(f"{file.name} became shorter while it was sent")
        left -= len(piece)
        yield piece
