"""Responses: a status, fields and a body of bytes, of pieces, or of a file.

>>> text("hello").body
b'hello'
>>> json({"id": 42}).headers["content-type"]
'application/json'
"""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec.json

from ._cookies import SameSite, format_cookie
from ._headers import HeadersInit, ResponseHeaders

if TYPE_CHECKING:
    from drystone_server import FileBody

Body: TypeAlias = "bytes | AsyncIterable[bytes] | FileBody"

_TEXT = ("content-type", "text/plain; charset=utf-8")
_HTML = ("content-type", "text/html; charset=utf-8")
_JSON = ("content-type", "application/json")

_encode_json = msgspec.json.Encoder().encode


class Response:
    """What a handler answers.

    Args:
        body: bytes, a str (sent as UTF-8, as ``text/plain`` unless the fields say otherwise), or an
            async iterable of bytes (sent in chunks).
        status: the status code.
        headers: a mapping or (name, value) pairs.
    """

    __slots__ = ("body", "headers", "status")

    body: Body

    def __init__(
        self, body: str | Body = b"", status: int = 200, headers: HeadersInit = ()
    ) -> None:
        self.status = status
        self.headers = ResponseHeaders(headers)
        if isinstance(body, str):
            self.body = body.encode()
            self.headers.setdefault(*_TEXT)
        else:
            self.body = body

    def __repr__(self) -> str:
        body = f"{len(self.body)} bytes" if isinstance(self.body, bytes) else repr(self.body)
        return f"<Response {self.status} {body}>"

    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        max_age: int | None = None,
        expires: datetime | None = None,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        http_only: bool = True,
        same_site: SameSite | None = "lax",
        partitioned: bool = False,
    ) -> None:
        """Add a ``Set-Cookie`` field; by default secure, hidden from scripts and SameSite=Lax.

        Args:
            name: a token.
            value: printable ASCII without space, quote, comma, semicolon or backslash.
            max_age: whole seconds to live; None lives as long as the browser.
            expires: the same as a point in time, with a time zone.
            path: the paths the cookie is sent to.
            domain: the host and its subdomains; None is this host alone.
            secure: sent over https only; browsers make an exception of localhost.
            http_only: not to be read by scripts.
            same_site: when requests from other sites carry it.
            partitioned: one jar per embedding site.

        Raises:
            ValueError: where a browser would drop or misread the cookie.
        """
        cookie = format_cookie(
            name,
            value,
            max_age=max_age,
            expires=expires,
            path=path,
            domain=domain,
            secure=secure,
            http_only=http_only,
            same_site=same_site,
            partitioned=partitioned,
        )
        self.headers.add("set-cookie", cookie)

    def delete_cookie(
        self,
        name: str,
        *,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        same_site: SameSite | None = "lax",
        partitioned: bool = False,
    ) -> None:
        """Tell the client to forget a cookie.

        Path, domain and ``partitioned`` are those it was set with: another is another cookie. A
        page of another site, in which it was embedded, lets it go by ``same_site="none"`` only.
        """
        self.set_cookie(
            name,
            "",
            max_age=0,
            path=path,
            domain=domain,
            secure=secure,
            same_site=same_site,
            partitioned=partitioned,
        )


def text(body: str, status: int = 200, headers: HeadersInit = ()) -> Response:
    """Answer plain text, as UTF-8."""
    return _of(body.encode(), _TEXT, status, headers)


def html(body: str, status: int = 200, headers: HeadersInit = ()) -> Response:
    """Answer an HTML page, as UTF-8. Escape what comes from outside (``html.escape``)."""
    return _of(body.encode(), _HTML, status, headers)


def json(data: object, status: int = 200, headers: HeadersInit = ()) -> Response:
    """Answer JSON, encoded by msgspec (Structs, dataclasses, datetimes, UUIDs, enums as well).

    Raises:
        TypeError: the data holds something JSON has no form for.
    """
    return _of(encode_json(data), _JSON, status, headers)


def stream(
    pieces: AsyncIterable[bytes],
    status: int = 200,
    headers: HeadersInit = (),
    *,
    content_type: str = "application/octet-stream",
) -> Response:
    """Answer piece by piece: the next one is asked for when the client has room for it.

    Raises:
        TypeError: the pieces are no async iterable.
    """
    return _of(check_iterable(pieces, "stream"), ("content-type", content_type), status, headers)


def plain(body: bytes, status: int, content_type: tuple[str, str]) -> Response:
    """A response with one field: the quick way for what nearly every handler answers.

    It makes what ``Response(body, status, [content_type])`` would, past both constructors.
    """
    response = _new(Response)
    response.status = status
    response.body = body
    response.headers = headers = _new(ResponseHeaders)
    headers._pairs = [content_type]
    return response


_new = object.__new__


def check_iterable(pieces: AsyncIterable[Any], function: str) -> AsyncIterable[Any]:
    """Give back an async iterable; refuse anything else here, not when the head is sent.

    Raises:
        TypeError: it is none.
    """
    if hasattr(pieces, "__aiter__"):
        return pieces
    hint = ": call the function" if callable(pieces) else ""
    raise TypeError(
        f"{function}() takes an async iterable, as an `async def` with `yield` gives when called, "
        f"not a {type(pieces).__qualname__}{hint}"
    )


def encode_json(data: object) -> bytes:
    """Encode by msgspec, and pydantic models by themselves."""
    try:
        return _encode_json(data)
    except TypeError:
        return _encode_foreign(data)


def _encode_foreign(data: object) -> bytes:
    from ._validation.decoding import encode_hook

    return msgspec.json.encode(data, enc_hook=encode_hook)


def _of(body: Body, content_type: tuple[str, str], status: int, headers: HeadersInit) -> Response:
    if headers == () and body.__class__ is bytes:
        return plain(body, status, content_type)
    response = Response(body, status, headers)
    response.headers.setdefault(*content_type)
    return response
