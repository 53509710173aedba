"""Bytes of a connection to requests, one after the other."""

from collections.abc import Callable
from typing import Generic, TypeVar

from ._body import BodyStream
from ._errors import BadMessage, ParseError
from ._head import GeneralHead, read_head
from ._headers import EMPTY
from ._interfaces import FillableRequest
from ._known import Acquaintance
from ._limits import DEFAULT, Limits
from ._quick import Head, quick_head

R = TypeVar("R", bound=FillableRequest)

_WINDOW = 4096  # bytes; nearly all heads are smaller


class RequestParser(BodyStream, Generic[R]):
    """Reads requests from a connection's bytes; does no I/O itself.

    Feed what arrives, then ask: ``next_request()`` until None; after each request ``next_body()``
    until ``b""``. A fault is raised where it stands in the order of the messages, after all that
    was complete before it, and again on every later call.

    Args:
        make_request: called once for each request; the object is filled and handed out.
        limits: how large the parts of a message may be.
    """

    def __init__(self, make_request: Callable[[], R], limits: Limits = DEFAULT):
        super().__init__(limits)
        self._make_request = make_request
        self._client = Acquaintance(limits)
        # What is no larger than this exceeds no limit on a size; larger heads go the general way.
        self._roomy = min(limits.request_line, limits.field_line, limits.head)
        self._window = min(_WINDOW, self._roomy)
        self._at_once = True  # whether the last head arrived in one piece

    def next_request(self) -> R | None:
        """The next request, filled up to its headers; its body is to be read before the next.

        Returns:
            The object from ``make_request``, or None for "not yet". After a request that is the
            last one of its connection (``keep_alive`` is false) always None.

        Raises:
            ParseError: if the bytes are no request, or the input ended within a head.
            RuntimeError: if the body of the request before was not read to its end, or the
                connection was released.
        """
        if not self._between:
            self._check_next("next_request")
            return None
        buffer, start = self._buffer, self._start
        if start == len(buffer):
            if start:
                self._let_go()
            return None
        head, tried = None, 0
        if self._at_once and self._searched == start and type(buffer) is bytes:
            # Nobody looked at these bytes yet: most often they begin with a whole head.
            tried = self._window
            head = quick_head(buffer[start : start + tried].decode("latin-1"), self._client)
        if head is None:
            head = self._find_head(tried)
            if head is None:
                return None
        request = self._make_request()
        request.method, request.target, request.raw_path, request.query_string, meaning, size = head
        (
            request.http_version,
            request.headers,
            request.keep_alive,
            request.expect_continue,
            request.content_length,
            request.upgrade,
        ) = meaning
        request.trailers = EMPTY
        end = start + size
        if end == len(buffer):
            self._before += end
            self._buffer, end = b"", 0
        self._start = self._searched = end
        if request.content_length != 0 or not request.keep_alive:
            self._last = not request.keep_alive
            self._upgrade = request.upgrade
            self._begin_body(request.content_length, request)
        return request

    def read_request(self, receive: Callable[[], bytes]) -> R | None:
        """The next request from a source that blocks; ``read_body`` reads its body.

        Args:
            receive: called for more bytes when they are needed; what it returns is fed, ``b""``
                is the end of input. For a socket: ``lambda: connection.recv(65536)``.

        Returns:
            The object from ``make_request``. None: no request will follow.

        Raises:
            ParseError: as by ``next_request()``.
            RuntimeError: likewise.
        """
        return self._read(self.next_request, receive)

    def _find_head(self, tried: int) -> Head | None:
        """A head that is unusual, or larger than what was tried, or arrived in pieces."""
        try:
            start = self._start
            if self._buffer.startswith(b"\r\n", start):
                start = self._skip_empty_lines()
            end = self._end_of_section(start)
            self._at_once = end >= 0 and self._searched == self._start
            quick = None
            if tried < end - start <= self._roomy:
                text = self._buffer[start:end].decode("latin-1")
                quick = quick_head(text, self._client)
            head = quick[:5] if quick else self._general_head(start, end)
        except ParseError as error:
            self._fail(error)
            raise
        if head is None:
            return None
        self._line = self._line_searched = 0
        return *head, end - self._start

    def _general_head(self, start: int, end: int) -> GeneralHead | None:
        if start == len(self._buffer):
            return None
        limits = self._limits
        text = self._section(start, end, limits.request_line, limits.field_line, limits.head)
        if text is None:
            return None
        head = read_head(text, self._before + start, limits, end >= 0)
        if head is None:
            raise self._incomplete("in the head of a request")
        return head

    def _skip_empty_lines(self) -> int:
        """Where the request line begins; some send an empty line too many (9112 2.2)."""
        buffer, start = self._buffer, self._start
        for _ in range(self._limits.empty_lines + 1):
            if buffer[start : start + 2] != b"\r\n":
                return start
            start += 2
        detail = f"more than {self._limits.empty_lines} empty lines before a request"
        raise BadMessage("too-many-empty-lines", detail, self._before + start - 2, "9112 2.2")
