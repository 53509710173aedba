"""What the kernel knows of a TCP connection: how much its peer has taken.

A TLS transport counts only what it has not yet encrypted. What it gave to the transport below, up
to the whole of a response, is hidden, and so is a reader that has stopped reading it. The kernel
knows; Linux tells. Elsewhere such a reader under TLS is found only when there is more to send.
"""

from __future__ import annotations

import socket
import struct
from typing import Any, Final, NamedTuple

# Of struct tcp_info of linux/tcp.h: tcpi_unacked, tcpi_bytes_acked, tcpi_notsent_bytes.
_FIELDS: Final = struct.Struct("=24x I 92x Q 16x I")
_TCP_INFO: Final[int | None] = getattr(socket, "TCP_INFO", None)


class Delivery(NamedTuple):
    """How far the bytes of a connection have come.

    Attributes:
        taken: bytes that the peer has acknowledged, of all that were ever sent.
        waiting: whether others wait in the kernel.
    """

    taken: int
    waiting: bool


def delivery(sock: Any) -> Delivery | None:
    """Ask the kernel; None where it does not tell.

    Args:
        sock: a socket, or what stands for one in a transport; None is none.
    """
    if sock is None or _TCP_INFO is None:
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _FIELDS.size)
    except (OSError, ValueError):  # no TCP; or closed, where uvloop's has no descriptor
        return None
    if len(info) < _FIELDS.size:
        return None
    unacknowledged, taken, unsent = _FIELDS.unpack(info)
    return Delivery(taken, bool(unacknowledged or unsent))
