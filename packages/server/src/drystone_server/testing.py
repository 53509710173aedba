r"""What tests of connections, handlers and servers share: no sockets, no sleeps.

loop = VirtualLoop()  # an hour passes in no time
server = HTTPServer(handler, lambda: SmallParser(Request))
client = connect(server)
client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
head = await client.read_until(b"\r\n\r\n")
"""

from __future__ import annotations

from ._memory import MemoryTransport, connect
from ._small_parser import BadRequest, SmallHeaders, SmallParser
from ._virtual_loop import VirtualLoop

__all__ = [
    "BadRequest",
    "MemoryTransport",
    "SmallHeaders",
    "SmallParser",
    "VirtualLoop",
    "connect",
]
