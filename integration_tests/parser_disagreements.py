"""What h11 and httptools make of a request, and why we differ.

`REASONS` is the list of all kinds of disagreement, for the fuzzer: by peer, by what we do and by
what it does. Where we refuse, the reason is that of our error; it is a promise of the RFCs that the
peer does not keep, or a choice of ours that `docs/http.md` tells.
"""

import re
from types import SimpleNamespace
from typing import NamedTuple

from drystone_parser import ParseError, RequestParser
from drystone_parser.testing import observe
from parser_adapters import Adapter, H11Parser, HttptoolsParser


class Outcome(NamedTuple):
    """What came of some bytes."""

    kind: str  # "accepts" or "refuses"; an unfinished message is refused
    requests: list[tuple[str, str, bytes]]  # method, target, body
    reason: str = ""

    @property
    def told(self) -> str:
        return f"{self.kind} {self.reason}".strip()


def outcome(
    parser: RequestParser[SimpleNamespace] | Adapter[SimpleNamespace], data: bytes
) -> Outcome:
    verdict = observe(parser, [data])
    requests = [
        (message.method, message.target, body)
        for message, body in zip(verdict.messages, verdict.bodies, strict=True)
    ]
    if isinstance(verdict.error, ParseError):
        return Outcome("refuses", requests, verdict.error.reason)
    if verdict.error is not None:
        return Outcome("refuses", requests, _plain(str(verdict.error)))
    return Outcome("accepts", requests)


def _plain(text: str) -> str:
    """A peer's error text without what is taken from the input."""
    return re.split(r" bytearray| in message| b'|: |\(| \[", text)[0]


def drystone(data: bytes) -> Outcome:
    return outcome(RequestParser(SimpleNamespace), data)


def h11(data: bytes) -> Outcome:
    return outcome(H11Parser(SimpleNamespace), data)


def httptools(data: bytes) -> Outcome:
    return outcome(HttptoolsParser(SimpleNamespace), data)


# Our refusals that a peer does not share, and why they are right.
_WE_REFUSE = {
    "ambiguous-framing": "9112 6.1, 9110 9.3.6: two framings may be smuggling",
    "bad-chunk-extension": "9112 7.1.1: extensions have a grammar, and no control characters",
    "bad-chunk-size": "9112 7.1: hexadecimal digits, 16 at most, and CRLF",
    "bad-chunk-end": "9112 7.1: CRLF follows the data",
    "bad-connection": "9110 7.6.1: a list of tokens",
    "bad-content-length": "9110 8.6: digits; we take no list of equal lengths",
    "bad-field-line": "9112 5: a field line has a colon",
    "bad-field-name": "9110 5.1, 9112 5.1: a token, and no white space before the colon",
    "bad-host": "9112 3.2: the grammar of Host is checked by nobody else",
    "bad-method": "9112 3.1: a token and one space",
    "bad-target": "9112 3.2: the four forms; no fragment, no bytes beyond ASCII",
    "bad-transfer-encoding": "9112 6.1: chunked once, last, and not in HTTP/1.0",
    "bad-version": "9112 2.3: HTTP/DIGIT.DIGIT and nothing behind it",
    "bare-cr": "9112 2.2",
    "bare-lf": "9112 2.2: a recipient may take LF for CRLF; that is where smuggling begins",
    "body-too-large": "a limit of ours",
    "chunk-extensions-too-large": "a limit of ours",
    "control-character": "9110 5.5",
    "folded-line": "9112 5.2: a server refuses folded lines",
    "forbidden-trailer": "9110 6.5.1",
    "incomplete-message": "9112 8: it takes an end of input within a next head for a quiet one",
    "missing-host": "9112 3.2",
    "repeated-content-length": "9112 6.3: also where they are equal",
    "repeated-host": "9112 3.2",
    "too-many-empty-lines": "a limit of ours",
    "unknown-expectation": "9110 10.1.1: 417",
    "unknown-transfer-coding": "9112 6.1: 501",
    "unsupported-version": "9110 15.6.6: 505",
}
# What they refuse and we take, or take one message more of: by the text of their error.
_THEY_REFUSE = {
    "h11": {
        "Got data when expecting EOF": "9112 9.3: HTTP/1.0 is kept alive by Connection: keep-alive",
        "bad Content-Length": "9110 8.6: leading zeros, of which it takes few",
        "h11 takes no more requests": "9112 9.3: the same",
        "illegal chunk header": "9112 7.1.1: a recipient has to take white space around ; and =",
        "no request line received": "9112 2.2: a server takes an empty line before a request line",
    },
    "httptools": {
        "Expected space after method": "9110 9.1: any token is a method",
        "Invalid method encountered": "9110 9.1: any token is a method",
        "Invalid HTTP version": "9110 2.5: a later 1.x is handled as HTTP/1.1",
        "Invalid character in chunk size": "9112 7.1.1: white space around ; and =",
        "Invalid character in chunk extensions name": "9112 7.1.1: white space around ; and =",
        "Invalid character in chunk extensions value": "9112 7.1.1: white space around ; and =",
        "Invalid character in chunk extensions quoted value": "9110 5.6.4: bytes beyond ASCII",
        "Invalid quoted-pair in chunk extensions quoted value": "9110 5.6.4: any visible byte",
        "Request has invalid `Transfer-Encoding`": "9112 5: white space around a value is no part",
        "Unexpected char in url schema": "9110 4.2: a scheme may hold digits",
        "Unexpected char in url server": "RFC 3986 3.2.2: a host may hold sub-delims",
        "Invalid characters in url": "9112 3.2.2: a URI of any scheme",
    },
}
_BOTH_ACCEPT = {
    "h11": "it stops reading behind HTTP/1.x without keep-alive, of which it knows 1.0 and 1.1",
    "httptools": "it stops reading behind a request that it takes for the last one",
}


def reason_for(peer: str, ours: str, theirs: str) -> str | None:
    """Why we and a peer differ; None for a kind of disagreement that is not known."""
    ours, _, our_reason = ours.partition(" ")
    theirs, _, their_reason = theirs.partition(" ")
    if theirs == "refuses" and (ours == "accepts" or our_reason == "incomplete-message"):
        return _THEY_REFUSE[peer].get(their_reason)
    if ours == "refuses":
        return _WE_REFUSE.get(our_reason)
    return _BOTH_ACCEPT[peer]
