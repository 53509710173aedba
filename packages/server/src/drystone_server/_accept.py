"""Listening sockets, and who is let in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ._deadlines import Limits

logger = logging.getLogger("drystone_server")

_PAUSE: Final = 0.5
"""Seconds to wait when the system has no descriptor or memory for a connection."""

_REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
    b"Content-Length: 0\r\n\r\n"
)


def listen(host: str | None, port: int, backlog: int) -> list[socket.socket]:
    """Open a listening socket for each address of the host.

    Args:
        host: a name or an address; None or "" is every address of the machine.
        port: 0 takes a free one, the same for all addresses.
        backlog: connections that wait in the kernel.

    Raises:
        OSError: the name is unknown, or an address is in use, or not of this machine.
        ValueError: the port is none.
    """
    if port > 65535:
        raise ValueError(f"port {port}: there are ports up to 65535")
    kind, flags = socket.SOCK_STREAM, socket.AI_PASSIVE
    try:
        found = socket.getaddrinfo(host or None, port, type=kind, flags=flags)
    except socket.gaierror as error:
        raise OSError(error.errno, f"host {host!r}: {error.strerror}") from error
    sockets: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((info[0], info[4]) for info in found):
            where = (address[0], port or (sockets[0].getsockname()[1] if sockets else 0))
            sockets.append(_open(family, (*where, *address[2:]), backlog))
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _open(family: socket.AddressFamily, address: Any, backlog: int) -> socket.socket:
    try:
        return socket.create_server(address, family=family, backlog=backlog)
    except OSError as error:
        where = f"{address[0]} port {address[1]}"
        reason = os.strerror(error.errno) if error.errno else error
        raise OSError(error.errno, f"cannot listen on {where}: {reason}") from error


def listen_unix(path: str, backlog: int) -> socket.socket:
    """Open a listening Unix socket, in the place of one that nobody listens on any more.

    Whoever may enter its folder may connect: a proxy runs as another user.

    Args:
        path: of the socket.
        backlog: connections that wait in the kernel.

    Raises:
        OSError: somebody listens there, or it is another file, or in a folder not to be written.
    """
    sock = socket.socket(socket.AF_UNIX)
    try:
        if _is_left_over(path):
            Path(path).unlink()
        sock.bind(path)
        Path(path).chmod(0o666)
        sock.listen(backlog)
    except OSError as error:
        sock.close()
        reason = os.strerror(error.errno) if error.errno else error
        raise OSError(error.errno, f"cannot listen on {path}: {reason}") from error
    return sock


def _is_left_over(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return Path(path).is_socket()
        except OSError:
            return False
    return False


class Doorkeeper:
    """Counts the connections and keeps accepting within the limits.

    Args:
        limits: how many, in all and from one address.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._clients: Counter[str] = Counter()
        self._inside: dict[object, str] = {}
        self._room = asyncio.Event()
        self._room.set()

    async def wait_for_room(self) -> None:
        """Wait until another connection may come in, where that is how a full house is handled."""
        if self._limits.when_full == "pause":
            await self._room.wait()

    def admit(self, sock: socket.socket, connection: object) -> bool:
        """Count a new connection in; or close it, with 503 where the server is full.

        Args:
            sock: as accepted.
            connection: what to name when it leaves.

        Returns:
            Whether it is let in.
        """
        client = _client_of(sock)
        if self._full():
            with contextlib.suppress(OSError):
                sock.send(_REFUSAL)
                sock.shutdown(socket.SHUT_WR)
                sock.recv(64 * 1024)  # unread input would turn the close into a reset
        elif not client or self._clients[client] != self._limits.connections_per_client:
            self._inside[connection] = client
            self._clients[client] += 1
            if self._full():
                self._room.clear()
            return True
        sock.close()
        return False

    def leave(self, connection: object) -> None:
        """Count a connection out, if it was counted in."""
        client = self._inside.pop(connection, None)
        if client is not None:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]
            self._room.set()

    def _full(self) -> bool:
        limit = self._limits.connections
        return limit is not None and len(self._inside) >= limit


def _client_of(sock: socket.socket) -> str:
    try:
        peer = sock.getpeername()
    except OSError:  # gone already
        return ""
    return peer[0] if isinstance(peer, tuple) else ""


async def accept_forever(
    sock: socket.socket, doorkeeper: Doorkeeper, serve: Callable[[socket.socket], None]
) -> None:
    """Accept connections while there is room, and give them to ``serve``."""
    loop = asyncio.get_running_loop()
    while True:
        await doorkeeper.wait_for_room()
        try:
            accepted, _ = await loop.sock_accept(sock)
        except OSError as error:  # of the one connection, or too many descriptors
            logger.error("Cannot accept a connection: %s; trying again in %s s", error, _PAUSE)
            await asyncio.sleep(_PAUSE)
        else:
            accepted.setblocking(False)
            try:
                await doorkeeper.wait_for_room()  # another socket may have filled it meanwhile
            except BaseException:
                accepted.close()
                raise
            try:
                serve(accepted)
            except Exception:  # such as of a parser that cannot be made
                logger.exception("Cannot serve a connection: it is closed")
                accepted.close()
