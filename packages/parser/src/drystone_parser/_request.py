"""A request as plain data, for those who have no class of their own."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ._headers import EMPTY, Headers


@dataclass(slots=True)
class Request:
    """What a request says; filled by `parse_into` or by a `RequestParser`.

    Attributes:
        method: the method token, in the case it was sent.
        target: the request target as it was sent.
        raw_path: the path of the target, still percent-encoded; ``*`` for OPTIONS of a whole
            server, empty for CONNECT.
        query_string: what follows the ``?``, still percent-encoded.
        http_version: ``"1.1"`` or ``"1.0"``; a later 1.x is handled as, and called, 1.1.
        headers: the header fields; Host is the authority of the target where that has one.
        keep_alive: whether another request may follow on the connection.
        expect_continue: whether the client waits for 100 Continue before it sends the body.
        content_length: bytes of the body; 0 without one, None if it is chunked.
        upgrade: whether the client offers to change the protocol; true for CONNECT too.
        trailers: the trailer fields, once the body was read.
        body: the whole body, once `finished`; only `parse_into` sets it.
        finished: whether the whole request was read; only `parse_into` sets it.
    """

    method: str = ""
    target: str = ""
    raw_path: str = ""
    query_string: str = ""
    http_version: str = ""
    headers: Headers = EMPTY
    keep_alive: bool = False
    expect_continue: bool = False
    content_length: int | None = 0
    upgrade: bool = False
    trailers: Headers = EMPTY
    body: bytes = b""
    finished: bool = False
    _reading: Any = field(default=None, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path decoded. Percent-encoded bytes are read as UTF-8, malformed ones as U+FFFD."""
        return unquote(self.raw_path)
