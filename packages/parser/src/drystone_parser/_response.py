"""A response as plain data, for those who have no class of their own."""

from dataclasses import dataclass

from ._headers import EMPTY, Headers


@dataclass(slots=True)
class Response:
    """What a response says; filled by a `ResponseParser`.

    Attributes:
        status: the status code, 100 to 999.
        reason: the reason phrase, often empty; nothing may depend on it.
        http_version: ``"1.1"`` or ``"1.0"``; a later 1.x is handled as, and called, 1.1.
        headers: the header fields.
        keep_alive: whether the connection can be used for another request.
        content_length: bytes of the body that follows; 0 without one (also for HEAD), None if it
            is chunked or ends with the connection.
        trailers: the trailer fields, once the body was read.
    """

    status: int = 0
    reason: str = ""
    http_version: str = ""
    headers: Headers = EMPTY
    keep_alive: bool = False
    content_length: int | None = 0
    trailers: Headers = EMPTY
