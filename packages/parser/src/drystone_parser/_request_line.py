"""The request line (RFC 9112 section 3): method, target in one of four forms, version."""

import re
from typing import NamedTuple

from ._authority import split_authority
from ._errors import BadMessage, LimitExceeded, NotSupported, ParseError
from ._grammar import TARGET, TOKEN, run_end
from ._lines import Line, cut_line, fault

_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+\-.]*+)://([^/?]*+)(.*+)")


class RequestLine(NamedTuple):
    """What a request line says."""

    method: str
    target: str
    raw_path: str
    query_string: str
    authority: str | None  # of an absolute-form target; it replaces Host
    minor: int  # of HTTP/1.x


def read_request_line(text: str, base: int, limit: int) -> tuple[RequestLine, int] | None:
    """The request line at the start of a head, and where the next line begins.

    None if only its front is there, and nothing is wrong so far.

    Raises:
        ParseError: for the first fault.
    """
    line = cut_line(text, 0, limit)
    method_end = _method_end(line, base)
    target_end = _target_end(line, method_end + 1, base)
    version = _version(line, target_end + 1, base)
    if line.too_long:
        detail = f"the request line is longer than {limit} bytes"
        raise LimitExceeded("request-line-too-long", detail, base + limit, "9112 3", 414)
    if not line.whole:
        return None
    if version[5] != "1":
        detail = f"{version} is not spoken here, HTTP/1.1 is"
        offset = base + target_end + 1
        raise NotSupported("unsupported-version", detail, offset, "9110 15.6.6", 505)
    method, target = line.text[:method_end], line.text[method_end + 1 : target_end]
    parts = _split_target(method, target, base + method_end + 1)
    return RequestLine(method, target, *parts, int(version[7])), len(line.text) + 2


def _method_end(line: Line, base: int) -> int:
    end = run_end(TOKEN, line.text, 0)
    if _stops(line, end):
        return end
    if end == 0 or line.text[end : end + 1] != " ":
        detail = "a request begins with a method name, one space and a target"
        raise fault(line, end, base, "bad-method", detail, "9112 3.1")
    return end


def _target_end(line: Line, start: int, base: int) -> int:
    if _stops(line, start) or start > len(line.text):
        return start
    end = run_end(TARGET, line.text, start)
    if _stops(line, end):
        return end
    byte = line.text[end : end + 1]
    if byte == "#":
        raise fault(line, end, base, "bad-target", "a target has no fragment", "9112 3.2")
    if byte == "":
        raise fault(line, end, base, "bad-version", "no HTTP version after the target", "9112 2.3")
    if byte != " " or end == start:
        detail = "one space stands before and after the target, and visible ASCII is in it"
        raise fault(line, end, base, "bad-target", detail, "9112 3.2")
    return end


def _version(line: Line, start: int, base: int) -> str:
    version = line.text[start:]
    for at, wanted in enumerate("HTTP/0.0"):
        byte = version[at : at + 1]
        if _stops(line, start + at) or start + at > len(line.text):
            return version
        if byte != wanted and not (wanted == "0" and byte in "0123456789" and byte):
            detail = "the request line ends with HTTP/ and a version such as 1.1"
            raise fault(line, start + at, base, "bad-version", detail, "9112 2.3")
    if len(version) > 8:
        detail = "nothing may follow the version in the request line"
        raise fault(line, start + 8, base, "bad-version", detail, "9112 2.3")
    return version


def _stops(line: Line, at: int) -> bool:
    """Whether the front of a line that has not arrived whole ends here: nothing to say yet."""
    return at == len(line.text) and not line.whole


def _split_target(method: str, target: str, offset: int) -> tuple[str, str, str | None]:
    """Raw path, query string and authority of a target (RFC 9112 section 3.2)."""
    if method == "CONNECT":
        parts = split_authority(target)
        if parts is None or not parts[0] or not parts[1] or int(parts[1]) == 0:
            detail = "the target of CONNECT is a host, a colon and a port"
            raise BadMessage("bad-target", detail, offset, "9112 3.2.3")
        return "", "", None
    if target.startswith("/"):
        raw_path, _, query_string = target.partition("?")
        return raw_path, query_string, None
    if target == "*":
        if method != "OPTIONS":
            detail = f"the target * belongs to OPTIONS, not to {method}"
            raise BadMessage("bad-target", detail, offset, "9112 3.2.4")
        return "*", "", None
    return _split_absolute(method, target, offset)


def _split_absolute(method: str, target: str, offset: int) -> tuple[str, str, str]:
    match = _ABSOLUTE.fullmatch(target)
    if match is None:
        raise _bad_target("a target is a path that begins with /, or a whole URI", offset, "3.2")
    authority = match[2]
    parts = split_authority(authority)
    if parts is None or not parts[0]:
        offset += match.start(2)
        raise _bad_target(
            "the target's authority is not a host with or without port", offset, "3.2.2"
        )
    raw_path, _, query_string = match[3].partition("?")
    if not raw_path:
        # OPTIONS for a whole server, sent through a proxy (RFC 9112 section 3.2.4)
        raw_path = "*" if method == "OPTIONS" and not query_string and "?" not in target else "/"
    return raw_path, query_string, authority


def _bad_target(detail: str, offset: int, section: str) -> ParseError:
    return BadMessage("bad-target", detail, offset, f"9112 {section}")
