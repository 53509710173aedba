"""Cuts a head or trailer section into lines and names the first fault in the order of the bytes.

A line is judged by what stands before its end or before its limit, whichever comes first, and a
line of which only the front has arrived is judged by that front alone. So what is found does not
depend on how much had arrived when somebody looked.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ._errors import BadMessage, LimitExceeded, ParseError
from ._grammar import TOKEN, VALUE, run_end


class Line(NamedTuple):
    """A line without its CRLF, or the front of one."""

    text: str
    start: int  # in the section
    whole: bool  # its CRLF has arrived
    too_long: bool


def cut_line(text: str, start: int, limit: int) -> Line:
    """The line of ``text`` that begins at ``start``, at most ``limit`` long."""
    end = text.find("\r\n", start, start + limit + 2)
    if end >= 0:
        return Line(text[start:end], start, True, False)
    arrived = len(text) - start
    undecided = arrived == limit + 1 and text[-1] == "\r"
    if arrived > limit and not undecided:
        return Line(text[start : start + limit], start, False, True)
    front = text[start:].removesuffix("\r")  # that CR may still become the line's end
    return Line(front, start, False, False)


def fault(line: Line, at: int, base: int, reason: str, detail: str, section: str) -> ParseError:
    """The error for the byte ``at`` in a line; controls and stray line ends have own reasons."""
    offset = base + line.start + at
    byte = line.text[at : at + 1]
    if byte == "\n":
        return BadMessage("bare-lf", "LF without CR; lines end with CRLF", offset, "9112 2.2")
    if byte == "\r":
        return BadMessage("bare-cr", "CR without LF; lines end with CRLF", offset, "9112 2.2")
    if byte and (byte < " " or byte == "\x7f") and byte != "\t":
        detail = f"control character 0x{ord(byte):02x}"
        return BadMessage("control-character", detail, offset, "9110 5.5")
    return BadMessage(reason, detail, offset, section)


def read_field_line(line: Line, base: int) -> tuple[str, str]:
    """Name and value of a field line (RFC 9112 section 5), for a front what there is of them.

    Raises:
        ParseError: for the first byte that can stand in no field line.
    """
    text = line.text
    end = run_end(TOKEN, text, 0)
    if end == len(text):
        if line.whole:
            raise fault(line, end, base, "bad-field-line", "no colon in a field line", "9112 5")
        return text, ""
    if text[end] != ":" or end == 0:
        raise _bad_name(line, end, base)
    stop = run_end(VALUE, text, end + 1)
    if stop != len(text):
        detail = "a control character in a field value"
        raise fault(line, stop, base, "control-character", detail, "9110 5.5")
    return text[:end], text[end + 1 :].strip("\t ")


def _bad_name(line: Line, at: int, base: int) -> ParseError:
    byte = line.text[at]
    if byte in "\t " and at == 0:
        detail = "a field line begins with white space; folded lines are not taken"
        return fault(line, at, base, "folded-line", detail, "9112 5.2")
    if byte in "\t ":
        detail = "white space in a field name or before its colon"
        return fault(line, at, base, "bad-field-name", detail, "9112 5.1")
    detail = "a field line without a name" if byte == ":" else f"{byte!r} in a field name"
    return fault(line, at, base, "bad-field-name", detail, "9110 5.1")


def read_fields(
    text: str,
    start: int,
    base: int,
    line_limit: int,
    count_limit: int,
    see: Callable[[str, str, int], None],
) -> Iterator[tuple[str, str]]:
    """The fields from ``start`` to the empty line, or to where the text stops.

    Args:
        text: a section, or the front of one.
        start: where the first field line begins.
        base: offset of the text in the connection's bytes.
        line_limit: bytes in a field line.
        count_limit: number of field lines.
        see: called with (lower-case name, value, offset) of each whole line; it may raise.

    Raises:
        ParseError: for the first fault, what ``see`` raises included.
    """
    count = 0
    while True:
        line = cut_line(text, start, line_limit)
        if line.whole and not line.text:
            return
        name, value = read_field_line(line, base) if line.text else ("", "")
        if line.too_long:
            detail = f"a field line is longer than {line_limit} bytes"
            offset = base + start + line_limit
            raise LimitExceeded("field-line-too-long", detail, offset, "9110 5.4", 431)
        if not line.whole:
            return
        count += 1
        if count > count_limit:
            detail = f"more than {count_limit} field lines"
            raise LimitExceeded("too-many-fields", detail, base + start, "9110 5.4", 431)
        see(name.lower(), value, base + start)
        yield name, value
        start += len(line.text) + 2
