"""The path of a request: split at its slashes first, then each segment decoded once.

Splitting first keeps an encoded slash inside its segment; decoding once keeps `%2541` the text
`%41`.
"""

import re
from urllib.parse import unquote

DOTS = frozenset({".", ".."})
_MALFORMED = re.compile("%(?![0-9A-Fa-f]{2})")


class PathError(ValueError):
    """A path that no pattern can match; the message is the reason."""


class Path:
    """The decoded segments of a path, `/a/b%2Fc/` => `["a", "b/c", ""]`, and `""` => `[]`."""

    __slots__ = ("segments",)

    def __init__(self, segments: list[str]) -> None:
        self.segments = segments

    def rest(self, start: int) -> str:
        """What is left from segment `start` on, with its slashes."""
        return "/".join(self.segments[start:])


def read_path(raw: str, *, encoded: bool = True) -> Path:
    """Split and decode a raw path.

    Args:
        raw: the path as it came, still percent-encoded, without the query.
        encoded: False takes the text as it is: no escapes, and dots mean nothing.

    Raises:
        PathError: no leading slash, a malformed escape, invalid UTF-8, or a dot segment.
    """
    if not raw:
        return Path([])
    if not raw.startswith("/"):
        raise PathError("it does not start with '/'")
    segments = raw[1:].split("/")
    if encoded:
        if "%" in raw:
            segments = [decode(segment) for segment in segments]
        refuse_dots(segments)
    return Path(segments)


def decode(segment: str) -> str:
    """Undo the percent-encoding of one segment.

    Raises:
        PathError: a `%` without two hexadecimal digits, or bytes that are not UTF-8.
    """
    if "%" not in segment:
        return segment
    malformed = _MALFORMED.search(segment)
    if malformed:
        raise PathError(f"malformed percent-escape {segment[malformed.start() :][:3]!r}")
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise PathError(f"{segment!r} does not decode to UTF-8") from None


def refuse_dots(segments: list[str]) -> None:
    """Refuse `.` and `..`, which a client resolves before it sends (RFC 3986 section 5.2.4).

    Also behind an encoded slash: a `{rest:path}` joins its segments, and `..%2F..` must not become
    a way up.
    """
    for segment in segments:
        if not DOTS.isdisjoint(segment.split("/")):
            raise PathError(f"{segment!r} holds a dot segment, which is never matched")
