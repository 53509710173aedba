"""A parser for tests: small, honest, and no match for hostile input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class BadRequest(Exception):
    """What was sent is no request."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class SmallHeaders:
    """Fields, in the order received."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str, default: str | None = None) -> str | None:
        """The values of the field, joined."""
        values = [value for key, value in self._pairs if key.lower() == name.lower()]
        return ", ".join(values) if values else default

    def items(self) -> list[tuple[str, str]]:
        """Names and values."""
        return self._pairs


class SmallParser(Generic[R]):
    """Meets `drystone_server.Parser` in a hundred lines.

    Args:
        make_request: makes the object to fill.
    """

    def __init__(self, make_request: Callable[[], R]) -> None:
        self._make_request = make_request
        self._buffer = bytearray()
        self._eof = False
        self._request: Any = None
        self._left: int | None = 0

    def feed(self, data: bytes, /) -> None:
        """Append bytes."""
        self._buffer += data

    def feed_eof(self) -> None:
        """No more will come."""
        self._eof = True

    def release(self) -> bytes:
        """Hand over what was not used."""
        if self._left != 0:
            raise RuntimeError("release() before the body was read")
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    def next_request(self) -> R | None:
        """The next head, or None for "not yet"."""
        if self._left != 0:
            raise RuntimeError("next_request() before the body was read")
        head = self._take_to(b"\r\n\r\n")
        if head is None:
            return None
        request: Any = self._make_request()
        first, *lines = head.decode("latin-1").split("\r\n")
        try:
            request.method, request.target, version = first.split(" ")
            pairs = [(n, v.strip()) for n, v in (line.split(":", 1) for line in lines)]
        except ValueError:
            raise BadRequest(f"malformed head {head!r}") from None
        request.http_version = version.removeprefix("HTTP/")
        request.raw_path, _, request.query_string = request.target.partition("?")
        request.headers = SmallHeaders(pairs)
        self._frame(request)
        self._request = request
        made: R = request
        return made

    def _frame(self, request: Any) -> None:
        get = request.headers.get
        tokens = get("Connection", "").lower()
        old = request.http_version == "1.0"
        request.keep_alive = "keep-alive" in tokens if old else "close" not in tokens
        request.upgrade = get("Upgrade") is not None or request.method == "CONNECT"
        expects = get("Expect")
        if expects not in (None, "100-continue"):
            raise BadRequest(f"unknown expectation {expects!r}", 417)
        request.expect_continue = expects is not None
        chunked = get("Transfer-Encoding") == "chunked"
        request.content_length = None if chunked else int(get("Content-Length", "0"))
        request.trailers = SmallHeaders([])
        self._left = request.content_length

    def next_body(self) -> bytes | None:
        """A piece of the body, ``b""`` when complete, None for "not yet"."""
        if self._left is None:
            return self._next_chunk()
        piece = bytes(self._buffer[: self._left])
        if not piece and self._left:
            self._complain_at_end("the body")
            return None
        del self._buffer[: len(piece)]
        self._left -= len(piece)
        return piece

    def _next_chunk(self) -> bytes | None:
        line = self._buffer.partition(b"\r\n")[0]
        try:
            size = int(line, 16) if line or b"\r\n" in self._buffer else -1
        except ValueError:
            raise BadRequest(f"malformed chunk size {bytes(line)!r}") from None
        start = len(line) + 2
        if size == 0:
            del self._buffer[: start - 2]  # the last chunk's line, less its end
            fields = self._take_to(b"\r\n\r\n")
            if fields is None:
                self._buffer[:0] = line
                return None
            lines = fields.decode("latin-1").split("\r\n")[1:]
            pairs = [(n, v.strip()) for n, v in (line.split(":", 1) for line in lines)]
            self._request.trailers = SmallHeaders(pairs)
            self._left = 0
            return b""
        if size < 0 or len(self._buffer) < start + size + 2:
            self._complain_at_end("a chunk")
            return None
        piece = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size + 2]
        return piece

    def _take_to(self, end: bytes) -> bytes | None:
        found = self._buffer.find(end)
        if found < 0:
            if self._buffer:
                self._complain_at_end("the head")
            return None
        taken = bytes(self._buffer[:found])
        del self._buffer[: found + len(end)]
        return taken

    def _complain_at_end(self, what: str) -> None:
        if self._eof:
            raise BadRequest(f"the input ended within {what}")
