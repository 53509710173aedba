"""What the fields of a request say about its framing and its connection.

`RequestFields` sees each field line in order and refuses the first that is wrong. It is the one
place that decides what is wrong; the quick way takes only what is certainly right.
"""

from typing import NamedTuple

from ._authority import split_authority
from ._errors import BadMessage, LimitExceeded, NotSupported, ParseError
from ._grammar import TOKEN
from ._limits import Limits
from ._request_line import RequestLine


class Framing(NamedTuple):
    """How a request goes on, and what happens after it."""

    keep_alive: bool
    expect_continue: bool
    content_length: int | None  # None: chunked
    upgrade: bool


def read_length(value: str, offset: int, limit: int) -> int:
    """A Content-Length value (RFC 9110 section 8.6): digits and nothing else.

    Raises:
        ParseError: for anything else, or more than the limit. Python's own bound on the digits
            of a number is never met.
    """
    if not (value.isascii() and value.isdigit()):
        detail = "Content-Length is a number in digits"
        raise BadMessage("bad-content-length", detail, offset, "9110 8.6")
    digits = value.lstrip("0")
    if len(digits) > 18 or int(digits or "0") > limit:
        detail = f"the content is larger than {limit} bytes"
        raise LimitExceeded("body-too-large", detail, offset, "9110 15.5.14", 413)
    return int(digits or "0")


def read_codings(value: str, seen_chunked: bool, offset: int) -> None:
    """Refuses a Transfer-Encoding value that is not ``chunked`` alone (RFC 9112 section 6.1)."""
    for coding in value.split(","):
        name = coding.strip("\t ").lower()
        if seen_chunked:
            detail = "chunked is the last transfer coding and stands once"
            raise BadMessage("bad-transfer-encoding", detail, offset, "9112 6.1")
        if name == "chunked":
            seen_chunked = True
        elif TOKEN.fullmatch(name.partition(";")[0].rstrip("\t ")) and not name.startswith(
            "chunked"
        ):
            detail = "the only transfer coding understood is chunked"
            raise NotSupported("unknown-transfer-coding", detail, offset, "9112 6.1", 501)
        else:
            detail = "Transfer-Encoding is not a list of transfer codings"
            raise BadMessage("bad-transfer-encoding", detail, offset, "9112 7")


def read_options(value: str, offset: int) -> set[str]:
    """The options of a Connection value, lower-case (RFC 9110 section 7.6.1)."""
    options = {option.strip("\t ").lower() for option in value.split(",")} - {""}
    if not all(map(TOKEN.fullmatch, options)):
        detail = "Connection is a list of option names"
        raise BadMessage("bad-connection", detail, offset, "9110 7.6.1")
    return options


class RequestFields:
    """Sees the field lines of one request in order; then says what they mean."""

    def __init__(self, line: RequestLine, limits: Limits):
        self._line = line
        self._limits = limits
        self._hosts = 0
        self._length: int | None = None
        self._chunked = False
        self._options: set[str] = set()
        self._expect = False
        self._upgrade = False

    def see(self, name: str, value: str, offset: int) -> None:
        """Takes in one line.

        Raises:
            ParseError: if it is wrong by itself or beside those before it.
        """
        check = self._CHECKS.get(name)
        if check is not None:
            check(self, value, offset)

    def _host(self, value: str, offset: int) -> None:
        self._hosts += 1
        if self._hosts > 1:
            raise BadMessage("repeated-host", "Host stands twice", offset, "9112 3.2")
        if split_authority(value) is None:
            detail = "Host is not a host with or without a port"
            raise BadMessage("bad-host", detail, offset, "9112 3.2")

    def _content_length(self, value: str, offset: int) -> None:
        if self._length is not None:
            detail = "Content-Length stands twice"
            raise BadMessage("repeated-content-length", detail, offset, "9112 6.3")
        self._length = read_length(value, offset, self._limits.body)
        self._one_framing(offset)

    def _transfer_encoding(self, value: str, offset: int) -> None:
        if self._line.minor == 0:
            detail = "HTTP/1.0 has no Transfer-Encoding"
            raise BadMessage("bad-transfer-encoding", detail, offset, "9112 6.1")
        read_codings(value, self._chunked, offset)
        self._chunked = True
        self._one_framing(offset)

    def _one_framing(self, offset: int) -> None:
        if self._chunked and self._length is not None:
            detail = "both Content-Length and Transfer-Encoding"
            raise BadMessage("ambiguous-framing", detail, offset, "9112 6.1")
        if self._line.method == "CONNECT" and (self._chunked or self._length):
            detail = "CONNECT has no content"
            raise BadMessage("ambiguous-framing", detail, offset, "9110 9.3.6")

    def _connection(self, value: str, offset: int) -> None:
        self._options |= read_options(value, offset)

    def _expectation(self, value: str, offset: int) -> None:
        for member in value.split(","):
            if member.strip("\t ").lower() not in ("100-continue", ""):
                detail = "the only expectation understood is 100-continue"
                raise NotSupported("unknown-expectation", detail, offset, "9110 10.1.1", 417)
            self._expect = True

    def _upgrade_offer(self, value: str, offset: int) -> None:
        self._upgrade = True

    _CHECKS = {  # noqa: RUF012  # a table, made once
        "host": _host,
        "content-length": _content_length,
        "transfer-encoding": _transfer_encoding,
        "connection": _connection,
        "expect": _expectation,
        "upgrade": _upgrade_offer,
    }

    def end(self, offset: int) -> Framing:
        """The meaning of all lines together.

        Raises:
            ParseError: if one is missing.
        """
        modern = self._line.minor > 0
        if modern and not self._hosts:
            raise self._no_host(offset)
        options = self._options
        return Framing(
            keep_alive="close" not in options and (modern or "keep-alive" in options),
            # Nothing to wait for without content; HTTP/1.0 is not asked (RFC 9110 section 10.1.1).
            expect_continue=self._expect and modern and (self._chunked or bool(self._length)),
            content_length=None if self._chunked else self._length or 0,
            upgrade=self._line.method == "CONNECT"
            or (modern and self._upgrade and "upgrade" in options),
        )

    def _no_host(self, offset: int) -> ParseError:
        return BadMessage("missing-host", "an HTTP/1.1 request has a Host", offset, "9112 3.2")


# What framing and connection depend on; no other name matters to them.
FRAMING_NAMES = frozenset(RequestFields._CHECKS)
