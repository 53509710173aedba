"""The transport's side of a connection: writing, pausing, clocks, and the three ways to close.

`HTTPConnection` is a `Link` that speaks HTTP. Nothing here knows of requests.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Sequence
from typing import Any, Final, cast

from ._deadlines import Deadlines
from ._errors import ClientDisconnected
from ._kernel import Delivery, delivery
from ._linger import Lingering
from ._timeouts import NEVER, READ, WRITE, Timeouts

_UNKNOWN: Final = ("", 0)
_JOINED: Final = 64 * 1024
"""Bytes up to which parts are copied into one write."""

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Link(asyncio.Protocol):
    """One TCP connection under back-pressure, with its clocks.

    Args:
        loop: the event loop.
        deadlines: seconds; see `Deadlines`.

    Attributes:
        tls: the TLS session, with its cipher and the client's certificate; None without TLS.
        eof: whether the client has ended its sending.
        lost: whether the connection is gone.
        blocked: a future that ends when the client has taken enough; None while writing is free.
    """

    __slots__ = (
        "_client",
        "_flushed",
        "_reading",
        "_server_address",
        "_written",
        "blocked",
        "deadlines",
        "eof",
        "loop",
        "lost",
        "sending_file",
        "timeouts",
        "tls",
        "transport",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, deadlines: Deadlines) -> None:
        self.loop = loop
        self.deadlines = deadlines
        self.timeouts = Timeouts(loop, self.close_on_timeout)
        self.transport: asyncio.Transport = _NOT_CONNECTED
        self.tls: ssl.SSLObject | None = None
        self._client: tuple[str, int] | None = _UNKNOWN
        self._server_address: tuple[str, int] | None = _UNKNOWN
        self.eof = False
        self.lost = False
        self.sending_file = False
        self.blocked: asyncio.Future[None] | None = None
        self._reading = True
        self._written = 0
        self._flushed = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self.transport = cast(asyncio.Transport, transport)
        self.tls = transport.get_extra_info("ssl_object")

    # Who is there

    @property
    def client(self) -> tuple[str, int] | None:
        """Address and port of the client; None where there is none (a Unix socket)."""
        if self._client is _UNKNOWN:
            self._client = _address(self.transport.get_extra_info("peername"))
        return self._client

    @property
    def server(self) -> tuple[str, int] | None:
        """Address and port that the client reached; None where there is none."""
        if self._server_address is _UNKNOWN:
            self._server_address = _address(self.transport.get_extra_info("sockname"))
        return self._server_address

    @property
    def scheme(self) -> str:
        """``"https"`` under TLS, else ``"http"``."""
        return "http" if self.tls is None else "https"

    # Writing

    def write(self, data: bytes | memoryview) -> None:
        """Write, and let the clock for writing run.

        Raises:
            ClientDisconnected: the client has left.
        """
        if self.transport.is_closing():
            # Known before connection_lost: a writer that never waits must not run on for ever.
            raise ClientDisconnected("the client has left; nothing more can be sent to it")
        self._written += len(data)
        if self.timeouts.at[WRITE] == NEVER:
            self.timeouts.reset_timeout(WRITE, self.deadlines.write)
        self.transport.write(data)

    def write_parts(self, parts: Sequence[bytes | memoryview]) -> None:
        """Write what belongs together: joined if it is little, else by one call without a copy.

        Raises:
            ClientDisconnected: the client has left.
        """
        size = sum(map(len, parts))
        if size <= _JOINED:
            self.write(b"".join(parts))
        elif _gathers(self.transport):
            self.write(b"")  # for its checks
            self._written += size
            self.transport.writelines(parts)
        else:
            for part in parts:
                self.write(part)

    async def wait_until_writable(self) -> None:
        """Wait until the client has taken most of what was written.

        Raises:
            ClientDisconnected: the client has left.
        """
        if self.blocked is not None:
            await asyncio.shield(self.blocked)

    def pause_writing(self) -> None:
        """The transport holds enough: whoever writes waits from now on."""
        if self.blocked is None and not self.lost:
            self.blocked = self.loop.create_future()

    def resume_writing(self) -> None:
        """The transport takes more."""
        blocked, self.blocked = self.blocked, None
        if blocked is not None and not blocked.done():
            blocked.set_result(None)

    def file_sent(self, count: int) -> None:
        """Account for bytes that the kernel sent from a file."""
        self._written += count

    def bytes_wait(self) -> bool:
        """Whether the client has yet to take something that was written."""
        if self.sending_file or self.transport.get_write_buffer_size():
            return True
        known = self._delivery()
        return known is not None and known.waiting

    def has_taken_something(self) -> bool:
        """Whether the client took any bytes since this was last asked."""
        known = self._delivery()
        if known is None:
            flushed = self._written - self.transport.get_write_buffer_size()
        else:
            flushed = known.taken
        progress = flushed != self._flushed
        self._flushed = flushed
        return progress

    def _delivery(self) -> Delivery | None:
        return None if self.tls is None else delivery(self.transport.get_extra_info("socket"))

    # Reading

    def pause_reading(self) -> None:
        """Take no more from the client for now."""
        if self._reading and not self.eof:
            self._reading = False
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take what the client sends."""
        if not self._reading and not self.lost:
            self._reading = True
            if not self.eof:
                self.transport.resume_reading()

    # Closing

    def close(self) -> None:
        """Close when what was written has been sent; a client that takes nothing is cut off."""
        if self.tls is not None:
            self.resume_reading()  # asyncio's TLS does not end before all that came was taken
        self.transport.close()

    def linger(self, unread: bool) -> None:
        """End the sending, read on until the client closes, then close (RFC 9112, 9.6).

        Args:
            unread: whether the client may be sending something that nobody will read.
        """
        transport = self.transport
        if self.eof or self.deadlines.linger is None:
            self.close()
            return
        if transport.can_write_eof():
            try:
                transport.write_eof()
            except OSError:  # of asyncio: the client has reset it, and we are yet to hear
                transport.abort()
                return
        elif not unread:
            self.close()  # TLS cannot end one direction alone
            return
        transport.set_protocol(Lingering(self, transport))
        self.resume_reading()
        self.timeouts.reset_timeout(READ, self.deadlines.linger)

    def abort(self) -> None:
        """Cut the connection with a reset: no client can take what it has for whole."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            try:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                if self.sending_file:
                    # The loop's sendfile waits for the socket itself, and for ever if that is
                    # closed under it. This lets it fail; who sends the file then comes back here.
                    sock.shutdown(socket.SHUT_RDWR)
                    return
            except (OSError, ValueError):  # not a TCP socket; or closed, where uvloop's has no fd
                pass
        self.transport.abort()

    def close_on_timeout(self, clock: int) -> None:
        """A clock has run out: close."""
        if clock != WRITE:
            self.close()
        elif self.bytes_wait():
            if self.has_taken_something():
                self.timeouts.reset_timeout(WRITE, self.deadlines.write)
            else:
                self.abort()

    def lose(self) -> None:
        """The connection is gone: stop the clocks, wake who waits."""
        self.lost = self.eof = True
        self.timeouts.close()
        blocked, self.blocked = self.blocked, None
        if blocked is not None and not blocked.done():
            blocked.set_exception(ClientDisconnected("the client left before it had the response"))
            blocked.exception()  # seen, whether or not anybody waits


def _gathers(transport: asyncio.WriteTransport) -> bool:
    """Whether ``writelines`` neither copies nor forgets to pause the writer.

    uvloop's is one ``writev``. asyncio's joins the parts until 3.11, and in the first releases of
    3.12 and 3.13 goes on however much waits already.
    """
    return type(transport).__module__ == "uvloop.loop"


class _NotConnected(asyncio.Transport):
    """The transport before there is one."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


_NOT_CONNECTED = _NotConnected()


def _address(found: Any) -> tuple[str, int] | None:
    return (found[0], found[1]) if isinstance(found, tuple) and len(found) >= 2 else None
