"""The Date field (RFC 9110, 6.6.1)."""

from __future__ import annotations

from email.utils import formatdate


def date_line(second: int) -> bytes:
    """The whole line, with its CRLF, for a second since the epoch."""
    return b"Date: %b\r\n" % formatdate(second, usegmt=True).encode()
