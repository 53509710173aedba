r"""What tests of connections, handlers and servers share: no sockets, no sleeps.

loop = VirtualLoop()  # an hour passes in no time
server = make_server(handler)
client = connect(server)
client.send(GET % b"/")
head = await client.read_until(b"\r\n\r\n")
"""

from __future__ import annotations

from ._memory import MemoryTransport, connect
from ._samples import (
    CLOSE,
    GET,
    asgi_body,
    asgi_start,
    ask,
    echo_body,
    echo_target,
    listening,
    make_server,
    post,
    settle,
)
from ._small_parser import BadRequest, SmallHeaders, SmallParser
from ._virtual_loop import VirtualLoop

__all__ = [
    "CLOSE",
    "GET",
    "BadRequest",
    "MemoryTransport",
    "SmallHeaders",
    "SmallParser",
    "VirtualLoop",
    "asgi_body",
    "asgi_start",
    "ask",
    "connect",
    "echo_body",
    "echo_target",
    "listening",
    "make_server",
    "post",
    "settle",
]
