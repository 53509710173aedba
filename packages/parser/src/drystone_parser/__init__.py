"""A strict HTTP/1.1 parser in pure Python: bytes to requests, no I/O and no event loop."""

__version__ = "0.1.0"
