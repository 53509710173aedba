"""Bytes of a connection to responses: for clients, proxies and tests."""

from collections.abc import Callable
from typing import Generic, TypeVar

from ._body import BodyStream
from ._errors import LimitExceeded, ParseError
from ._headers import EMPTY, Headers
from ._interfaces import FillableResponse
from ._limits import DEFAULT, Limits
from ._lines import read_fields
from ._quick_response import ResponseHead, quick_response
from ._response_framing import ResponseFields, ResponseFraming
from ._sections import section_matcher
from ._status_line import StatusLine, read_status_line

R = TypeVar("R", bound=FillableResponse)


class ResponseParser(BodyStream, Generic[R]):
    """Reads responses from a connection's bytes; does no I/O itself.

    It is used as a `RequestParser` is. All its errors have status 502, what a gateway answers.

    Args:
        make_response: called once for each response; the object is filled and handed out.
        limits: how large the parts of a message may be.
    """

    _error_status = 502

    def __init__(self, make_response: Callable[[], R], limits: Limits = DEFAULT):
        super().__init__(limits)
        self._make_response = make_response
        self._match = section_matcher(limits.fields)
        # What is no larger than this exceeds no limit on a size; larger heads go the general way.
        self._roomy = min(limits.request_line, limits.field_line, limits.head)

    def next_response(self, method: str = "GET") -> R | None:
        """The next response, filled up to its headers; its body is to be read before the next.

        An interim response (100 Continue, 103 Early Hints) is a response without a body; the
        final one follows it. After 101, or success for CONNECT, ``release()`` hands over what
        follows.

        Args:
            method: the method of the request that is answered: HEAD and CONNECT change where the
                response ends.

        Returns:
            The object from ``make_response``, or None for "not yet". After a response that is the
            last one of its connection (``keep_alive`` is false) always None.

        Raises:
            ParseError: if the bytes are no response, or the input ended within a head.
            RuntimeError: if the body of the response before was not read to its end.
        """
        if not self._between:
            self._check_next("next_response")
            return None
        if self._start == len(self._buffer):
            return None
        try:
            head = self._find_head(method)
        except ParseError as error:
            self._fail(error)
            raise
        return None if head is None else self._hand_out(*head)

    def read_response(self, receive: Callable[[], bytes], method: str = "GET") -> R | None:
        """The next response from a source that blocks; ``read_body`` reads its body.

        Args:
            receive: called for more bytes when they are needed; what it returns is fed, ``b""``
                is the end of input. For a socket: ``lambda: connection.recv(65536)``.
            method: the method of the request that is answered.

        Returns:
            The object from ``make_response``. None: no response will follow.

        Raises:
            ParseError: as by ``next_response()``.
            RuntimeError: likewise.
        """
        return self._read(lambda: self.next_response(method), receive)

    def _find_head(self, method: str) -> ResponseHead | None:
        limits, start = self._limits, self._start
        end = self._end_of_section(start)
        text = self._section(start, end, limits.request_line, limits.field_line, limits.head)
        if text is None:
            return None
        head = None
        if 0 < end - start <= self._roomy:
            head = quick_response(text, self._match, method, limits)
        if head is None:
            head = _read_head(text, self._before + start, limits, method)
        if head is None or end < 0:
            raise self._incomplete("in the head of a response")
        self._take(end - start)
        return head

    def _hand_out(self, line: StatusLine, headers: Headers, framing: ResponseFraming) -> R:
        response = self._make_response()
        response.status = line.status
        response.reason = line.reason
        response.http_version = f"1.{min(line.minor, 1)}"
        response.headers = headers
        response.keep_alive = framing.keep_alive
        response.content_length = framing.content_length
        response.trailers = EMPTY
        self._last = not framing.keep_alive and (framing.tunnel or line.status >= 200)
        self._upgrade = framing.tunnel
        if framing.until_end:
            self._begin_until_end()
        else:
            self._begin_body(framing.content_length, response)
        return response


def _read_head(text: str, base: int, limits: Limits, method: str) -> ResponseHead | None:
    """A head or the front of one, which is judged by its limit too; None without status line."""
    too_large = len(text) > limits.head
    text = text[: limits.head]
    head = None
    started = read_status_line(text, base, limits.request_line)
    if started is not None:
        line, start = started
        seen = ResponseFields(line, method, limits)
        pairs = list(read_fields(text, start, base, limits.field_line, limits.fields, seen.see))
        head = line, Headers(pairs), seen.end()
    if too_large:
        detail = f"the head is larger than {limits.head} bytes"
        raise LimitExceeded("head-too-large", detail, base + limits.head, "9110 5.4")
    return head
