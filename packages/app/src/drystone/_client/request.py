"""What a test client sends: the bytes of a request."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from drystone._headers import HeadersInit, ResponseHeaders
from drystone._response import encode_json

Params: TypeAlias = "Mapping[str, Any] | Iterable[tuple[str, Any]]"
FileValue: TypeAlias = (
    "bytes | IO[bytes] | tuple[str, bytes | IO[bytes]] | tuple[str, bytes | IO[bytes], str]"
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
    content: str | bytes | AsyncIterable[bytes] | None = None,
    data: Mapping[str, Any] | None = None,
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
        pairs = params.items() if isinstance(params, Mapping) else params
        added = urlencode([(name, _plain(value)) for name, value in pairs], doseq=True)
        query = f"{query}&{added}" if query else added
    return (f"{path}?{query}" if query else path), parts.netloc or "localhost"


_QUERY_SAFE = "/?%:@!$&'()*+,;=~-._[]"


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _body(
    content: str | bytes | AsyncIterable[bytes] | None,
    data: Mapping[str, Any] | None,
    files: Files | None,
    json: Any,
) -> tuple[bytes | AsyncIterable[bytes], str]:
    if files is not None:
        return _multipart(data or {}, files)
    if json is not None:
        return encode_json(json), "application/json"
    if data is not None:
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    if content is None:
        return b"", ""
    return (content.encode() if isinstance(content, str) else content), ""


def _multipart(data: Mapping[str, Any], files: Files) -> tuple[bytes, str]:
    boundary = uuid4().hex
    parts: list[bytes] = []
    for name, value in data.items():
        items = value if isinstance(value, (list, tuple)) else [value]
        field = f'name="{_escape(name)}"'
        parts += [_part(boundary, field, "", str(item).encode()) for item in items]
    for name, file in files.items() if isinstance(files, Mapping) else files:
        filename, content, kind = _file(name, file)
        disposition = f'name="{_escape(name)}"; filename="{_escape(filename)}"'
        parts.append(_part(boundary, disposition, f"Content-Type: {kind}\r\n", content))
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, disposition: str, fields: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{fields}\r\n"
    return head.encode() + content + b"\r\n"


def _escape(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _file(name: str, value: FileValue) -> tuple[str, bytes, str]:
    filename, source, kind = name, value, "application/octet-stream"
    if isinstance(value, tuple):
        filename, source = value[0], value[1]
        kind = value[2] if len(value) == 3 else kind
    content = source if isinstance(source, bytes) else source.read()  # type: ignore[union-attr]
    return filename, content, kind
