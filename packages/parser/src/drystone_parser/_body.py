"""The body behind a head, in pieces as they arrive (RFC 9112 sections 6 and 7).

Each state is a method that answers with a piece, None for "not yet", or b"" for "complete":

    state          what it reads                  what follows
    _in_length     Content-Length bytes           complete
    _at_chunk      a chunk-size line              _in_chunk; after size 0 _in_trailers
    _in_chunk      chunk data, then its CRLF      _at_chunk
    _in_trailers   trailer lines, an empty line   complete
    _until_end     all, to the end of input       complete
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ._chunk_line import PLAIN_SIZE, read_chunk_line
from ._errors import BadMessage, LimitExceeded, ParseError
from ._headers import Headers
from ._limits import Limits
from ._stream import Stream
from ._trailers import read_trailers

T = TypeVar("T")


class BodyStream(Stream):
    """A stream of messages: reads the body of the one at hand."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._left = 0  # bytes of the body or the chunk still to come
        self._size = 0  # bytes of the body so far, as its chunks announced them
        self._size_line, self._chunk = b"0\r\n", 0  # the last chunk-size line, and what it said
        self._extensions = 0  # bytes of chunk extensions so far
        self._last = False  # no message follows the one at hand
        self._upgrade = False  # what follows it may be for somebody else
        self._message: Any = None  # the filled object, for its trailers
        self._state: Callable[[Any], bytes | None] = BodyStream._complete

    def next_body(self) -> bytes | None:
        """The next piece of the body of the message at hand.

        Returns:
            A piece as it arrived; ``b""`` when the body is complete, and at once where there is
            none; None for "not yet: feed more".

        Raises:
            ParseError: if the body is malformed or too large, or the input ended within it.
        """
        if self._between:
            return b""
        if self._error is not None:
            raise self._error.with_traceback(None)
        try:
            return self._state(self)
        except ParseError as error:
            self._fail(error)
            raise

    def read_body(self, receive: Callable[[], bytes]) -> Iterator[bytes]:
        """The pieces of the body of the message at hand, from a source that blocks.

        Args:
            receive: called for more bytes when they are needed; what it returns is fed, ``b""``
                is the end of input. For a socket: ``lambda: connection.recv(65536)``.

        Raises:
            ParseError: as by ``next_body()``.
        """
        while piece := self._read(self.next_body, receive):
            yield piece

    def _read(self, question: Callable[[], T | None], receive: Callable[[], bytes]) -> T | None:
        """The answer of one of the verbs, as soon as enough was received."""
        while (answer := question()) is None and not (self._ended or self._eof):
            data = receive()
            if data:
                self.feed(data)
            else:
                self.feed_eof()
        return answer

    def _begin_body(self, content_length: int | None, message: object) -> None:
        """Sets out to read a body; None means chunked."""
        self._between = False
        if content_length is None:
            self._message = message
            self._size = self._extensions = 0
            self._state = BodyStream._at_chunk
        elif content_length:
            self._left = content_length
            self._state = BodyStream._in_length
        else:
            self._finish()

    def _begin_until_end(self) -> None:
        self._between = False
        self._size = 0
        self._state = BodyStream._until_end

    def _check_next(self, caller: str) -> None:
        """Says why no message can begin; nothing if the last one of the connection is over."""
        if self._error is not None:
            raise self._error.with_traceback(None)
        if not self._ended:
            raise RuntimeError(
                f"{caller}() before the body of the last message was read: "
                "call next_body() until b''"
            )

    def _finish(self) -> bytes:
        """Makes ready for the next message, if there can be one."""
        self._message = None
        self._state = BodyStream._complete
        self._between = not self._last
        self._ended = self._last
        self._deaf = self._last and not self._upgrade
        return b""

    def _complete(self) -> bytes:
        return b""

    def _piece(self) -> bytes:
        """As much of ``_left`` as is there: the buffer itself where it holds nothing else."""
        buffer, start = self._buffer, self._start
        if buffer.__class__ is bytes:
            piece = buffer[start : start + self._left]  # no copy where that is all of it
        else:
            piece = bytes(memoryview(buffer)[start : start + self._left])
        size = len(piece)
        self._left -= size
        self._start = self._searched = start + size
        return piece

    def _in_length(self) -> bytes | None:
        if self._start == len(self._buffer):
            return self._wait("in a body, {} bytes before its end")
        piece = self._piece()
        if not self._left:
            self._finish()  # here, so that who asks again is answered at once
        return piece

    def _until_end(self) -> bytes | None:
        """A response body that ends with the connection (RFC 9112 section 6.3)."""
        arrived = len(self._buffer) - self._start
        if arrived:
            # What the limit allows is handed out first, however much came at once.
            self._left = min(arrived, self._limits.body - self._size)
            if not self._left:
                raise self._too_large()
            self._size += self._left
            return self._piece()
        return self._finish() if self._eof else None

    def _at_chunk(self) -> bytes | None:
        buffer, start = self._buffer, self._start
        if start == len(buffer):
            return self._wait("before a chunk") if self._eof else None
        line = self._size_line
        if buffer.startswith(line, start):
            # Nearly all chunks of a body have one size.
            size, end = self._chunk, start + len(line)
        else:
            read = self._read_size(start)
            if read is None:
                return None
            size, end = read
        self._size += size
        if self._size > self._limits.body:
            raise self._too_large()
        stop = end + size
        if size and buffer.startswith(b"\r\n", stop):
            self._start = self._searched = stop + 2
            return (
                buffer[end:stop] if type(buffer) is bytes else bytes(memoryview(buffer)[end:stop])
            )
        self._start = self._searched = end
        self._left = size
        self._state = BodyStream._in_chunk if size else BodyStream._in_trailers
        return self._state(self)

    def _read_size(self, start: int) -> tuple[int, int] | None:
        """The size of a chunk, and where its data begins; None for "not yet"."""
        plain = PLAIN_SIZE(self._buffer, start)
        if plain is not None:
            self._size_line = bytes(plain[0])
            self._chunk = int(plain[1], 16)
            return self._chunk, plain.end()
        line = read_chunk_line(
            self._buffer,
            start,
            self._searched,
            self._before,
            self._limits.chunk_extensions - self._extensions,
        )
        if line is None:
            self._searched = max(start, len(self._buffer) - 1)
            self._wait("before the end of a chunk-size line")
            return None
        self._extensions += line.extensions
        return line.size, line.end

    def _in_chunk(self) -> bytes | None:
        buffer, start = self._buffer, self._start
        if self._left:
            if start < len(buffer):
                return self._piece()
            return self._wait("in a chunk, {} bytes before its end")
        end = buffer[start : start + 2]
        if end == b"\r\n":
            self._start = self._searched = start + 2
            self._state = BodyStream._at_chunk
            return self._at_chunk()
        if end in (b"", b"\r"):
            return self._wait("before the end of a chunk")
        detail = "chunk data is longer than its size, or no CRLF follows it"
        offset = self._before + start + (end[:1] == b"\r")
        raise BadMessage("bad-chunk-end", detail, offset, "9112 7.1")

    def _in_trailers(self) -> bytes | None:
        limits, start = self._limits, self._start
        if self._buffer[start : start + 2] == b"\r\n":
            self._take(2)
            return self._finish()
        end = self._end_of_section(start)
        text = self._section(start, end, limits.field_line, limits.field_line, limits.trailers)
        if text is None:
            return None
        pairs = read_trailers(text, self._before + start, limits)
        if end < 0:
            raise self._incomplete("in the trailers")
        self._take(end - start)
        self._message.trailers = Headers(pairs)
        return self._finish()

    def _too_large(self) -> ParseError:
        detail = f"the content is larger than {self._limits.body} bytes"
        offset = self._before + self._start
        return LimitExceeded("body-too-large", detail, offset, "9110 15.5.14", 413)

    def _wait(self, where: str) -> bytes | None:
        """Not yet; never, if the input has ended."""
        if self._eof:
            raise self._incomplete(where.format(self._left))
        return None
