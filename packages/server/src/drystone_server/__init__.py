"""An asyncio HTTP/1.1 server with deadlines that hold: sockets, a parser of your choice, a handler."""

__version__ = "0.1.0"
