# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Compressed responses, read by the decoders of other people."""

import asyncio
import gzip
import json as stdlib_json
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from drystone import (
    App,
    Event,
    HTTPError,
    Response,
    compression,
    conditional,
    event_stream,
    file,
    json,
    stream,
    text,
    uncompressed,
)
from drystone._codings import available_codings
from drystone._files.pieces import FilePieces
from drystone.testing import Client
from drystone_server import FileBody
from hypothesis import given, settings
from hypothesis import strategies as st

LONG = (
    "A wall without mortar stands by the shape of its stones. " * 500
)  # above what needs a thread
CODINGS = ["zstd", "br", "gzip"]


def decode(coding: str | None, data: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(data)
    if coding == "br":
        return bytes(brotli.decompress(data))
    if coding == "zstd":
        return bytes(zstandard.ZstdDecompressor().decompressobj().decompress(data))
    assert coding is None
    return data


class Reader:
    """Reads a coded stream as far as it came."""

    def __init__(self, coding: str) -> None:
        self.read: Callable[[bytes], bytes] = {
            "gzip": zlib.decompressobj(31).decompress,
            "br": brotli.Decompressor().process,
            "zstd": zstandard.ZstdDecompressor().decompressobj().decompress,
        }[coding]


@pytest.fixture
def app(tmp_path: Path) -> App[None]:
    (tmp_path / "long.txt").write_text(LONG * 30)
    (tmp_path / "short.txt").write_text("short")
    app: App[None] = App(middleware=[compression()])
    app.closed = []  # type: ignore[attr-defined]
    kept = json([LONG], headers={"etag": '"kept"'})

    @app.get("/long")
    async def long(request):
        return LONG

    @app.get("/kept")
    async def the_kept_one(request):
        return conditional(request, kept)

    @app.put("/kept")
    async def put(request):
        return conditional(request, Response("written", headers={"etag": '"kept"'}))

    @app.get("/of/{kind:path}")
    async def of(request, kind: str):
        return Response(LONG.encode(), headers={"content-type": kind})

    @app.get("/fields/{name}")
    async def fields(request, name: str, value: str):
        return text(LONG, headers={name: value})

    @app.get("/short")
    async def short(request):
        return "short"

    @app.get("/file/{name}")
    async def a_file(request, name: str):
        return await file(request, tmp_path / name)

    @app.get("/error")
    async def error(request):
        raise HTTPError(418, LONG)

    @app.get("/private", middleware=[uncompressed])
    async def private(request, cached: bool = False, said: bool = False):
        headers = {"cache-control": "private"} if cached else {}
        return text(LONG, headers={"cache-control": "no-transform"} if said else headers)

    @app.get("/pieces")
    async def pieces(request, fails: bool = False):
        async def lines():
            try:
                yield b""
                yield b"first\n"
                if fails:
                    raise ValueError("broken")
                yield LONG.encode()
            finally:
                app.closed.append("closed")  # type: ignore[attr-defined]

        return stream(lines(), content_type="text/plain", headers={"etag": 'W/"1"'})

    @app.get("/events")
    async def events(request):
        async def two():
            yield Event(LONG)

        return event_stream(two())

    inner: App[None] = App()

    @inner.get("/")
    async def mounted(request):
        return LONG

    app.mount("/inner", inner)
    return app


async def get(app: App[None], path: str, coding: str | None = "gzip", **headers: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if coding is not None:
        fields["accept-encoding"] = coding
    async with Client(app) as client:
        return await client.get(path, headers=fields)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "path", ["/long", "/kept", "/file/long.txt", "/error", "/inner/", "/pieces", "/absent"]
)
async def test_what_gains_is_compressed(app: App[None], coding: str, path: str) -> None:
    if path == "/absent":  # a problem is short, a page of one is not always
        app.middleware[:] = [compression(minimum_size=0)]
    plain = await get(app, path, None)
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"].split(", ").count("accept-encoding") == 1
    coded = await get(app, path, coding)
    assert coded.status_code == plain.status_code
    if len(plain.content) < 200:
        return  # and came out longer
    assert coded.headers["content-encoding"] == coding
    assert coded.headers["vary"] == plain.headers["vary"]
    assert len(coded.content) < len(plain.content) / 3
    if path != "/error" and path != "/absent":  # these name their request
        assert decode(coding, coded.content) == plain.content


@pytest.mark.parametrize(
    "path", ["/long", "/kept", "/file/long.txt", "/error", "/pieces", "/short"]
)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_head_has_the_fields_of_get(app: App[None], path: str, coding: str) -> None:
    async with Client(app) as client:
        headers = {"accept-encoding": coding}
        answer = await client.get(path, headers=headers)
        head = await client.head(path, headers=headers)
    names = [name for name, _ in answer.headers.items() if name.lower() != "x-request-id"]
    assert [name for name, _ in head.headers.items() if name.lower() != "x-request-id"] == names
    # A problem names its request, so its length in a coding differs by a few bytes.
    same = [name for name in names if path != "/error" or name.lower() != "content-length"]
    assert [answer.headers[name] for name in same] == [head.headers[name] for name in same]


async def test_a_head_that_tells_the_length_of_another_body(app: App[None]) -> None:
    @app.route("/told", ["HEAD"])
    async def told(request):
        return Response(b"", headers={"content-type": "text/plain", "content-length": "5000"})

    async with Client(app) as client:
        head = await client.head("/told", headers={"accept-encoding": "gzip"})
    assert head.headers["content-encoding"] == "gzip"
    assert "content-length" not in head.headers


@pytest.mark.parametrize(
    ("kind", "compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("TEXT/CSS", True),
        ("application/json", True),
        ("application/problem+json", True),
        ("image/svg+xml", True),
        ("application/wasm", True),
        ("font/ttf", True),
        ("text/event-stream", False),
        ("image/png", False),
        ("application/zip", False),
        ("font/woff2", False),
        ("application/octet-stream", False),
        ("multipart/byteranges; boundary=x", False),
    ],
)
async def test_kinds(app: App[None], kind: str, compressed: bool) -> None:
    answer = await get(app, f"/of/{kind}".replace(" ", "%20"))
    assert ("content-encoding" in answer.headers) is compressed
    assert ("vary" in answer.headers) is compressed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-encoding", "br"),
        ("content-range", "bytes 0-1/2"),
        ("cache-control", "private, No-Transform"),
        ("content-digest", "sha-256=:x:"),
    ],
)
async def test_what_is_left_as_it_is(app: App[None], name: str, value: str) -> None:
    answer = await get(app, f"/fields/{name}?value={value}")
    assert answer.text == LONG
    assert "vary" not in answer.headers


