"""The server: sockets to listen on, connections to serve, and a graceful end."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl as ssl_module
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final, Generic

from ._accept import Doorkeeper, accept_forever, listen
from ._access_log import LoggedConnection
from ._connection import HTTPConnection
from ._deadlines import Deadlines, Limits
from ._head import HeadRenderer
from ._interfaces import ErrorResponse, Handler, Parser, R
from ._proxied import ProxiedConnection
from ._proxies import TrustedProxies
from ._settings import Settings
from ._streams import StreamTransport

logger = logging.getLogger("drystone_server")

_LAST_WORDS: Final = 1.0
"""Seconds for cancelled handlers to clean up, and for their 503 to leave, before all is cut."""


_LOOK_AGAIN: Final = 3600.0
"""Seconds; the event loop takes no endless timeout."""


class HTTPServer(Generic[R]):
    """Serves HTTP/1.1 with one handler.

    Args:
        handler: ``async (request) -> response``.
        parser: makes a parser for each connection.
        loop: the event loop; None takes the one that runs when the first connection comes.
        deadlines: seconds; see `Deadlines`.
        limits: see `Limits`.
        server_header: the value of the ``Server`` field; None sends none.
        access_log: whether the logger ``drystone_server.access`` gets a line for each request.
        proxies: those whose ``X-Forwarded-For`` or ``Forwarded`` is believed; None is nobody.
        error_response: makes the response to what the server refuses by itself, or could not send;
            None answers in plain text.
    """

    def __init__(
        self,
        handler: Handler[R],
        parser: Callable[[], Parser[R]],
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        deadlines: Deadlines | None = None,
        limits: Limits | None = None,
        server_header: str | None = None,
        access_log: bool = False,
        proxies: TrustedProxies | None = None,
        error_response: ErrorResponse | None = None,
    ) -> None:
        self._handler = handler
        self._parser = parser
        self._loop = loop
        self._deadlines = deadlines or Deadlines()
        self._limits = limits or Limits()
        self._heads = HeadRenderer(server_header)
        self._proxies = proxies
        # What is not asked for costs nothing: it is in a class that is not used then.
        self._make: type[HTTPConnection[R]] = HTTPConnection
        if access_log:
            self._make = LoggedConnection
        elif proxies is not None:
            self._make = ProxiedConnection
        self._error_response = error_response
        self._doorkeeper = Doorkeeper(self._limits)
        self._settings_made: Settings[R] | None = None
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._changed = asyncio.Event()
        self._closed = asyncio.Event()

    @property
    def sockets(self) -> Sequence[socket.socket]:
        """The listening sockets."""
        return tuple(self._sockets)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Address and port of each listening socket that has them."""
        names = (sock.getsockname() for sock in self._sockets)
        return [(name[0], name[1]) for name in names if isinstance(name, tuple)]

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._settings.connections)

    @property
    def closing(self) -> bool:
        """Whether `close` was called."""
        return self._settings.closing.is_set()

    async def start(
        self,
        host: str | None = None,
        port: int = 0,
        *,
        sockets: Sequence[socket.socket] = (),
        ssl: ssl_module.SSLContext | None = None,
        backlog: int = 2048,
    ) -> None:
        """Listen, and serve from the running loop; may be called again for further addresses.

        Args:
            host: a name or address; None is every address of the machine.
            port: 0 takes a free one; see `addresses`.
            sockets: listening sockets to use instead of opening any; the server closes them.
            ssl: the context of a TLS server.
            backlog: connections that wait in the kernel to be accepted.

        Raises:
            OSError: an address is in use or not of this machine.
            ValueError: the port is none.
        """
        loop = self._settings.loop
        opened = list(sockets) or await loop.run_in_executor(None, listen, host, port, backlog)
        for sock in opened:
            sock.setblocking(False)
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                # Accepted sockets inherit it.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets.append(sock)
            serve = partial(self._serve, ssl=ssl)
            self._spawn(accept_forever(sock, self._doorkeeper, serve))

    async def serve_forever(self) -> None:
        """Wait until the server is closed; when cancelled, close it."""
        try:
            await self._closed.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop listening, let the requests at work end, then close.

        Idle connections are closed at once. Handlers can see the end coming
        (`HTTPConnection.closing`); those still at work after `Deadlines.shutdown` are cancelled,
        and answered with 503 where that is still possible. Cancelling this cuts all connections
        at once.
        """
        if self.closing:
            await self._closed.wait()
            return
        self._settings.closing.set()
        try:
            await self._close_in_order()
        finally:  # also when cancelled: nobody may wait for ever
            self._cut()
            self._closed.set()

    async def _close_in_order(self) -> None:
        settings = self._settings
        await self._stop_listening()
        for connection in list(settings.connections):
            connection.server_closes()
        if await self._all_gone(self._deadlines.shutdown):
            return
        for connection in list(settings.connections):
            connection.stop()
        for task in list(settings.background):
            task.cancel()
        if not await self._all_gone(_LAST_WORDS):
            self._cut()
            await self._all_gone(_LAST_WORDS)

    def _cut(self) -> None:
        for sock in self._sockets:
            sock.close()
        for connection in list(self._settings.connections):
            connection.abort()

    async def handle_connection(self, reader: Any, writer: Any) -> None:
        """Serve one connection over a pair of streams: ``asyncio.start_server`` takes this.

        Args:
            reader: an `asyncio.StreamReader` or anything with its ``read``.
            writer: an `asyncio.StreamWriter` or anything with its ``write``, ``drain``, ``close``
                and ``get_extra_info``.
        """
        await StreamTransport(reader, writer).run(self.make_connection())

    def make_connection(self) -> HTTPConnection[R]:
        """Make the protocol of one connection, for a transport of your own."""
        return self._make(self._settings, self._parser())

    async def __aenter__(self) -> HTTPServer[R]:
        """Give the server."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close the server."""
        await self.close()

    @property
    def _settings(self) -> Settings[R]:
        if self._settings_made is None:
            loop = self._loop or asyncio.get_running_loop()
            self._settings_made = Settings(
                self._handler,
                loop,
                self._deadlines,
                self._limits,
                self._heads,
                self._proxies,
                self._error_response,
            )
            self._settings_made.forget = self._forget
        return self._settings_made

    def _serve(self, accepted: socket.socket, ssl: ssl_module.SSLContext | None) -> None:
        connection = self.make_connection()
        if self._doorkeeper.admit(accepted, connection):
            self._spawn(self._connect(accepted, connection, ssl))

    async def _connect(
        self,
        accepted: socket.socket,
        connection: HTTPConnection[R],
        ssl: ssl_module.SSLContext | None,
    ) -> None:
        try:
            await self._settings.loop.connect_accepted_socket(
                lambda: connection,
                accepted,
                ssl=ssl,
                ssl_handshake_timeout=self._deadlines.tls_handshake if ssl else None,
            )
        except Exception as error:
            # The handshake failed, or the client has gone; anything else is a fault of ours, which
            # must not count against the limit either.
            level = logging.DEBUG if isinstance(error, OSError) else logging.ERROR
            logger.log(level, "Connection not made: %s", error)
            accepted.close()
            self._forget(connection)

    def _forget(self, connection: HTTPConnection[R]) -> None:
        self._settings.connections.discard(connection)
        self._doorkeeper.leave(connection)
        self._changed.set()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._settings.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop_listening(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for sock in self._sockets:
            sock.close()

    async def _all_gone(self, seconds: float | None) -> bool:
        """Wait until no connection and no handler is left; False when the time is up."""
        loop, settings = self._settings.loop, self._settings
        end = float("inf") if seconds is None else loop.time() + seconds
        while settings.connections or settings.background:
            left = end - loop.time()
            if left <= 0:
                return False
            self._changed.clear()
            changed = asyncio.ensure_future(self._changed.wait())
            await asyncio.wait(
                {changed, *settings.background},
                timeout=min(left, _LOOK_AGAIN),
                return_when=asyncio.FIRST_COMPLETED,
            )
            changed.cancel()
        return True
