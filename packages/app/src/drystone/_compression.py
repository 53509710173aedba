"""Compressing responses on their way out (RFC 9110, 8.4 and 12.5.3)."""

from __future__ import annotations

import copy
import re
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Any

from ._coded_tags import add_plain_tags, code_tag, restore_tag
from ._codings import Coder, available_codings
from ._handlers import Handler, Middleware
from ._headers import ResponseHeaders
from ._negotiation import best_coding, takes_plain
from ._request import Request
from ._response import Body, Response

if TYPE_CHECKING:
    from ._threads import ThreadPool

_TYPES = re.compile(
    r"""
    text/(?!event-stream) .* |  # events are small, come one by one, and each would be flushed
    .* \+(?:json|xml|yaml|text) |
    application/(?:
        (?:x-)?javascript | json | json-seq | (?:x-)?ndjson | manifest | rtf | sql | toml | wasm |
        xml | xml-dtd | yaml | vnd\.ms-fontobject
    ) |
    font/(?:otf|ttf) |
    image/(?:bmp|vnd\.microsoft\.icon|x-icon)
    """,
    re.VERBOSE,
)
_UNTOUCHED = (
    "content-encoding",  # coded already
    "content-range",
    "content-digest",  # of the bytes as they are (RFC 9530)
    "repr-digest",
    "digest",
    "content-md5",
)
_ON_LOOP = 2**14
"""Bytes compressed without a thread, in half a millisecond; a change of threads takes a tenth."""


def compression(*, minimum_size: int = 1000) -> Middleware:
    """Middleware that compresses what the client takes compressed and what gains by it.

    By zstd or br where the extra ``compression`` is installed, by gzip always. Streams stay
    streams: each piece is flushed. Untouched are events, ranges, what has a ``Content-Encoding``
    or a digest, media that are compressed by themselves, what says ``Cache-Control: no-transform``
    (`uncompressed` says it for a route), and what a handler sent by `Request.respond`.

    Who can read how long answers are, and can make a victim's browser send requests of their
    choice, finds out a secret that is compressed together with what they sent (BREACH). So keep
    answers uncompressed that hold both.

    Args:
        minimum_size: bytes below which nothing is compressed. Such an answer fits into one packet
            with its head, and would arrive no sooner.

    Raises:
        ValueError: a negative size.
    """
    if minimum_size < 0:
        raise ValueError(f"minimum_size={minimum_size} must not be negative")
    codings = available_codings()
    offered = tuple(codings)

    async def compress(request: Request[Any], response: Response) -> Response:
        """Return a copy: a handler may keep its response for clients who take another coding."""
        accepted = request.headers.get("accept-encoding") or ""
        answer = copy.copy(response)
        answer.headers = fields = ResponseHeaders(response.headers)
        fields.vary("accept-encoding")
        coding = best_coding(accepted, offered)
        plain = takes_plain(accepted)
        if coding is None or (plain and _size(response) < minimum_size):
            return answer
        body = await _encode(request, response, codings[coding](), shorter=plain)
        if body is not None:
            answer.body = body
            fields.remove("content-length")
            fields["content-encoding"] = coding
            code_tag(fields, coding)
        return answer

    def middleware(handler: Handler) -> Handler:
        async def handle_then_compress(request: Request[Any]) -> Response:
            asked = request.headers.get("if-none-match")
            if asked is not None or "if-match" in request.headers:
                add_plain_tags(request)
            response = await handler(request)
            if response.status in (206, 304):
                return _of_several(response, asked or "")
            if request.answered is None and _may_be_compressed(response):
                return await compress(request, response)
            return response

        return handle_then_compress

    return middleware


def uncompressed(handler: Handler) -> Handler:
    """Middleware that forbids to compress: us, and every proxy on the way (RFC 9111, 5.2.2.6).

    For what holds a secret beside something the client chose::

        @app.get("/search", middleware=[uncompressed])
    """

    async def handle_uncompressed(request: Request[Any]) -> Response:
        response = copy.copy(await handler(request))
        response.headers = fields = ResponseHeaders(response.headers)
        if not _forbids(fields):
            fields["cache-control"] = ", ".join([*fields.get_all("cache-control"), "no-transform"])
        return response

    return handle_uncompressed


def _may_be_compressed(response: Response) -> bool:
    fields = response.headers
    kind = (fields.get("content-type") or "").partition(";")[0].strip().lower()
    return (
        response.status != 204
        and _TYPES.fullmatch(kind) is not None
        and not _forbids(fields)
        and not any(name in fields for name in _UNTOUCHED)
    )


def _forbids(fields: ResponseHeaders) -> bool:
    return "no-transform" in ",".join(fields.get_all("cache-control")).lower()


def _of_several(response: Response, asked: str) -> Response:
    """Say of a part, and of what has not changed, that the whole may be there in codings.

    For any type: that of a 304 is not known here, and 206 has another where the parts are several.
    """
    answer = copy.copy(response)
    answer.headers = ResponseHeaders(response.headers)
    answer.headers.vary("accept-encoding")
    if response.status == 304:
        restore_tag(answer.headers, asked)
    return answer


def _size(response: Response) -> float:
    """Bytes of the body, as far as somebody said; what is streamed is taken for long."""
    length = response.headers.get("content-length")  # of a HEAD, maybe, without the body
    if length is not None and length.isdecimal():
        return int(length)
    body = response.body
    if isinstance(body, bytes):
        return len(body)
    count = None if isinstance(body, AsyncIterable) else body.count
    return float("inf") if count is None else count


async def _encode(
    request: Request[Any], response: Response, coder: Coder, *, shorter: bool
) -> Body | None:
    """The body in its coding; None where it should become shorter and did not."""
    body, threads = response.body, request.app.threads
    if isinstance(body, bytes):
        if request.method == "HEAD" and len(body) < _size(response):  # the body of a GET is longer
            return CompressedBody(_unsent(), coder, threads)
        coded = await _run(threads, coder.whole, body)
        return coded if len(coded) < len(body) or not shorter else None
    if isinstance(body, AsyncIterable):
        return CompressedBody(body, coder, threads)
    from ._files.pieces import FilePieces

    return CompressedBody(FilePieces(body, threads), coder, threads, flush=False)


async def _run(threads: ThreadPool, code: Any, data: bytes) -> bytes:
    coded: bytes = code(data) if len(data) <= _ON_LOOP else await threads.run(code, data)
    return coded


async def _unsent() -> AsyncIterator[bytes]:
    yield b""


class CompressedBody:
    """A stream, compressed piece by piece.

    Args:
        body: the stream.
        coder: what codes it.
        threads: where large pieces are coded.
        flush: whether each piece shall arrive at once.
    """

    def __init__(
        self, body: AsyncIterable[bytes], coder: Coder, threads: ThreadPool, *, flush: bool = True
    ) -> None:
        self._body = body
        self._pieces: AsyncIterator[bytes] | None = None
        self._coder = coder
        self._code = coder.piece if flush else coder.feed
        self._threads = threads
        self._ended = False

    def __aiter__(self) -> CompressedBody:
        return self

    async def __anext__(self) -> bytes:
        if self._ended:
            raise StopAsyncIteration
        if self._pieces is None:
            self._pieces = aiter(self._body)
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            self._ended = True
            return self._coder.finish()
        return await _run(self._threads, self._code, piece) if piece else piece

    async def aclose(self) -> None:
        """End the stream where it stands; what was never begun is closed, too."""
        close = getattr(self._pieces or self._body, "aclose", None)
        if close is not None:
            await close()