async def test_ranges_are_of_the_file_as_it_is(app: App[None]) -> None:
    plain = await get(app, "/file/long.txt", None)
    coded = await get(app, "/file/long.txt")
    part = await get(app, "/file/long.txt", range="bytes=2-5")
    assert (part.status_code, part.text) == (206, LONG[2:6])
    assert part.headers["vary"] == "accept-encoding"
    assert part.headers["etag"] == plain.headers["etag"] != coded.headers["etag"]
    # A part of the file is never joined with parts of its coding.
    resumed = await get(app, "/file/long.txt", range="bytes=2-5", if_range=coded.headers["etag"])
    assert resumed.status_code == 200


async def test_short_bodies(app: App[None]) -> None:
    assert (await get(app, "/short")).content == b"short"
    assert (await get(app, "/file/short.txt")).content == b"short"
    # Who takes nothing else gets it in a coding all the same.
    for path in ("/short", "/file/short.txt"):
        answer = await get(app, path, "gzip, identity;q=0")
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(answer.content) == b"short"
    # And the plain one where there is none for it: that beats an error after the work is done.
    assert (await get(app, "/short", "deflate, *;q=0")).text == "short"


async def test_what_would_become_longer(app: App[None]) -> None:
    app.middleware[:] = [compression(minimum_size=0)]
    answer = await get(app, "/short")
    assert (answer.text, answer.headers["vary"]) == ("short", "accept-encoding")


async def test_a_file_of_unknown_length(app: App[None], tmp_path: Path) -> None:
    @app.get("/body")
    async def body(request):
        return Response(FileBody(tmp_path / "long.txt"), headers={"content-type": "text/plain"})

    answer = await get(app, "/body")
    assert gzip.decompress(answer.content).decode() == LONG * 30


def test_a_size_below_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        compression(minimum_size=-1)


async def test_a_response_that_is_kept_stays_as_it_was(app: App[None]) -> None:
    for coding in ("gzip", None, "br", "gzip"):
        answer = await get(app, "/kept", coding)
        assert stdlib_json.loads(decode(coding, answer.content)) == [LONG]


@pytest.mark.parametrize("coding", CODINGS)
async def test_conditional_requests(app: App[None], coding: str) -> None:
    tag = (await get(app, "/kept", coding)).headers["etag"]
    assert tag == f'"kept-{coding}"'
    answer = await get(app, "/kept", coding, if_none_match=f'"other", {tag}')
    assert (answer.status_code, answer.headers["etag"]) == (304, tag)
    assert answer.headers["vary"] == "accept-encoding"
    answer = await get(app, "/kept", coding, if_none_match='"kept"')
    assert (answer.status_code, answer.headers["etag"]) == (304, '"kept"')
    answer = await get(app, "/kept", coding, if_none_match=f'"other-{coding}"')
    assert answer.status_code == 200
    async with Client(app) as client:
        assert (await client.put("/kept", headers={"if-match": tag})).status_code == 200
        assert (await client.put("/kept", headers={"if-match": f'"x-{coding}"'})).status_code == 412
        two = {"if-none-match": f'"other-{coding}", "kept"'}
        assert (await client.get("/kept", headers=two)).headers["etag"] == '"kept"'
    assert (await get(app, "/pieces", coding)).headers["etag"] == 'W/"1"'


