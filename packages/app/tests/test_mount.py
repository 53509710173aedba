# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Other applications under a prefix."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any

import pytest
from drystone import App, HTTPError, Request, stream, text
from drystone._mount import split_path
from drystone.testing import Client


@pytest.mark.parametrize(
    ("path", "depth", "parts"),
    [
        ("/a/b/c%2Fd", 1, ("/a", "/b/c%2Fd")),
        ("/a/b", 2, ("/a/b", "/")),
        ("/a", 1, ("/a", "/")),
        ("/a/", 1, ("/a", "/")),
        ("/%61/b", 1, ("/%61", "/b")),
        ("/x", 0, ("", "/x")),
    ],
)
def test_dividing_a_path(path: str, depth: int, parts: tuple[str, str]) -> None:
    assert split_path(path, depth) == parts


async def test_an_application_of_ours() -> None:
    events = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("start")
        yield "state of the shop"
        events.append("stop")

    shop: App[str] = App(lifespan=lifespan)

    @shop.get("/")
    async def front(request: Request[str]):
        return request.app.state

    @shop.get("/items/{id}", name="item")
    async def item(request, id: int):
        return [request.root_path, request.path, request.url_for("item", id=id), request.url]

    @shop.get("/fail")
    async def fail(request):
        raise HTTPError(409)

    @shop.error_handler(409)
    async def conflict(request, error):
        return text("the shop says no", 409)

    outer: App[None] = App()
    section = outer.group("/town")
    section.mount("/shop", shop, name="shop")

    @outer.get("/own")
    async def own(request):
        return [request.root_path, outer.url_for("shop", path="items/1")]

    async with Client(outer) as client:
        assert events == ["start"]
        assert (await client.get("/town/shop")).text == "state of the shop"
        assert (await client.get("/town/shop/")).text == "state of the shop"
        answer = await client.get("/town/shop/items/4?x=1")
        assert answer.json() == [
            "/town/shop",
            "/items/4",
            "/town/shop/items/4",
            "http://localhost/town/shop/items/4?x=1",
        ]
        assert (await client.get("/town/shop/fail")).text == "the shop says no"
        assert (await client.get("/town/shop/absent")).status_code == 404
        assert (await client.post("/town/shop/items/4")).status_code == 405
        assert (await client.get("/own")).json() == ["", "/town/shop/items/1"]
    assert events == ["start", "stop"]


async def test_work_after_the_response_of_a_mounted_application() -> None:
    done: list[int] = []
    inner: App[None] = App()

    @inner.get("/")
    async def home(request):
        request.run_after(done.append, 1)
        return ""

    outer: App[None] = App()
    outer.mount("/inner", inner)
    async with Client(outer) as client:
        await client.get("/inner")
    assert done == [1]


