"""What the parser asks of the objects it fills."""

from typing import Protocol

from ._headers import Headers


class FillableRequest(Protocol):
    """Any object with these attributes can be filled; the parser sets them and reads none."""

    method: str
    target: str
    raw_path: str
    query_string: str
    http_version: str
    headers: Headers
    keep_alive: bool
    expect_continue: bool
    content_length: int | None
    upgrade: bool
    trailers: Headers


class FillableResponse(Protocol):
    """The same for the answers that a client or proxy reads."""

    status: int
    reason: str
    http_version: str
    headers: Headers
    keep_alive: bool
    content_length: int | None
    trailers: Headers
