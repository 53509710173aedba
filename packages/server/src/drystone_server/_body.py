"""The body of one request, as its handler receives it."""

from __future__ import annotations

from ._deadlines import Deadlines, Limits
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
        length: of the whole body in bytes; None where nobody said.
        expects: whether the client waits for 100 Continue.
        deadlines: how long to wait.
        limits: for the rate that a body must come with.
    """

    __slots__ = (
        "_connection",
        "_deadlines",
        "_expects",
        "_length",
        "_limits",
        "_waited",
        "complete",
        "received",
    )

    def __init__(
        self,
        connection: Source,
        length: int | None,
        expects: bool,
        deadlines: Deadlines,
        limits: Limits,
    ) -> None:
        self._connection: Source | None = connection
        self._length = length
        self._expects = expects
        self._deadlines = deadlines
        self._limits = limits
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
            if self._connection is None:
                raise RuntimeError("the request is over: its body can be received no longer")
            piece = self._connection.next_piece()
            if piece is None:
                await self._wait(self._connection)
            elif piece:
                self.received += len(piece)
                if self.received == self._length:  # so nobody has to ask again to learn it
                    self.complete = self._connection.next_piece() == b""
                return piece
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
        connection.timeouts.reset_timeout(READ, self._patience())
        try:
            await connection.wait_for_input()
        finally:
            self._waited += loop.time() - begun
            if not connection.eof:
                connection.timeouts.at[READ] = NEVER

    def _patience(self) -> float | None:
        """Seconds to wait for the next piece: the tightest of the pause, the rate and the whole."""
        deadlines = self._deadlines
        bounds = [] if deadlines.body_read is None else [deadlines.body_read]
        if deadlines.body_grace is not None and self._limits.body_rate > 0:
            earned = self.received / self._limits.body_rate
            bounds.append(deadlines.body_grace + earned - self._waited)
        if deadlines.body_whole is not None:
            bounds.append(deadlines.body_whole - self._waited)
        return max(0.0, min(bounds)) if bounds else None