class ASGIApp:
    """Answers what it is told to by the path."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.cancelled = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
            return
        answer = getattr(self, scope["path"].rpartition("/")[2] or "root", self.echo)
        await answer(scope, receive, send)

    async def lifespan(self, receive: Any, send: Any) -> None:
        self.events.append((await receive())["type"])
        await send({"type": "lifespan.startup.complete"})
        self.events.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message["more_body"]:
                break
        told = f"{scope['method']} {scope['root_path']} {scope['path']} {scope['query_string']!r}"
        headers = [(b"x-told", told.encode()), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        assert (await receive())["type"] == "http.disconnect"

    async def pieces(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        for piece in (b"a", b"", b"b"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    async def endless(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        try:
            while True:
                await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
                await asyncio.sleep(0)
        finally:
            self.cancelled.set()

    async def silent(self, scope: Any, receive: Any, send: Any) -> None:
        """Return without an answer."""

    async def fails(self, scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("from the mounted application")

    async def half(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})


async def test_an_asgi_application() -> None:
    asgi = ASGIApp()
    app: App[None] = App()
    app.mount("/asgi", asgi)
    async with Client(app) as client:
        assert asgi.events == ["lifespan.startup"]
        answer = await client.post("/asgi/a%20b?q=1", content=b"hello")
        assert (answer.status_code, answer.text) == (201, "hello")
        assert answer.headers.get("x-told") == "POST /asgi /asgi/a b b'q=1'"
        assert (await client.get("/asgi")).status_code == 201
        assert (await client.get("/asgi/pieces")).content == b"ab"
    assert asgi.events == ["lifespan.startup", "lifespan.shutdown"]


async def test_an_asgi_application_is_told_that_the_client_left() -> None:
    told = asyncio.Event()

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            while (await receive())["type"] != "http.disconnect":
                pass
            told.set()

    async def pieces():
        yield b"x"
        raise RuntimeError("gone")

    app: App[None] = App()
    app.mount("/", asgi)
    async with Client(app) as client:
        with pytest.raises(RuntimeError, match="gone"):
            await client.post("/", content=pieces())
        await asyncio.wait_for(told.wait(), 5)


async def test_what_an_asgi_application_gets_wrong(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()
    app.mount("/", ASGIApp())
    async with Client(app) as client:
        assert (await client.get("/silent")).status_code == 500
        assert (await client.get("/fails")).status_code == 500
        with pytest.raises(Exception, match=r"."):
            await client.get("/half")
    logged = " ".join(str(record.exc_info) for record in caplog.records)
    assert "ended without a response" in logged
    assert "from the mounted application" in logged
    assert "ended within its response" in logged


async def test_an_asgi_application_whose_client_leaves() -> None:
    asgi = ASGIApp()
    app: App[None] = App()
    app.mount("/", asgi)
    async with Client(app) as client:
        async with client.stream("GET", "/endless") as answer:
            async for piece in answer.aiter_bytes():
                assert piece
                break
        await asyncio.wait_for(asgi.cancelled.wait(), 5)


@pytest.mark.parametrize("more", [[], [b"a", b"b"]], ids=["bytes", "stream"])
async def test_what_an_asgi_application_does_after_its_response(
    more: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200})
            for piece in more:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body"})
            await asyncio.sleep(0)
            done.append(scope["path"])
            raise RuntimeError("too late for the client")

    app: App[None] = App()
    app.mount("/", asgi)
    async with Client(app) as client:
        answer = await client.get("/mail")
        assert (answer.status_code, answer.content) == (200, b"".join(more))
    assert done == ["/mail"]
    (record,) = caplog.records
    assert record.message.startswith("GET /mail failed (request ")
    assert "too late for the client" in str(record.exc_info)


async def test_an_error_that_an_asgi_application_answers_has_the_id_that_the_log_names(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            given = [(b"x-request-id", b"its own")] if scope["path"] == "/named" else []
            await send({"type": "http.response.start", "status": 500, "headers": given})
            await send({"type": "http.response.body", "body": b"sorry"})
            raise RuntimeError("broken")

    app: App[None] = App()
    app.mount("/", asgi)
    async with Client(app) as client:
        answer = await client.get("/")
        named = await client.get("/named")
    assert (answer.status_code, answer.text) == (500, "sorry")
    assert answer.headers["x-request-id"] in caplog.records[0].message
    assert named.headers.get_all("x-request-id") == ["its own"]


async def test_the_state_of_an_asgi_application_reaches_its_requests() -> None:
    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["stones"] = ["granite"]
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        seen = str(scope["state"]).encode()
        scope["state"]["mine"] = "alone"
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": seen})

    app: App[None] = App()
    app.mount("/inner", asgi)
    async with Client(app) as client:
        for _ in range(2):  # what a request adds is for that request
            assert (await client.get("/inner")).text == "{'stones': ['granite']}"
    assert (await Client(app).get("/inner")).text == "{}"


async def test_a_handler_that_is_cancelled_cancels_the_mounted_application() -> None:
    class Slow(ASGIApp):
        async def root(self, scope: Any, receive: Any, send: Any) -> None:
            try:
                await asyncio.sleep(60)
            finally:
                self.cancelled.set()

    def hurry(handler: Any) -> Any:
        async def limited(request: Any) -> Any:
            async with asyncio.timeout(0.01):
                return await handler(request)

        return limited

    asgi = Slow()
    app: App[None] = App(middleware=[hurry])
    app.mount("/", asgi)
    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
        assert asgi.cancelled.is_set()


@pytest.mark.parametrize("prefix", ["", "/{name}", "x", "/x/"])
def test_prefixes_of_mounts(prefix: str) -> None:
    app: App[None] = App()
    with pytest.raises(ValueError, match=r"mounted|Prefix"):
        app.mount(prefix, App())


async def test_a_stream_and_work_after_the_response_still_belong_to_the_mounted_application() -> (
    None
):
    seen = []
    inner: App[None] = App()

    @inner.get("/stream", name="stream")
    async def streaming(request: Request[None]):
        async def pieces():
            yield request.url_for("stream").encode()

        request.run_after(lambda: seen.append((request.app is inner, request.path)))
        return stream(pieces())

    outer: App[None] = App()
    outer.mount("/in", inner)
    async with Client(outer) as client:
        assert (await client.get("/in/stream")).text == "/in/stream"
    assert seen == [(True, "/stream")]


async def test_what_a_mounted_application_finds_out_is_known_outside() -> None:
    inner: App[None] = App()

    @inner.post("/")
    async def body(request: Request[None]):
        request.state.seen = await request.body()
        return request.trailers.get("checksum")

    def around(handler):
        async def handle(request):
            response = await handler(request)
            response.headers["x-seen"] = (
                f"{request.state.seen.decode()} {request.path} {request.id}"
            )
            assert request.app is outer
            assert await request.body() == b"hello"
            return response

        return handle

    outer: App[None] = App(middleware=[around])
    outer.mount("/in", inner)
    async with Client(outer) as client:
        transport = client._connect()
        await transport.send(
            b"POST /in/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\nhello\r\n0\r\nChecksum: 7\r\n\r\n"
        )
        answer = await transport.reader.readuntil(b"\r\n\r\n7")
        transport.hang_up()
    assert b"x-seen: hello /in/ " in answer


def test_what_cannot_be_mounted() -> None:
    with pytest.raises(TypeError, match="5 is neither an App nor an ASGI application"):
        App[None]().mount("/in", 5)
    app: App[None] = App()
    with pytest.raises(ValueError, match="in itself"):
        app.group("/group").mount("/in", app)
