"""One request of the test client on its way, and its response on the way back."""

from __future__ import annotations

import asyncio

from drystone_parser import Response as InterimResponse

from .memory import MemoryTransport
from .request import Outgoing
from .wire import WireReader


class Exchange:
    """One request and its response on a connection.

    Args:
        transport: the connection.
        request: what to send.
    """

    def __init__(self, transport: MemoryTransport, request: Outgoing) -> None:
        self.transport = transport
        self._request = request
        self._reader = WireReader(transport.reader, request.method)
        self._sending: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Send the request, and read the head of the final response."""
        self._sending = asyncio.ensure_future(self._send())
        try:
            self.head = await self._reader.read_head()
        except asyncio.CancelledError:
            self.transport.give_up()
            raise

    async def _send(self) -> None:
        body = self._request.body
        try:
            if isinstance(body, bytes):
                await self.transport.send(self._request.head() + body)
                return
            await self.transport.send(self._request.head())
            async for piece in body:
                if piece:
                    await self.transport.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            await self.transport.send(b"0\r\n\r\n")
        except ConnectionError:
            pass  # the server answered and closed before it had all; its answer is what counts
        except Exception as error:  # the caller's body failed: there will be no answer
            self.transport.reader.set_exception(error)

    @property
    def interim(self) -> list[InterimResponse]:
        """The 1xx responses that came before the final one."""
        return self._reader.interim

    async def next_piece(self) -> bytes:
        """The next piece of the body; empty at its end."""
        try:
            return await self._reader.read_piece()
        except asyncio.CancelledError:
            self.transport.give_up()
            raise

    async def abandon(self) -> None:
        """Give up, and close the connection."""
        await self.end()
        self.transport.hang_up()

    async def end(self) -> None:
        """Stop sending what nobody waits for."""
        if self._sending is not None and not self._sending.done():
            self._sending.cancel()
            await asyncio.wait([self._sending])

    @property
    def reusable(self) -> bool:
        """Whether another request can follow on this connection."""
        sent = self._sending is not None and self._sending.done() and not self._sending.cancelled()
        complete = self._reader.complete and self.head.keep_alive
        return sent and complete and not self.transport.is_closing()
