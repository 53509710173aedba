"""What a test client gets: a response in the shape that httpx users know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec.json

from drystone._errors import phrase

from .cookies import CookieJar

if TYPE_CHECKING:
    from drystone_parser import Headers

    from .exchange import Exchange


class ClientResponse:
    """A response as the client read it from the wire.

    Attributes:
        status_code: the status.
        headers: the fields, names in any case.
        url: what was asked for, whole.
        history: the responses that redirected here.
    """

    def __init__(self, exchange: Exchange, url: str) -> None:
        head = exchange.head
        self.status_code: int = head.status
        self.headers: Headers = head.headers
        self.http_version: str = f"HTTP/{head.http_version}"
        self.reason_phrase: str = head.reason or phrase(head.status)
        self.url = url
        self.history: list[ClientResponse] = []
        self._exchange = exchange
        self._content: bytes | None = None

    @property
    def content(self) -> bytes:
        """The body.

        Raises:
            RuntimeError: it was not read yet (`aread`).
        """
        if self._content is None:
            raise RuntimeError("The body was not read yet: await response.aread() first")
        return self._content

    @property
    def text(self) -> str:
        """The body as text, in the charset that the response names, or UTF-8."""
        return self.content.decode(self.encoding, errors="replace")

    @property
    def encoding(self) -> str:
        """The charset that the response names, if Python knows it; else UTF-8."""
        from codecs import lookup

        _, _, charset = (self.headers.get("content-type") or "").lower().partition("charset=")
        try:
            return lookup(charset.partition(";")[0].strip('" ')).name
        except LookupError:
            return "utf-8"

    def json(self) -> Any:
        """The body read as JSON."""
        return msgspec.json.decode(self.content)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_client_error(self) -> bool:
        """Whether the status is 4xx."""
        return 400 <= self.status_code < 500

    @property
    def is_server_error(self) -> bool:
        """Whether the status is 5xx."""
        return 500 <= self.status_code < 600

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx."""
        return self.is_client_error or self.is_server_error

    @property
    def cookies(self) -> dict[str, str]:
        """What this response sets, by name."""
        jar = CookieJar()
        for line in self.headers.get_all("set-cookie"):
            jar.set_by(self.url, line)
        return dict(jar)

    @property
    def is_redirect(self) -> bool:
        """Whether the status is 3xx and there is a place to go."""
        return 300 <= self.status_code < 400 and "location" in self.headers

    def raise_for_status(self) -> ClientResponse:
        """Give the response itself where it is no error.

        Raises:
            AssertionError: the status is 4xx or 5xx; the message holds the body.
        """
        if self.status_code >= 400:
            raise AssertionError(
                f"{self.url} answered {self.status_code} {self.reason_phrase}: {self.text[:2000]}"
            )
        return self

    async def aread(self) -> bytes:
        """Read what is left of the body."""
        if self._content is None:
            self._content = b"".join([piece async for piece in self.aiter_bytes()])
        return self._content

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The body in pieces, as they arrive."""
        while piece := await self._exchange.next_piece():
            yield piece

    async def aiter_text(self) -> AsyncIterator[str]:
        """The body as text in pieces; a piece may end within a line, not within a character."""
        from codecs import getincrementaldecoder

        decoder = getincrementaldecoder(self.encoding)("replace")
        async for piece in self.aiter_bytes():
            yield decoder.decode(piece)
        if rest := decoder.decode(b"", final=True):
            yield rest

    async def aiter_lines(self) -> AsyncIterator[str]:
        """The body line by line, without the line ends."""
        rest = ""
        async for text in self.aiter_text():
            *lines, rest = (rest + text).split("\n")
            for line in lines:
                yield line.removesuffix("\r")
        if rest:
            yield rest

    def __repr__(self) -> str:
        return f"<Response [{self.status_code} {self.reason_phrase}]>"
