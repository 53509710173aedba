"""The stylesheet, the script and the icon: read once, sent with a validator (RFC 9110, 8.8.3)."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from drystone import Group, HTTPError, Request, Response

from .services import Services

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    content: bytes
    headers: dict[str, str]


def read(path: Path) -> StaticFile:
    """Read a file and name its state."""
    content = path.read_bytes()
    headers = {
        "content-type": MEDIA_TYPES[path.suffix],
        "etag": f'"{sha256(content).hexdigest()[:20]}"',
        "cache-control": "no-cache",  # keep it, and ask each time whether it is still this one
    }
    return StaticFile(content, headers)


FILES = {path.name: read(path) for path in (Path(__file__).parent / "static").iterdir()}
static_files = Group("/static")


@static_files.get("/{name}")
async def static_file(request: Request[Services], name: str) -> Response:
    """A file of the folder ``static``; no path leads out of it, for only its names are known."""
    if (file := FILES.get(name)) is None:
        raise HTTPError(404, "There is no such file")
    known = request.headers.get("if-none-match") or ""
    if file.headers["etag"] in known:
        return Response(b"", 304, file.headers)
    return Response(file.content, 200, file.headers)
