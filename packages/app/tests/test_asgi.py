# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The application as an ASGI callable."""

import asyncio
import logging
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from drystone import App, ClientDisconnected, Response, file, stream
from drystone._asgi.request import BodyReader, ScopeConnection
from drystone_server import InvalidResponse


def make_app(tmp_path: Path) -> App[str]:
    (tmp_path / "data").write_bytes(b"0123456789")
    app: App[str] = App()

    @app.route("/echo/{word}", ["GET", "POST"])
    async def echo(request, word):
        return {
            "word": word,
            "url": request.url,
            "root": request.root_path,
            "length": request.content_length,
            "body": (await request.body()).decode(),
            "client": request.client,
            "secure": request.is_secure,
            "cookie": request.headers.get("cookie"),
            "trailers": len(request.trailers),
        }

    @app.get("/stream")
    async def pieces(request):
        async def two():
            yield b"a"
            yield b"b"

        request.run_after(after.append, "done")
        return stream(two())

    @app.get("/file")
    async def a_file(request):
        return await file(request, tmp_path / "data")

    @app.get("/plain")
    async def plain(request):
        class Plain:
            """An iterable that cannot be closed."""

            def __aiter__(self) -> Any:
                raise AssertionError("nobody asks for it")

        return stream(Plain())

    @app.get("/none")
    async def none(request):
        return None

    after: list[str] = []
    app.after_test = after  # type: ignore[attr-defined]
    return app


async def call(app: Any, method: str = "GET", path: str = "/", **scope: Any) -> list[Any]:
    body = scope.pop("body", [b""])
    leaves = scope.pop("leaves", False)
    messages = [
        {"type": "http.request", "body": piece, "more_body": index < len(body) - 1}
        for index, piece in enumerate(body)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages and not leaves:
            await asyncio.Event().wait()
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    defaults = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
    }
    await app({**defaults, **scope}, receive, send)
    return sent


