"""The quick way through a usual response head, as `_quick` is for requests: it refuses nothing."""

import re

from ._errors import ParseError
from ._grammar import VALUE
from ._headers import NO_LINES, Headers, received
from ._limits import Limits
from ._response_framing import ResponseFields, ResponseFraming
from ._sections import Matcher
from ._status_line import StatusLine

# Status line, fields, what they mean.
ResponseHead = tuple[StatusLine, Headers, ResponseFraming]

_match_status_line = re.compile(
    rf"HTTP/1\.([01]) ([1-9][0-9][0-9]) ((?:{VALUE.pattern})?)\r\n"
).match
_NAMES = ("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade")


def quick_response(text: str, match: Matcher, method: str, limits: Limits) -> ResponseHead | None:
    """A usual response head; None for all others.

    Args:
        text: a whole head. No larger than any limit on a size.
        match: what matches its field section.
        method: the method of the request that it answers.
        limits: see `Limits`.
    """
    start = _match_status_line(text)
    section = match(text, start.end()) if start else None
    if start is None or section is None:
        return None
    minor, status, reason = start.groups()
    line = StatusLine(int(minor), int(status), reason)
    fields = ResponseFields(line, method, limits)
    try:
        for name, value in zip(_NAMES, section.groups(), strict=True):
            if value is not None:
                fields.see(name, value, 0)
        framing = fields.end()
    except ParseError:
        return None  # the general way says where
    headers = received(NO_LINES, text[start.end() - 1 : section.end() - 2], 0, {})
    return line, headers, framing
