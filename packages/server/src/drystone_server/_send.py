"""Sending a response whose body is more than a few bytes."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import IO, Any

from ._errors import ClientDisconnected, InvalidResponse
from ._fields import render_trailers
from ._link import Link
from ._writer import ResponseWriter

SLICE = 1024 * 1024
"""Bytes of a large body that are given to the transport at once."""

FILE_PIECE = 64 * 1024
"""Bytes of a file that are sent at once; so many per `Deadlines.write` is the slowest reader."""


async def send_slices(writer: ResponseWriter, body: bytes) -> None:
    """Send bytes too many for one write, so that no second copy of them waits in the transport."""
    view = memoryview(body)
    for start in range(0, len(view), SLICE):
        await writer.write(view[start : start + SLICE])
    await writer.finish()


async def send_pieces(writer: ResponseWriter, body: AsyncIterable[bytes], trailers: Any) -> None:
    """Send the pieces as they come, then the trailers."""
    async for piece in body:
        await writer.write(piece)
    fields = trailers() if callable(trailers) else trailers
    await writer.finish(trailers=render_trailers(fields) if fields else b"")


async def close_pieces(body: object) -> None:
    """Close an async generator, so that its ``finally`` runs now and not when it is collected."""
    aclose = getattr(body, "aclose", None)
    if aclose is not None:
        await aclose()


async def send_file(
    link: Link, writer: ResponseWriter, file: IO[bytes], offset: int, count: int
) -> None:
    """Send a range of an open file: by the kernel where the loop can, else in bounded reads."""
    if count > FILE_PIECE:
        await writer.write(b"")
        sent = await _send_by_kernel(link, file, offset, count)
        writer.sent(sent)
        count -= sent
        file.seek(offset + sent)
    await _send_by_reading(link, writer, file, count)


async def _send_by_reading(link: Link, writer: ResponseWriter, file: IO[bytes], count: int) -> None:
    while count > 0:
        piece = await link.loop.run_in_executor(None, file.read, min(FILE_PIECE, count))
        if not piece:
            break  # the writer knows what is missing
        count -= len(piece)
        if count:
            await writer.write(piece)
        else:
            await writer.finish(piece)
            return
    await writer.finish()


async def _send_by_kernel(link: Link, file: IO[bytes], offset: int, count: int) -> int:
    """Send with ``sendfile``; give the bytes sent, 0 where the loop or the transport cannot."""
    sent = 0
    link.sending_file = True
    try:
        while sent < count:
            piece = min(FILE_PIECE, count - sent)
            taken = await link.loop.sendfile(
                link.transport, file, offset + sent, piece, fallback=False
            )
            if not taken:
                raise InvalidResponse(f"{file.name!r} became shorter while it was sent")
            link.file_sent(taken)
            sent += taken
    except (NotImplementedError, RuntimeError, ConnectionError) as error:
        if isinstance(error, ConnectionError) or link.transport.is_closing():
            raise ClientDisconnected("the client left while a file was sent") from error
        # uvloop, TLS and a transport in memory have none; asyncio also says so when the client has
        # left, which the next write will show.
    finally:
        link.sending_file = False
    return sent
