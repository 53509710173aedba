"""The usual field section of a request, in one pattern.

One pass over the text proves that each line is valid, finds the section's end, and picks out the
six fields that decide about framing and connection. It takes only what needs no second thought:
those six once each, as nearly everybody writes them. All others it leaves to the general way.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from ._authority import PLAIN_HOST
from ._framing import FRAMING_NAMES, read_options
from ._grammar import TCHAR

# The values of Host, Connection, Content-Length, Transfer-Encoding, Expect and Upgrade.
Found = tuple[str | None, ...]

# Matches from an index of a text; the groups are what was found.
Matcher = Callable[[str, int], re.Match[str] | None]

_TOKEN, _VALUE = f"[{TCHAR}]", r"[\t\x20-\x7e\x80-\xff]*+"
# Most lines begin with a letter that none of the six begins with: they need no second look.
_OTHER_LETTER = "[" + TCHAR.replace("A-Z", "ABDFGI-SV-Z").replace("a-z", "abdfgi-sv-z") + "]"


def _any_case(name: str) -> str:
    return "".join(f"[{c.upper()}{c}]" if c.isalpha() else c for c in name)


_LINE = "|".join(
    [
        f"{_OTHER_LETTER}{_TOKEN}*+:{_VALUE}\r\n",
        # (?(1)(?!)): not if this group was found before.
        f"{_any_case('host')}: ?(?(1)(?!))({PLAIN_HOST})\r\n",
        f"{_any_case('connection')}: ?(?(2)(?!))({_VALUE})\r\n",
        f"{_any_case('content-length')}: ?(?(3)(?!))([0-9]{{1,9}})\r\n",
        f"{_any_case('transfer-encoding')}: ?(?(4)(?!))(chunked)\r\n",
        f"{_any_case('expect')}: ?(?(5)(?!))(100-continue)\r\n",
        f"{_any_case('upgrade')}: ?(?(6)(?!))({_VALUE})\r\n",
        f"(?!(?:{'|'.join(map(_any_case, sorted(FRAMING_NAMES)))}):){_TOKEN}++:{_VALUE}\r\n",
    ]
)
_MAX_LINES = 10_000  # more are not usual, whatever the limit; patterns count only so far
NOTHING: Found = (None,) * 6


@lru_cache(maxsize=16)
def section_matcher(fields: int) -> Matcher:
    """What matches a usual section of so many field lines at most, with its empty line.

    The group is possessive, which is quicker; the look behind makes up for Python before 3.11.5,
    where such a group that fails within a line goes on from there.
    """
    return re.compile(f"(?:{_LINE}){{0,{min(fields, _MAX_LINES)}}}+(?<=\n)\r\n").match


def _connection(value: str) -> tuple[bool, bool, bool]:
    options = read_options(value, 0)
    return "close" in options, "keep-alive" in options, "upgrade" in options


# The Connection values of nearly all requests that have one: close, keep-alive, upgrade?
_CONNECTIONS = {
    value: _connection(value)
    for value in (
        *("keep-alive", "Keep-Alive", "close", "Close", "TE", "upgrade", "Upgrade"),
        *("keep-alive, Upgrade", "Keep-Alive, Upgrade", "Upgrade, Keep-Alive", "Upgrade, close"),
        *("Upgrade, HTTP2-Settings", "TE, close", "close, TE", "TE, keep-alive"),
    )
}


def framing_of(version: str, found: Found) -> tuple[bool, bool, int | None, bool] | None:
    """A `Framing` of what the six fields say together; None if that is unusual, or an error."""
    host, connection, length, coding, expect, upgrade = found
    modern = version == "1.1"
    if host is None and modern:
        return None
    if connection is length is coding is expect is upgrade is None:
        return modern, False, 0, False
    close = keep = offer = False
    if connection is not None:
        if connection not in _CONNECTIONS:
            return None
        close, keep, offer = _CONNECTIONS[connection]
    content_length: int | None = 0
    if coding is not None:
        if length is not None or not modern:
            return None
        content_length = None
    elif length is not None:
        content_length = int(length)
    keep_alive = not close and (modern or keep)
    if expect is upgrade is None:
        return keep_alive, False, content_length, False
    expect_continue = expect is not None and modern and content_length != 0
    return keep_alive, expect_continue, content_length, modern and offer and upgrade is not None


def both(front: Found, rest: Found) -> Found | None:
    """What two parts of a section say together; None if one repeats a name of the other."""
    if any(a is not None and b is not None for a, b in zip(front, rest, strict=True)):
        return None
    return tuple([a if b is None else b for a, b in zip(front, rest, strict=True)])
