"""What the fields of a response say about its framing (RFC 9112 section 6.3)."""

from typing import NamedTuple

from ._errors import BadMessage
from ._framing import read_codings, read_length, read_options
from ._limits import Limits
from ._status_line import StatusLine


class ResponseFraming(NamedTuple):
    """How a response goes on, and what happens after it."""

    keep_alive: bool
    content_length: int | None  # None: chunked, or until the end of input
    until_end: bool
    tunnel: bool  # what follows is no longer HTTP


class ResponseFields:
    """Sees the field lines of one response in order; then says what they mean.

    Args:
        line: the status line.
        method: the method of the request that it answers.
        limits: see `Limits`.
    """

    def __init__(self, line: StatusLine, method: str, limits: Limits):
        self._line = line
        self._method = method
        self._limits = limits
        self._length: int | None = None
        self._chunked = False
        self._options: set[str] = set()

    def see(self, name: str, value: str, offset: int) -> None:
        """Takes in one line.

        Raises:
            ParseError: if it is wrong by itself or beside those before it.
        """
        if name == "content-length":
            self._content_length(value, offset)
        elif name == "transfer-encoding":
            self._transfer_encoding(value, offset)
        elif name == "connection":
            self._options |= read_options(value, offset)

    def _content_length(self, value: str, offset: int) -> None:
        if self._length is not None:
            detail = "Content-Length stands twice"
            raise BadMessage("repeated-content-length", detail, offset, "9112 6.3")
        # Where no body follows, the length is that of another response's (RFC 9110 section 8.6).
        limit = 10**18 if self._bodiless() else self._limits.body
        self._length = read_length(value, offset, limit)
        self._one_framing(offset)

    def _transfer_encoding(self, value: str, offset: int) -> None:
        if self._line.minor == 0:
            detail = "HTTP/1.0 has no Transfer-Encoding"
            raise BadMessage("bad-transfer-encoding", detail, offset, "9112 6.1")
        read_codings(value, self._chunked, offset)
        self._chunked = True
        self._one_framing(offset)

    def _one_framing(self, offset: int) -> None:
        if self._chunked and self._length is not None:
            detail = "both Content-Length and Transfer-Encoding"
            raise BadMessage("ambiguous-framing", detail, offset, "9112 6.3")

    def _bodiless(self) -> bool:
        status = self._line.status
        return status < 200 or status in (204, 304) or self._method == "HEAD" or self._tunnel()

    def _tunnel(self) -> bool:
        return self._line.status == 101 or (
            self._method == "CONNECT" and 200 <= self._line.status < 300
        )

    def end(self) -> ResponseFraming:
        """The meaning of all lines together."""
        persistent = self._line.minor > 0 or "keep-alive" in self._options
        keep_alive = persistent and "close" not in self._options
        if self._bodiless():
            tunnel = self._tunnel()
            return ResponseFraming(keep_alive and not tunnel, 0, False, tunnel)
        if self._chunked:
            return ResponseFraming(keep_alive, None, False, False)
        if self._length is None:
            return ResponseFraming(False, None, True, False)
        return ResponseFraming(keep_alive, self._length, False, False)