def text_of(sent: list[Any]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


async def test_a_request(tmp_path: Path) -> None:
    import msgspec

    sent = await call(
        make_app(tmp_path),
        "POST",
        "/api/echo/a%2Fb?no",
        root_path="/api",
        query_string=b"x=1",
        scheme="https",
        client=("192.0.2.1", 5),
        server=("192.0.2.2", 443),
        headers=[
            (b"host", b"example.org"),
            (b"content-length", b"5"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
        ],
        body=[b"he", b"", b"llo"],
    )
    start, body = sent
    assert start["status"] == 200
    assert (b"content-length", str(len(body["body"])).encode()) in start["headers"]
    assert msgspec.json.decode(body["body"]) == {
        "word": "a/b",
        "url": "https://example.org/api/echo/a%2Fb?x=1",
        "root": "/api",
        "length": 5,
        "body": "hello",
        "client": ["192.0.2.1", 5],
        "secure": True,
        "cookie": "a=1; b=2",
        "trailers": 0,
    }


@pytest.mark.parametrize(
    ("scope", "length"),
    [
        ({}, 0),
        ({"headers": [(b"transfer-encoding", b"chunked")]}, None),
        ({"http_version": "2"}, None),
        ({"http_version": "2", "headers": [(b"content-length", b"0")]}, 0),
    ],
)
async def test_lengths(tmp_path: Path, scope: Any, length: int | None) -> None:
    import msgspec

    sent = await call(make_app(tmp_path), "POST", "/echo/x", **scope)
    assert msgspec.json.decode(text_of(sent))["length"] == length


async def test_without_a_raw_path(tmp_path: Path) -> None:
    sent = await call(make_app(tmp_path), path="/echo/a b", raw_path=None)
    assert b'"word":"a b"' in text_of(sent)
    assert b'"client":null' in text_of(sent)
    sent = await call(make_app(tmp_path), path="/api", root_path="/api")
    assert sent[0]["status"] == 404


async def test_bodies(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    sent = await call(app, path="/stream")
    assert [message.get("body") for message in sent[1:]] == [b"a", b"b", b""]
    assert app.after_test == ["done"]  # type: ignore[attr-defined]
    sent = await call(app, path="/file")
    assert text_of(sent) == b"0123456789"
    assert (b"content-length", b"10") in sent[0]["headers"]
    sent = await call(app, path="/file", headers=[(b"range", b"bytes=2-4")])
    assert (sent[0]["status"], text_of(sent)) == (206, b"234")
    sent = await call(app, "HEAD", "/file")
    assert text_of(sent) == b""
    assert (b"content-length", b"10") in sent[0]["headers"]
    sent = await call(app, "HEAD", "/stream")
    assert text_of(sent) == b""
    sent = await call(app, "HEAD", "/plain")
    assert text_of(sent) == b""
    sent = await call(app, "HEAD", "/echo/x")
    assert text_of(sent) == b""
    sent = await call(app, path="/none")
    assert sent[0]["status"] == 204
    assert not any(name == b"content-length" for name, _ in sent[0]["headers"])
    await app.shutdown()
    app.threads.close()


async def test_a_stream_ends_when_its_client_leaves(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    ended = []

    @app.get("/endless")
    async def endless(request):
        async def pieces():
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                ended.append("ended")

        request.run_after(ended.append, "after")
        return stream(pieces())

    sent = await call(app, path="/endless", leaves=True)
    assert sent[0]["status"] == 200
    assert ended == ["ended", "after"]


@pytest.mark.parametrize("status", [204, 304])
async def test_statuses_without_a_body(tmp_path: Path, status: int) -> None:
    app = make_app(tmp_path)

    @app.get("/whole")
    async def whole(request):
        return Response("no one sees this", status, {"content-length": "16"})

    @app.get("/pieces")
    async def pieces(request):
        async def two():
            yield b"no one"
            yield b"sees this"

        return stream(two(), status)

    for path in ("/whole", "/pieces"):
        sent = await call(app, path=path)
        assert (sent[0]["status"], text_of(sent)) == (status, b"")
        lengths = [value for name, value in sent[0]["headers"] if name == b"content-length"]
        assert lengths == ([b"16"] if (status, path) == (304, "/whole") else [])


async def test_a_stream_that_fails_before_its_first_piece_can_be_answered(tmp_path: Path) -> None:
    app = make_app(tmp_path)

    @app.get("/fails")
    async def fails(request):
        async def pieces():
            if request:
                raise ValueError("before anything")
            yield b""

        return stream(pieces())

    @app.get("/empty")
    async def empty(request):
        async def nothing():
            for piece in [b""] * 0:
                yield piece

        return stream(nothing())

    sent: list[Any] = []
    with pytest.raises(ValueError, match="before anything"):
        sent = await call(app, path="/fails")
    assert sent == []
    sent = await call(app, path="/empty")
    assert (sent[0]["status"], text_of(sent)) == (200, b"")


async def test_a_client_that_leaves_when_its_whole_body_was_read(tmp_path: Path) -> None:
    """Some servers tell the end of a body by an empty message, which nobody waits for."""
    app = make_app(tmp_path)
    ended = []

    @app.post("/endless")
    async def endless(request):
        await request.body()

        async def pieces():
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                ended.append("ended")

        return stream(pieces())

    length = [(b"content-length", b"2")]
    async with asyncio.timeout(10):
        body = [b"{}", b""]
        await call(app, "POST", "/endless", headers=length, body=body, leaves=True)
    assert ended == ["ended"]


@pytest.mark.parametrize("body", [[], [b"x"], [b"x" * 70_000], [b"x", b"x"]])
async def test_a_client_that_leaves_when_nobody_read_its_body(
    tmp_path: Path, body: list[bytes]
) -> None:
    app = make_app(tmp_path)
    ended = []

    @app.post("/endless")
    async def endless(request):
        async def pieces():
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                ended.append("ended")

        return stream(pieces())

    length = [(b"content-length", b"80000")]
    async with asyncio.timeout(10):
        await call(app, "POST", "/endless", headers=length, body=body, leaves=True)
    assert ended == ["ended"]


@pytest.mark.parametrize("pauses", [0, 20])
async def test_a_stream_that_reads_its_request(tmp_path: Path, pauses: int) -> None:
    """What was taken of a body while nobody read it is not lost, and the rest is waited for."""
    app = make_app(tmp_path)

    @app.post("/echo")
    async def echo(request):
        async def pieces():
            yield b""
            for _ in range(pauses):
                await asyncio.sleep(0)
            async for piece in request.stream():
                await asyncio.sleep(0)
                yield piece.upper()

        return stream(pieces())

    body = [b"a", b"", b"x" * 70_000, b"b", b"c"]
    async with asyncio.timeout(10):
        sent = await call(app, "POST", "/echo", body=body)
    assert text_of(sent) == b"".join(body).upper()


async def test_a_client_that_leaves_while_its_body_is_read(tmp_path: Path) -> None:
    app = make_app(tmp_path)

    @app.post("/echo")
    async def echo(request):
        async def pieces():
            async for piece in request.stream():
                yield piece

        return stream(pieces())

    length = [(b"content-length", b"9")]
    async with asyncio.timeout(10):
        with pytest.raises(ClientDisconnected):
            await call(app, "POST", "/echo", headers=length, body=[], leaves=True)


async def test_reading_while_another_waits_for_the_client_to_leave() -> None:
    messages: asyncio.Queue[Any] = asyncio.Queue()
    reader = BodyReader(messages.get)
    leaving = asyncio.ensure_future(reader.wait_disconnected())
    await asyncio.sleep(0)
    reading = asyncio.ensure_future(reader.read())
    await asyncio.sleep(0)
    messages.put_nowait({"type": "http.request", "body": b"a", "more_body": True})
    assert await reading == b"a"
    messages.put_nowait({"type": "http.disconnect"})
    with pytest.raises(ConnectionResetError):
        await reader.read()
    assert not leaving.done()  # its reader was told
    leaving.cancel()


async def test_a_file_that_shrinks(tmp_path: Path) -> None:
    from drystone._asgi.send import _close, _read
    from drystone_server import FileBody

    class Short(FileBody):
        def open(self) -> Any:
            file, count = super().open()
            return file, count + 1

    app = make_app(tmp_path)
    short = Short(tmp_path / "data")
    with pytest.raises(OSError, match="shorter"):
        async for _ in _read(short, app.threads):
            pass
    await _close(short)
    app.threads.close()


async def test_a_client_that_leaves(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sent = await call(
        make_app(tmp_path),
        "POST",
        "/echo/x",
        headers=[(b"content-length", b"5")],
        body=[],
        leaves=True,
    )
    assert sent[0]["status"] == 400
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_lifespan() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("start")
        yield "state"
        events.append("stop")
        if app.debug:
            raise RuntimeError("cannot stop")

    app: App[str] = App(lifespan=lifespan)
    assert await run_lifespan(app) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert events == ["start", "stop"]
    assert app.state == "state"
    app.debug = True
    assert await run_lifespan(app) == ["lifespan.startup.complete", "lifespan.shutdown.failed"]


async def test_a_lifespan_that_fails() -> None:
    @asynccontextmanager
    async def lifespan(app):
        if not app.debug:
            raise RuntimeError("no database")
        yield

    assert await run_lifespan(App(lifespan=lifespan)) == ["lifespan.startup.failed"]


async def run_lifespan(app: Any) -> list[str]:
    sent: list[str] = []
    asked = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> Any:
        return {"type": next(asked)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    return sent


async def test_a_websocket_is_refused() -> None:
    sent = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await App[None]()({"type": "websocket", "path": "/"}, receive, send)
    assert sent == [{"type": "websocket.close"}]


async def test_other_scopes(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="webtransport"):
        await call(make_app(tmp_path), type="webtransport")


@pytest.mark.parametrize(
    ("name", "value"),
    [("x-a", "b\r\nset-cookie: c=d"), ("x-a", "\0"), ("x-a", "\u20ac"), ("x a", "b"), ("", "b")],
)
async def test_nothing_breaks_out_of_a_field(name: str, value: str) -> None:
    app: App[None] = App()

    @app.get("/")
    async def handler():
        return Response(b"", headers={name: value})

    with pytest.raises(InvalidResponse, match="no field that can be sent"):
        await call(app)


def test_what_a_scope_tells_of_its_connection() -> None:
    connection = ScopeConnection({"server": ("192.0.2.2", 443)})
    assert connection.server == ("192.0.2.2", 443)
    assert connection.client is None
    assert connection.scheme == "http"
    assert ScopeConnection({}).server is None
