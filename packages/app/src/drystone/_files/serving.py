"""Files as responses: validators, conditional requests, and ranges."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from drystone._conditional import http_date, is_not_modified, not_modified, range_holds
from drystone._errors import HTTPError
from drystone._headers import HeadersInit
from drystone._response import Response

from .disposition import content_disposition
from .ranges import RangeNotSatisfiable, parse_range

if TYPE_CHECKING:
    from mimetypes import MimeTypes

    from drystone_server import FileBody

    from drystone._request import Request
    from drystone._threads import ThreadPool

_BLOCK = 2**18


async def file(
    request: Request[Any],
    path: str | os.PathLike[str],
    *,
    content_type: str | None = None,
    filename: str | None = None,
    download: bool = False,
    headers: HeadersInit = (),
) -> Response:
    """Answer a file: 200, 206 for ranges, 304 where the client has it, 416 for a range outside.

    Args:
        request: what it answers.
        path: the file. Never build it of what a request says without a check.
        content_type: by default guessed by the file's name.
        filename: what the client should call it; by default the file's name, for downloads only.
        download: ask the client to save it rather than to show it.
        headers: further fields, ``Cache-Control`` for one.

    Raises:
        HTTPError: 404 where there is no such file, 412, 416.
    """
    path = Path(path)
    response = Response(b"", 200, headers)
    if download or filename is not None:
        name = filename or path.name
        disposition = content_disposition(name, download=download)
        response.headers["content-disposition"] = disposition
    return await answer_file(request, path, response, content_type or guess_type(path.name))


async def answer_file(
    request: Request[Any], path: Path, response: Response, content_type: str, mark: str = ""
) -> Response:
    """Make the response one of a file.

    Args:
        request: what it answers.
        path: the file.
        response: with the further fields.
        content_type: unless these fields say it.
        mark: tells the ETag of one representation from those of others.

    Raises:
        HTTPError: as `file` does.
    """
    stat = await request.app.threads.run(_stat, path)
    modified = datetime.fromtimestamp(stat.st_mtime, UTC)
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}{mark}"'
    fields = response.headers
    fields.setdefault("content-type", content_type)
    fields.setdefault("x-content-type-options", "nosniff")
    fields["etag"] = etag
    fields["last-modified"] = http_date(modified)
    fields["accept-ranges"] = "bytes"
    if is_not_modified(request, etag, modified):
        return not_modified(response)
    spans = _spans(request, etag, modified, stat.st_size)
    if spans is None:
        response.body = _slice(path, stat, 0, stat.st_size)
    elif len(spans) == 1:
        _one_range(response, path, stat, spans[0])
    else:
        _several_ranges(response, path, stat, spans, request.app.threads)
    return response


def _stat(path: Path) -> os.stat_result:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        raise HTTPError(404, "There is no such file") from None
    if not S_ISREG(stat.st_mode):
        raise HTTPError(404, "There is no such file")
    return stat


def guess_type(name: str) -> str:
    """The media type by a file name's end; text is taken for UTF-8. The same on every machine."""
    kind, encoding = _types().guess_type(name)
    if encoding is not None:
        return _COMPRESSED.get(encoding, "application/octet-stream")
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXTS else kind


@cache
def _types() -> MimeTypes:
    """Python's own table and the rest of the web, not what a registry or /etc says of them."""
    from mimetypes import MimeTypes

    types = MimeTypes()
    for end, kind in _WEB_TYPES.items():
        types.add_type(kind, end)
    return types


_COMPRESSED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_TEXTS = ("application/javascript", "image/svg+xml")
_WEB_TYPES = {
    ".avif": "image/avif",
    ".flac": "audio/flac",
    ".js": "text/javascript",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
}


def _spans(
    request: Request[Any], etag: str, modified: datetime, size: int
) -> list[tuple[int, int]] | None:
    """The ranges to send; None sends the whole."""
    field = request.headers.get("range")
    if field is None or request.method != "GET" or not range_holds(request, etag, modified):
        return None
    try:
        return parse_range(field, size)
    except RangeNotSatisfiable:
        raise HTTPError(
            416, f"The file has {size} bytes", headers={"content-range": f"bytes */{size}"}
        ) from None


def _one_range(response: Response, path: Path, stat: os.stat_result, span: tuple[int, int]) -> None:
    first, end = span
    response.status = 206
    response.headers["content-range"] = f"bytes {first}-{end - 1}/{stat.st_size}"
    response.body = _slice(path, stat, first, end)


def _several_ranges(
    response: Response,
    path: Path,
    stat: os.stat_result,
    spans: Sequence[tuple[int, int]],
    threads: ThreadPool,
) -> None:
    size = stat.st_size
    boundary = uuid4().hex
    kind = response.headers["content-type"]
    heads = [
        f"--{boundary}\r\ncontent-type: {kind}\r\n"
        f"content-range: bytes {first}-{end - 1}/{size}\r\n\r\n".encode()
        for first, end in spans
    ]
    tail = f"--{boundary}--\r\n".encode()
    length = sum(len(head) + 2 for head in heads) + sum(end - first for first, end in spans)
    response.status = 206
    response.headers["content-type"] = f"multipart/byteranges; boundary={boundary}"
    response.headers["content-length"] = str(length + len(tail))
    response.body = _parts(_slice(path, stat, 0, size), heads, spans, tail, threads)


def _slice(path: Path, stat: os.stat_result, first: int, end: int) -> FileBody:
    from .opened import SameFile  # with the server

    return SameFile(path, stat, first, end)


async def _parts(
    whole: FileBody,
    heads: Sequence[bytes],
    spans: Sequence[tuple[int, int]],
    tail: bytes,
    threads: ThreadPool,
) -> AsyncIterator[bytes]:
    opened, _ = await threads.run(whole.open)
    try:
        for head, (first, end) in zip(heads, spans, strict=True):
            yield head
            opened.seek(first)
            left = end - first
            while left > 0:
                piece = await threads.run(opened.read, min(left, _BLOCK))
                if not piece:
                    raise OSError(f"{opened.name} became shorter while it was sent")
                left -= len(piece)
                yield piece
            yield b"\r\n"
        yield tail
    finally:
        opened.close()
