"""The body of one request, as its handler receives it."""

from __future__ import annotations

from collections.abc import Callable

from ._errors import ClientDisconnected
from ._timeouts import NEVER, READ
from ._wire import Source


async def no_body() -> bytes:
    """Receive the body of a request that has none."""
    return b""


class RequestBody:
    """Gives the pieces of a body as they arrive; asking is what makes the connection read on.

    The clocks run only while `receive` waits for the client.

    Args:
        connection: the `HTTPConnection`.
        next_piece: asks the parser; see `Parser.next_body`.
        length: of the whole body in bytes; None where nobody said.
        expects: whether the client waits for 100 Continue.
    """

    __slots__ = (
        "_connection",
        "_expects",
        "_length",
        "_next_piece",
        "_waited",
        "complete",
        "received",
    )

    def __init__(
        self,
        connection: Source,
        next_piece: Callable[[], bytes | None],
        length: int | None,
        expects: bool,
    ) -> None:
        self._connection: Source | None = connection
        self._next_piece = next_piece
        self._length = length
        self._expects = expects
        self._waited = 0.0
        self.received = 0
        self.complete = False

    @property
    def unasked(self) -> bool:
        """Whether the client still waits for 100 Continue, so that it may send no body at all."""
        return self._expects and not self.received

    async def receive(self) -> bytes:
        """Wait for the next piece.

        Returns:
            A piece of the body as it arrived; ``b""`` when it is complete.

        Raises:
            ClientDisconnected: the client left before the body was complete.
            RequestTimeout: the client did not send in time.
            RuntimeError: the request is over, or another task waits for its body already.
            Exception: what the parser says of a malformed body.
        """
        while not self.complete:
            connection = self._connection
            if connection is None:
                raise RuntimeError("the request is over: its body can be received no longer")
            try:
                piece = self._next_piece()
                if piece:
                    self.received += len(piece)
                    if self.received == self._length:  # so nobody has to ask again to learn it
                        self.complete = self._next_piece() == b""
            except Exception as error:
                connection.input_failed(error)
                raise
            if piece:
                connection.unread -= len(piece)
                return piece
            if piece is None:
                await self._wait(connection)
            else:
                self.complete = True
        return b""

    def close(self) -> None:
        """The request is over: whoever still asks for the body is told so."""
        self._connection = None

    async def _wait(self, connection: Source) -> None:
        if connection.eof:  # of a parser that does not complain
            raise ClientDisconnected("the client ended its input before the body was complete")
        if self._expects:
            self._expects = False
            connection.send_continue()
        loop = connection.loop
        begun = loop.time()
        connection.timeouts.reset_timeout(READ, self._patience(connection))
        try:
            await connection.wait_for_input()
        finally:
            self._waited += loop.time() - begun
            if not connection.eof:
                connection.timeouts.at[READ] = NEVER

    def _patience(self, connection: Source) -> float | None:
        """Seconds to wait for the next piece: the tightest of the pause, the rate and the whole."""
        deadlines, rate = connection.deadlines, connection.limits.body_rate
        bounds = [] if deadlines.body_read is None else [deadlines.body_read]
        if deadlines.body_grace is not None and rate > 0:
            earned = self.received / rate
            bounds.append(deadlines.body_grace + earned - self._waited)
        if deadlines.body_whole is not None:
            bounds.append(deadlines.body_whole - self._waited)
        return max(0.0, min(bounds)) if bounds else None
