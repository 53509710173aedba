"""The bytes that were fed and not yet consumed, and what is true of any stream of messages.

Bytes are kept as they came, without a copy, as long as they are consumed before more arrive; else
they are joined, and gathered in a bytearray once they are many. A byte is searched a bounded number
of times, however small the pieces are, and so it is copied, but for the first few.
"""

from typing import ClassVar

from ._errors import IncompleteMessage, ParseError
from ._grammar import SUSPECT, TEXT

_FEW = 4096  # so many bytes are copied for each piece that arrives: a bytearray costs more


class Stream:
    """Input of a parser: feed, feed_eof, release, and the error that ended it."""

    # The status of all errors, where it is not each error's own.
    _error_status: ClassVar[int | None] = None

    def __init__(self) -> None:
        self._buffer: bytes | bytearray = b""
        self._start = 0  # the first byte not consumed
        self._searched = 0  # no end of what is sought (a section, a line) begins before
        self._before = 0  # bytes consumed before the buffer
        # In an unfinished section, counted from its start: where its unfinished line begins, and
        # how far that was searched for its end.
        self._line = 0
        self._line_searched = 0
        self._eof = False
        self._error: ParseError | None = None
        # Whether a message may begin: the one before it is complete, and nothing ended the stream.
        self._between = True
        self._ended = False  # no message will begin any more
        self._deaf = False  # nobody will want what arrives

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Takes bytes as they arrive, in pieces of any size.

        Raises:
            TypeError: for anything but bytes; never for what the bytes are.
        """
        if not self._buffer:
            self._buffer = data if type(data) is bytes else bytes(memoryview(data))
        elif self._start == len(self._buffer):
            self._before += self._start
            self._start = self._searched = 0
            self._buffer = data if type(data) is bytes else bytes(memoryview(data))
        else:
            self._gather(data)

    def _gather(self, data: bytes | bytearray | memoryview) -> None:
        start = self._start
        if self._deaf:
            start, self._buffer = len(self._buffer), b""
        elif isinstance(self._buffer, bytearray):
            del self._buffer[:start]
        elif len(self._buffer) <= _FEW:
            self._buffer = self._buffer[start:]
        else:
            self._buffer = bytearray(memoryview(self._buffer)[start:])
        self._before += start
        self._searched -= start
        self._start = 0
        self._buffer += data

    def feed_eof(self) -> None:
        """Takes note that no more bytes will arrive. Never raises.

        From now on an unfinished message is an error. What is fed all the same is read as if it
        had come before.
        """
        self._eof = True

    def release(self) -> bytes:
        """Hands over the bytes not consumed; from now on they are the caller's to read.

        For the end of HTTP on a connection, after an upgrade or CONNECT. What is fed later is
        handed over by the next call.

        Raises:
            RuntimeError: if the body of the message at hand was not read to its end.
        """
        if not self._between and not self._ended:
            raise RuntimeError("release() before the body was read: call next_body() until b''")
        self._between = self._deaf = False
        self._ended = True
        rest = bytes(memoryview(self._buffer)[self._start :])
        self._take(len(rest))
        return rest

    def _take(self, size: int) -> None:
        self._start += size
        self._searched = self._start
        self._line = self._line_searched = 0

    def _let_go(self) -> None:
        """Keeps nothing of what was consumed: an idle connection holds no bytes of its last."""
        self._before += self._start
        self._start = self._searched = 0
        self._buffer = b""

    def _fail(self, error: ParseError) -> None:
        """Ends the stream with an error, which every later call raises again."""
        if self._error_status is not None:
            error.status = self._error_status
        self._error = error
        self._between = False
        self._ended = self._deaf = True

    def _end_of_section(self, start: int) -> int:
        """The index behind the head or trailer section that begins at ``start``; -1: not there."""
        end = self._buffer.find(b"\r\n\r\n", max(self._searched, start))
        return end + 4 if end >= 0 else -1

    def _section(
        self, start: int, end: int, first_limit: int, line_limit: int, limit: int
    ) -> str | None:
        """The text of a section, no more than a byte beyond the limit.

        Without an end only if there is something to judge: the input has ended, or the section is
        certain to be refused. Else None: not yet.
        """
        buffer = self._buffer
        if end < 0:
            troubled = self._troubled(start, first_limit, line_limit, limit)
            self._searched = max(start, len(buffer) - 3)
            if not (troubled or self._eof):
                return None
            end = len(buffer)
        return buffer[start : min(end, start + limit + 1)].decode("latin-1")

    def _troubled(self, start: int, first_limit: int, line_limit: int, limit: int) -> bool:
        """Whether the unfinished section is certain to be refused.

        Looks only at what has arrived since the last call. Stray control characters and lines over
        their limit are seen here; other faults wait for the section's end.
        """
        buffer = self._buffer
        unseen = max(self._searched - 1, start)
        if len(buffer) - start > limit or _has_suspects(buffer, start, unseen):
            return True
        if len(buffer) - start <= min(first_limit, line_limit):
            return False  # no line can be over its limit
        while True:
            allowed = line_limit if self._line else first_limit
            line = start + self._line
            end = buffer.find(b"\r\n", start + self._line_searched, line + allowed + 2)
            if end < 0:
                self._line_searched = max(len(buffer) - 1 - start, self._line)
                arrived = len(buffer) - line
                return arrived > allowed + (buffer[-1] == 0x0D)
            self._line = self._line_searched = end + 2 - start

    def _incomplete(self, what: str) -> ParseError:
        offset = self._before + len(self._buffer)
        return IncompleteMessage("incomplete-message", f"the input ended {what}", offset, "9112 8")


def _has_suspects(buffer: bytes | bytearray, section: int, start: int) -> bool:
    """Whether there is a control character, or a CR or LF alone, from ``start`` on.

    Looks at the byte before ``start`` too, but not at one before the section: that may be the last
    byte of a body.
    """
    ends = buffer[start:].translate(None, TEXT)
    lines = buffer.count(b"\r\n", start)
    if ends == b"\r\n" * lines:
        return False  # the quick way: line ends and nothing else
    before = max(start - 1, section)
    return SUSPECT.search(buffer[before:], start - before) is not None
