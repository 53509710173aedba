"""The status line (RFC 9112 section 4): version, status code, reason phrase."""

from typing import NamedTuple

from ._errors import LimitExceeded, NotSupported
from ._grammar import VALUE, run_end
from ._lines import cut_line, fault

# 0 stands for any digit, 1 for any but 0. The reason is optional, and so is the space before it:
# some servers leave that out, and nothing depends on it.
_FRONT = "HTTP/0.0 100 "


class StatusLine(NamedTuple):
    """What a status line says."""

    minor: int  # of HTTP/1.x
    status: int
    reason: str


def read_status_line(text: str, base: int, limit: int) -> tuple[StatusLine, int] | None:
    """The status line at the start of a head, and where the next line begins.

    None if only its front is there, and nothing is wrong so far.

    Raises:
        ParseError: for the first fault.
    """
    line = cut_line(text, 0, limit)
    end = _right_until(line.text)
    if end == len(_FRONT):
        end = run_end(VALUE, line.text, end)
    if end < len(line.text) or (line.whole and end < len(_FRONT) - 1):
        detail = "a response begins with HTTP/1.1, one space and a status code"
        raise fault(line, end, base, "bad-status-line", detail, "9112 4")
    if line.too_long:
        detail = f"the status line is longer than {limit} bytes"
        raise LimitExceeded("status-line-too-long", detail, base + limit, "9112 4")
    if not line.whole:
        return None
    if line.text[5] != "1":
        detail = f"{line.text[:8]} is not spoken here, HTTP/1.1 is"
        raise NotSupported("unsupported-version", detail, base, "9110 2.5")
    status = StatusLine(int(line.text[7]), int(line.text[9:12]), line.text[13:])
    return status, len(line.text) + 2


def _right_until(text: str) -> int:
    """Where the front of a status line stops being right: ``"HTTP/1.x"`` -> 7."""
    for at, (byte, wanted) in enumerate(zip(text, _FRONT, strict=False)):
        digits = {"0": "0123456789", "1": "123456789"}.get(wanted, wanted)
        if byte not in digits:
            return at
    return min(len(text), len(_FRONT))
