"""What a test client sends: the bytes of a request."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import PurePath
from typing import IO, Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from drystone._headers import HeadersInit, ResponseHeaders
from drystone._response import encode_json

Sent: TypeAlias = "str | bytes | bytearray | memoryview | AsyncIterable[bytes] | None"
Params: TypeAlias = "Mapping[str, Any] | Iterable[tuple[str, Any]]"
Content: TypeAlias = "str | bytes | IO[bytes]"
FileValue: TypeAlias = (
    "Content | tuple[str | None, Content] | tuple[str | None, Content, str | None]"
)
Files: TypeAlias = "Mapping[str, FileValue] | Iterable[tuple[str, FileValue]]"


@dataclass(slots=True)
class Outgoing:
    """A request about to be sent.

    Attributes:
        method: in upper case.
        target: path and query.
        headers: the fields.
        body: whole, or in pieces that are sent chunked.
    """

    method: str
    target: str
    headers: ResponseHeaders
    body: bytes | AsyncIterable[bytes]

    def head(self) -> bytes:
        """The request line and the fields, to the empty line."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def make_request(
    method: str,
    url: str,
    *,
    params: Params | None = None,
    headers: HeadersInit = (),
    content: Sent = None,
    data: Params | None = None,
    files: Files | None = None,
    json: Any = None,
) -> Outgoing:
    """Build a request; the arguments are those of `Client.request`."""
    fields = headers if isinstance(headers, ResponseHeaders) else ResponseHeaders(headers)
    target, host = _target(url, params)
    if "host" not in fields:
        fields.add("Host", host)
    body, content_type = _body(content, data, files, json)
    if content_type:
        fields.setdefault("Content-Type", content_type)
    if not isinstance(body, bytes):
        fields.setdefault("Transfer-Encoding", "chunked")
    elif body or method in ("POST", "PUT", "PATCH"):
        fields.setdefault("Content-Length", str(len(body)))
    return Outgoing(method, target, fields, body)


def _target(url: str, params: Params | None) -> tuple[str, str]:
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe=_QUERY_SAFE)
    if params:
        added = _encode(params)
        query = f"{query}&{added}" if query else added
    return (f"{path}?{query}" if query else path), parts.netloc or "localhost"


_QUERY_SAFE = "/?%:@!$&'()*+,;=~-._[]"


def _encode(values: Params) -> str:
    pairs = values.items() if isinstance(values, Mapping) else values
    return urlencode([(name, _plain(value)) for name, value in pairs], doseq=True)


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _body(
    content: Sent,
    data: Params | None,
    files: Files | None,
    json: Any,
) -> tuple[bytes | AsyncIterable[bytes], str]:
    if files is not None:
        return _multipart(data or {}, files)
    if json is not None:
        return encode_json(json), "application/json"
    if isinstance(data, (str, bytes)):
        raise TypeError("data is a form: send raw text or bytes as content=")
    if data is not None:
        return _encode(data).encode(), "application/x-www-form-urlencoded"
    if content is None:
        return b"", ""
    if isinstance(content, (str, bytes, bytearray, memoryview)):
        return _bytes(content), ""
    if not hasattr(content, "__aiter__"):
        raise TypeError(f"content is text, bytes or an async iterable of bytes, not {content!r}")
    return content, ""


def _bytes(content: str | bytes | bytearray | memoryview) -> bytes:
    return content.encode() if isinstance(content, str) else bytes(content)


def _multipart(data: Params, files: Files) -> tuple[bytes, str]:
    boundary = uuid4().hex
    parts: list[bytes] = []
    for name, value in data.items() if isinstance(data, Mapping) else data:
        items = value if isinstance(value, (list, tuple)) else [value]
        field = f'name="{_escape(name)}"'
        parts += [_part(boundary, field, "", str(_plain(item)).encode()) for item in items]
    for name, file in files.items() if isinstance(files, Mapping) else files:
        filename, content, kind = _file(name, file)
        disposition = f'name="{_escape(name)}"'
        if filename is not None:
            disposition += f'; filename="{_escape(filename)}"'
        fields = f"Content-Type: {kind}\r\n" if kind else ""
        parts.append(_part(boundary, disposition, fields, content))
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, disposition: str, fields: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{fields}\r\n"
    return head.encode() + content + b"\r\n"


def _escape(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _file(name: str, value: FileValue) -> tuple[str | None, bytes, str | None]:
    """The name, content and media type of a file; without a name it is a field like others."""
    filename: str | None
    if isinstance(value, tuple):
        filename, source, *given = value
        kind = given[0] if given else None
    else:
        path = getattr(value, "name", name)  # that of an open file
        filename, source, kind = PurePath(path if isinstance(path, str) else name).name, value, None
    if kind is None and filename is not None:
        kind = guess_type(filename)[0] or "application/octet-stream"
    content = source.read() if hasattr(source, "read") else source
    return filename, _bytes(content), kind