async def test_routes_that_hold_secrets(app: App[None]) -> None:
    answer = await get(app, "/private")
    assert (answer.text, answer.headers["cache-control"]) == (LONG, "no-transform")
    answer = await get(app, "/private?cached=true")
    assert answer.headers["cache-control"] == "private, no-transform"
    answer = await get(app, "/private?said=true")
    assert answer.headers["cache-control"] == "no-transform"


async def test_events_are_left_alone(app: App[None]) -> None:
    answer = await get(app, "/events")
    assert "content-encoding" not in answer.headers
    assert answer.text == f"data: {LONG}\n\n"


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_stream_stays_a_stream(coding: str) -> None:
    app: App[None] = App(middleware=[compression()])
    go_on = asyncio.Event()

    @app.get("/")
    async def slow(request):
        async def pieces():
            yield b"first"
            await go_on.wait()
            yield b"second"

        return stream(pieces(), content_type="text/plain")

    reader = Reader(coding)
    async with (
        Client(app) as client,
        client.stream("GET", "/", headers={"accept-encoding": coding}) as answer,
    ):
        received = b""
        async for piece in answer.aiter_bytes():
            received += reader.read(piece)
            if received == b"first":
                go_on.set()
    assert received == b"firstsecond"


async def test_a_stream_that_breaks(app: App[None]) -> None:
    async with Client(app) as client:
        with pytest.raises(ConnectionError):
            await client.get("/pieces?fails=true", headers={"accept-encoding": "gzip"})
    assert app.closed == ["closed"]  # type: ignore[attr-defined]


async def test_a_stream_that_nobody_reads_to_its_end() -> None:
    app: App[None] = App(middleware=[compression()])
    closed = asyncio.Event()

    @app.get("/")
    async def endless(request):
        async def pieces():
            try:
                while True:
                    yield b"x" * 1000
                    await asyncio.sleep(0)
            finally:
                closed.set()

        return stream(pieces(), content_type="text/plain")

    async with (
        Client(app) as client,
        client.stream("GET", "/", headers={"accept-encoding": "gzip"}) as answer,
    ):
        await anext(aiter(answer.aiter_bytes()))
    async with asyncio.timeout(10):
        await closed.wait()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_iterable_that_is_more_than_a_generator(method: str) -> None:
    app: App[None] = App(middleware=[compression()])
    closed: list[str] = []

    class Rows:
        left = 2

        def __aiter__(self):
            return self

        async def __anext__(self):
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            return b"row"

        async def aclose(self):
            closed.append(method)

    class Plain:
        def __aiter__(self):
            return Rows()

    class Bare:
        def __aiter__(self):
            raise AssertionError("nobody asks")

    made: list[Any] = [Rows(), Plain(), Bare()] if method == "HEAD" else [Rows(), Plain()]

    @app.get("/")
    async def rows(request, which: int):
        return stream(made[which], content_type="text/csv")

    async with Client(app) as client:
        for which in range(len(made)):
            headers = {"accept-encoding": "gzip"}
            answer = await client.request(method, f"/?which={which}", headers=headers)
            assert answer.headers["content-encoding"] == "gzip"
            if method == "GET":
                assert gzip.decompress(answer.content) == b"rowrow"
    assert closed == (["GET", "GET"] if method == "GET" else ["HEAD"])


async def test_what_was_answered_already() -> None:
    app: App[None] = App(middleware=[compression()])

    @app.get("/")
    async def answers(request):
        await request.respond(text(LONG))

    assert (await get(app, "/")).text == LONG


async def test_the_end_of_a_compressed_body() -> None:
    from drystone._compression import CompressedBody, _unsent

    app: App[None] = App()
    body = CompressedBody(_unsent(), available_codings()["gzip"](), app.threads)
    assert gzip.decompress(b"".join([piece async for piece in body])) == b""
    assert [piece async for piece in body] == []
    await body.aclose()


async def test_pieces_of_a_file(tmp_path: Path) -> None:
    app: App[None] = App()
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    opened = path.open("rb")
    await FilePieces(FileBody(opened), app.threads).aclose()
    assert opened.closed
    await FilePieces(FileBody(path), app.threads).aclose()  # nothing to close

    class Short(FileBody):
        def open(self) -> Any:
            file, count = super().open()
            return file, count + 1

    pieces = FilePieces(Short(path), app.threads)
    with pytest.raises(OSError, match="shorter"):
        async for _ in pieces:
            pass
    await pieces.aclose()
    app.threads.close()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(available_codings()) == CODINGS
    monkeypatch.setitem(sys.modules, "brotli", None)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    assert list(available_codings()) == ["gzip"]


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(CODINGS), st.lists(st.binary(max_size=100), max_size=10))
def test_pieces_can_be_read_as_they_come(coding: str, pieces: list[bytes]) -> None:
    coder, reader = available_codings()[coding](), Reader(coding)
    for piece in pieces:
        assert reader.read(coder.piece(piece)) == piece
    assert reader.read(coder.finish()) == b""
