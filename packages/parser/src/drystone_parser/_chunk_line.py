"""The line before a chunk: chunk-size [ chunk-ext ] CRLF (RFC 9112 section 7.1)."""

import re
from typing import NamedTuple

from ._errors import BadMessage, LimitExceeded, ParseError
from ._grammar import CHUNK_EXTENSIONS, SUSPECT

MAX_DIGITS = 16

# The lines that are nothing but a size.
PLAIN_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16}+)\r\n").match
_DIGITS = re.compile(rb"[0-9A-Fa-f]{1,17}+")


class ChunkLine(NamedTuple):
    """A chunk-size line, CRLF and all."""

    size: int
    extensions: int  # bytes of them
    end: int  # index behind the line


def read_chunk_line(
    buffer: bytes | bytearray, start: int, searched: int, base: int, extensions_left: int
) -> ChunkLine | None:
    """The line at ``start``, which is no `PLAIN_SIZE`.

    None if only its front is there, and nothing is wrong so far.

    Args:
        buffer: holds the line or its front.
        start: where the line begins.
        searched: no CRLF begins before this index.
        base: offset of the buffer in the connection's bytes.
        extensions_left: how many bytes of extensions are allowed on this line.

    Raises:
        ParseError: for the first fault.
    """
    size = _digits(buffer, start, base)
    after = start + len(size)
    if after == len(buffer):
        return None
    if buffer[after] == 0x0D and after + 1 == len(buffer) and size:
        return None
    if buffer[after] not in b";\t " or not size:
        detail = "a chunk begins with its size in hexadecimal digits"
        raise BadMessage("bad-chunk-size", detail, base + after, "9112 7.1")
    end = buffer.find(b"\r\n", max(searched, after))
    _check_extensions(buffer, max(searched - 1, after), after, end, base, extensions_left)
    if end < 0:
        return None
    return ChunkLine(int(size, 16), end - after, end + 2)


def _digits(buffer: bytes | bytearray, start: int, base: int) -> bytes:
    match = _DIGITS.match(buffer, start)
    size = bytes(match[0]) if match else b""
    if len(size) > MAX_DIGITS:
        detail = f"a chunk size has more than {MAX_DIGITS} digits"
        raise BadMessage("bad-chunk-size", detail, base + start + MAX_DIGITS, "9112 7.1")
    return size


def _check_extensions(
    buffer: bytes | bytearray, unseen: int, start: int, end: int, base: int, allowed: int
) -> None:
    stop = end
    if end < 0:  # a CR at the very end may still become the line's end
        stop = len(buffer) - (buffer[-1] == 0x0D)
    if SUSPECT.search(buffer, unseen, min(stop, start + allowed)):
        raise _bad(base + start)
    if stop - start > allowed:
        detail = "more chunk extensions than are allowed"
        offset = base + start + allowed
        raise LimitExceeded("chunk-extensions-too-large", detail, offset, "9112 7.1.1", 413)
    if end >= 0 and not CHUNK_EXTENSIONS.fullmatch(buffer[start:end].decode("latin-1")):
        raise _bad(base + start)


def _bad(offset: int) -> ParseError:
    detail = "chunk extensions are written ;name=value"
    return BadMessage("bad-chunk-extension", detail, offset, "9112 7.1.1")
