"""How long, and how much: the deadlines and limits of a connection, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. None switches a deadline off.

    The clocks for reading stand still while the handler is at work or reading is paused; the clock
    for writing runs only while bytes wait to be sent.

    Attributes:
        first_byte: from the connection to its first byte. Browsers open connections ahead of use
            and drop those themselves sooner.
        head: from the first byte of a request to the end of its head. A total: a drip does not
            reset it. A head is a few kB, and slow mobile links carry that in seconds.
        body_read: waiting for the next bytes of a body. Longer than a link's usual hiccup.
        body_grace: waiting for a body before its rate is judged. Slow start and a lossy link need
            some seconds.
        body_whole: all the time spent waiting for one body. A large upload over a thin line takes
            long; nobody waits longer than an hour.
        keep_alive: idle between requests. Longer than the 60 of common load balancers, so that it
            is they who close, and no request crosses a close on its way.
        handler: one call of the handler. Off: only the application knows. A handler overrides it
            for its request with `HTTPConnection.set_handler_timeout`.
        write: without progress while bytes wait to be sent; found out after at most twice this. A
            reader that takes nothing for so long has gone.
        half_close: from the client's end of input to the notice that it left. A client may end its
            sending and still read (RFC 9112, 9.6), and one that was closed looks the same.
        linger: reading on after the last response, so that the client can read it before a reset
            (RFC 9112, 9.6).
        tls_handshake: from the connection to the end of the TLS handshake.
        shutdown: from `HTTPServer.close` to the cancelling of what is still under way. The 30 of
            common process managers.

    Raises:
        ValueError: a deadline that is no time.
    """

    first_byte: float | None = 30.0
    head: float | None = 30.0
    body_read: float | None = 30.0
    body_grace: float | None = 20.0
    body_whole: float | None = 3600.0
    keep_alive: float | None = 75.0
    handler: float | None = None
    write: float | None = 20.0
    half_close: float | None = 2.0
    linger: float | None = 5.0
    tls_handshake: float | None = 10.0
    shutdown: float | None = 30.0

    def __post_init__(self) -> None:
        for field in fields(self):
            seconds = getattr(self, field.name)
            at_once = field.name == "shutdown" and seconds == 0
            if seconds is not None and not (seconds > 0 or at_once):
                raise ValueError(
                    f"Deadlines({field.name}={seconds!r}): a deadline is seconds above 0, "
                    "and None switches it off"
                )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one server, and one connection, takes.

    Attributes:
        connections: open at once. Each holds a file descriptor and a few kB.
        when_full: beyond that, ``"pause"`` leaves new ones in the kernel's queue, ``"refuse"``
            answers 503 and closes.
        connections_per_client: open at once from one address, beyond which new ones are closed;
            None does not count. Many people may stand behind one address, and all of them behind
            a proxy; clients on a Unix socket have none.
        requests: answered on one connection before it is closed; None does not count.
        read_ahead: bytes taken from a client before the handler asks for them, be they of a body or
            of further pipelined requests; beyond it reading pauses.
        drain: bytes of a body that the handler left unread and that are read to keep the
            connection; with more to come it is closed instead.
        body_rate: bytes per second, on average, that a body must come with after its grace.
        write_buffer: bytes that wait to be sent before whoever writes has to wait.

    Raises:
        ValueError: a limit with which nobody could be served, or that is no limit.
    """

    connections: int | None = 10_000
    when_full: Literal["pause", "refuse"] = "pause"
    connections_per_client: int | None = None
    requests: int | None = None
    read_ahead: int = 64 * 1024
    drain: int = 256 * 1024
    body_rate: float = 240.0
    write_buffer: int = 64 * 1024

    def __post_init__(self) -> None:
        for name in ("connections", "connections_per_client", "requests", "read_ahead"):
            if (count := getattr(self, name)) is not None and not count >= 1:
                raise ValueError(f"Limits({name}={count!r}): nothing could be served; at least 1")
        for name in ("drain", "body_rate", "write_buffer"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"Limits({name}={getattr(self, name)!r}): at least 0")
        if self.when_full not in ("pause", "refuse"):
            raise ValueError(f"Limits(when_full={self.when_full!r}): 'pause' or 'refuse'")
