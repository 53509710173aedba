# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The test client, against the real parser and connection."""

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from drystone import App, Depends, HTTPError, Request, Response, redirect, stream, text
from drystone._client.exchange import Exchange
from drystone._client.request import make_request
from drystone.testing import Client, ClientResponse, MemoryTransport


def make_app() -> App[None]:
    app: App[None] = App()

    @app.route("/echo", ["GET", "POST", "PUT", "OPTIONS"])
    async def echo(request):
        return {
            "method": request.method,
            "target": request.target,
            "body": (await request.body()).decode(),
            "headers": dict(request.headers.items()),
        }

    @app.get("/set")
    async def set_cookies(request):
        response = text("")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60)
        return response

    @app.get("/delete")
    async def delete(request):
        response = text("")
        response.delete_cookie("a")
        return response

    @app.route("/old", ["GET", "POST"])
    async def old(request, status: int = 303):
        return redirect("/echo?moved=1", status)

    @app.get("/loop")
    async def loop(request):
        return redirect("/loop")

    @app.get("/lines")
    async def lines(request):
        async def pieces():
            for piece in ("a\r\nb", "\nc\n\u00e9".encode()[:-1], b"\xa9"):
                yield piece if isinstance(piece, bytes) else piece.encode()

        return stream(pieces())

    @app.get("/latin")
    async def latin(request):
        return Response(b"\xe9", 200, {"content-type": "text/plain; charset=latin-1"})

    return app


async def test_requests() -> None:
    async with Client(make_app(), headers={"X-Default": "d"}, cookies={"start": "0"}) as client:
        answer = await client.get(
            "/echo?x=1", params={"y": True, "z": [1, 2]}, headers={"X-A": "b"}
        )
        assert answer.http_version == "HTTP/1.1"
        assert answer.reason_phrase == "OK"
        assert answer.url.startswith("http://localhost/echo?x=1")
        assert repr(answer) == "<Response [200 OK]>"
        assert answer.is_success
        assert answer.raise_for_status() is answer
        told = answer.json()
        assert told["target"] == "/echo?x=1&y=true&z=1&z=2"
        assert told["headers"]["X-Default"] == "d"
        assert told["headers"]["X-A"] == "b"
        assert told["headers"]["Cookie"] == "start=0"
        assert told["headers"]["Host"] == "localhost"
        told = (await client.post("/echo", content="text")).json()
        assert (told["body"], told["headers"]["Content-Length"]) == ("text", "4")
        told = (await client.put("/echo", json=[1])).json()
        assert (told["body"], told["headers"]["Content-Type"]) == ("[1]", "application/json")
        told = (await client.post("/echo", params=[("a", "b c")])).json()
        assert told["target"] == "/echo?a=b+c"
        assert told["headers"]["Content-Length"] == "0"
        assert (await client.options("/echo")).json()["method"] == "OPTIONS"
        told = (await client.get("/echo", headers={"Host": "named.example"})).json()
        assert told["headers"]["Host"] == "named.example"
        told = (await client.get("http://other.example:81/echo")).json()
        assert told["headers"]["Host"] == "other.example:81"


async def test_errors_tell_what_was_answered() -> None:
    async with Client(make_app()) as client:
        answer = await client.get("/absent")
        with pytest.raises(AssertionError, match=r"404 Not Found: .*Nothing is found"):
            answer.raise_for_status()


async def test_cookies_are_kept() -> None:
    async with Client(make_app()) as client:
        await client.get("/set")
        assert client.cookies == {"a": "1", "b": "2"}
        told = (await client.get("/echo", cookies={"c": "3"})).json()
        assert told["headers"]["Cookie"] == "a=1; b=2; c=3"
        await client.get("/delete")
        assert client.cookies == {"b": "2"}


async def test_redirects() -> None:
    async with Client(make_app()) as client:
        answer = await client.get("/old")
        assert (answer.status_code, answer.is_redirect, answer.history) == (303, True, [])
        answer = await client.post(
            "/old?status=303", json=[1], headers={"X-A": "b"}, follow_redirects=True
        )
        assert answer.json()["method"] == "GET"
        assert answer.json()["body"] == ""
        assert answer.json()["headers"]["X-A"] == "b"
        assert [old.status_code for old in answer.history] == [303]
        answer = await client.post("/old?status=307", json=[1], follow_redirects=True)
        assert (answer.json()["method"], answer.json()["body"]) == ("POST", "[1]")
        answer = await client.post("/old?status=302", follow_redirects=True)
        assert answer.json()["method"] == "GET"
    async with Client(make_app(), follow_redirects=True) as client:
        assert (await client.get("/old")).json()["target"] == "/echo?moved=1"
        with pytest.raises(RuntimeError, match="More than 20 redirects"):
            await client.get("/loop")


async def test_streaming() -> None:
    async with Client(make_app()) as client:
        async with client.stream("GET", "/lines") as answer:
            with pytest.raises(RuntimeError, match="aread"):
                _ = answer.content
            assert [line async for line in answer.aiter_lines()] == ["a", "b", "c", "é"]
        async with client.stream("GET", "/lines", follow_redirects=True) as answer:
            assert await answer.aread() == "a\r\nb\nc\né".encode()
            assert await answer.aread() == answer.content
        assert (await client.get("/latin")).text == "é"
        assert (await client.get("/lines")).text == "a\r\nb\nc\né"


async def test_many_at_once() -> None:
    async with Client(make_app()) as client:
        answers: list[ClientResponse] = await asyncio.gather(
            *[client.get(f"/echo?n={number}") for number in range(50)]
        )
        assert [a.json()["target"] for a in answers] == [f"/echo?n={n}" for n in range(50)]


async def test_an_answer_before_the_whole_request_was_sent() -> None:
    app: App[None] = App()

    @app.post("/")
    async def refuse(request):
        return text("too much", 413)

    async def pieces():
        for _ in range(100):
            yield b"x" * 100000
            yield b""

    async with Client(app) as client:
        answer = await client.post("/", content=pieces())
        assert (answer.status_code, answer.text) == (413, "too much")
        assert (await client.post("/", content=b"")).status_code == 413


async def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    async with Client(make_app()) as client:
        assert (await client.get("/echo")).status_code == 200
        (idle,) = client._idle[False]
        idle.write_eof()
        assert (await client.get("/echo")).status_code == 200
        assert client._idle[False] != [idle]
        client._idle[False][0].write_eof()

        async def pieces():
            yield b"x"

        with pytest.raises(ConnectionResetError):
            await client.post("/echo", content=pieces())  # it cannot be sent twice


async def test_a_body_that_never_ends_is_not_waited_for() -> None:
    app: App[None] = App()

    @app.post("/")
    async def refuse(request):
        return text("enough", 200)

    async def pieces():
        yield b"x"
        await asyncio.Event().wait()

    async with Client(app) as client:
        assert (await client.post("/", content=pieces())).text == "enough"


async def test_a_server_that_closes_without_an_answer() -> None:
    from drystone._client.wire import WireReader

    reader = asyncio.StreamReader()
    reader.feed_eof()
    with pytest.raises(ConnectionResetError):
        await WireReader(reader, "GET").read_head()
    reader = asyncio.StreamReader()
    reading = asyncio.create_task(WireReader(reader, "GET").read_head())
    await asyncio.sleep(0)
    reader.feed_eof()
    with pytest.raises(ConnectionResetError):
        await reading


async def test_what_cannot_be_sent_any_more_is_not_the_callers_fault() -> None:
    transport = MemoryTransport(Recorder(), ("192.0.2.1", 1))
    transport.hang_up()
    exchange = Exchange(transport, make_request("GET", "/"))
    await exchange._send()
    with pytest.raises(ConnectionResetError, match="without a response"):
        await exchange.begin()
    await exchange.end()


class Recorder(asyncio.Protocol):
    def __init__(self) -> None:
        self.seen: list[Any] = []

    def data_received(self, data: bytes) -> None:
        self.seen.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.seen.append(exc)


async def test_the_transport_in_memory() -> None:
    protocol = Recorder()
    transport = MemoryTransport(protocol, ("192.0.2.1", 1))
    assert transport.get_extra_info("peername") == ("192.0.2.1", 1)
    assert transport.get_protocol() is protocol
    assert transport.can_write_eof()
    assert transport.is_reading()
    transport.set_write_buffer_limits(high=1)
    transport.pause_reading()
    assert not transport.is_reading()
    sending = asyncio.create_task(transport.send(b"late"))
    await asyncio.sleep(0)
    assert protocol.seen == []
    transport.resume_reading()
    await sending
    assert protocol.seen == [b"late"]
    transport.writelines([b"a", b"b"])
    assert await transport.reader.read(10) == b"ab"
    assert transport.get_write_buffer_size() == 0
    other = Recorder()
    transport.set_protocol(other)
    transport.write_eof()
    assert transport.reader.at_eof()
    transport.give_up()
    transport.abort()
    transport.close()
    transport.write(b"lost")
    await asyncio.sleep(0)
    assert [type(seen) for seen in other.seen] == [ConnectionResetError]
    assert transport.is_closing()
    with pytest.raises(ConnectionResetError):
        await transport.send(b"x")


async def test_urls_are_quoted() -> None:
    async with Client(make_app()) as client:
        answer = await client.get("/echo?a=x y&b=é%20&c[]=1")
        assert answer.json()["target"] == "/echo?a=x%20y&b=%C3%A9%20&c[]=1"


async def test_an_application_that_does_not_start_has_its_providers_back() -> None:
    def real() -> str:
        return "real"

    @asynccontextmanager
    async def failing(app):
        if failing_now:
            raise RuntimeError("no database")
        yield

    failing_now = True
    app: App[None] = App(lifespan=failing)

    @app.get("/")
    async def handler(value: Annotated[str, Depends(real)]):
        return value

    with pytest.raises(RuntimeError, match="no database"):
        async with Client(app, overrides={real: lambda: "fake"}):
            pass
    failing_now = False
    async with Client(app) as client:
        assert (await client.get("/")).text == "real"


async def test_a_redirect_has_a_query_of_its_own() -> None:
    app: App[None] = App()

    @app.get("/from")
    async def leave(request: Request[None]):
        return redirect("/to?b=2")

    @app.get("/to")
    async def arrive(request: Request[None]):
        return request.query_string

    async with Client(app, follow_redirects=True) as client:
        assert (await client.get("/from", params={"a": 1})).text == "b=2"


async def test_headers_of_a_request_take_the_place_of_the_clients() -> None:
    app: App[None] = App()

    @app.get("/")
    async def home(request: Request[None]):
        return [request.headers.get_all("x-a"), request.headers.get_all("x-b")]

    async with Client(app, headers={"X-A": "client", "X-B": "client"}) as client:
        answer = await client.get("/", headers=[("x-a", "1"), ("x-a", "2")])
        assert answer.json() == [["1", "2"], ["client"]]
        assert (await client.get("/")).json() == [["client"], ["client"]]


async def test_errors_are_raised_where_that_is_wished() -> None:
    app: App[None] = App()

    @app.get("/{what}")
    async def fails(what: str):
        if what == "known":
            raise HTTPError(503)
        raise LookupError(what)

    @app.post("/{what}")
    async def fails_with_a_file(request: Request[None], what: str):
        await request.form()
        raise LookupError(what)

    async with Client(app, raise_errors=True) as client:
        with pytest.raises(LookupError, match="unknown"):
            await client.get("/unknown")
        with pytest.raises(LookupError, match="file"):
            await client.post("/file", files={"a": ("x", b"1")})
        assert (await client.get("/known")).status_code == 503
        app.error_handler(LookupError)(lambda request, error: text("found", 500))
        assert (await client.get("/answered")).text == "found"


async def test_a_stream_that_breaks_off_says_so() -> None:
    app: App[None] = App()

    @app.get("/")
    async def handler():
        async def pieces():
            yield b"a"
            raise LookupError

        return stream(pieces())

    async with Client(app) as client:
        with pytest.raises(ConnectionResetError, match="within its response"):
            await client.get("/")


async def test_an_application_over_tls_under_a_name_of_its_own() -> None:
    app: App[None] = App()

    @app.get("/")
    @app.get("/{path:path}")
    async def where(request, path: str = ""):
        return [request.url, request.is_secure, request.connection.server]

    async with Client(app, base_url="https://example.org/api/") as client:
        for _ in range(2):  # on the same connection
            answer = await client.get("/x", params={"a": 1})
            assert answer.json() == ["https://example.org/api/x?a=1", True, ["127.0.0.1", 443]]
            assert answer.url == "https://example.org/api/x?a=1"
        assert (await client.get("x")).json()[0] == "https://example.org/api/x"
        assert (await client.get("//x")).json()[0] == "https://example.org/api//x"
        plain = await client.get("http://localhost/")
        assert plain.json() == ["http://localhost/", False, ["127.0.0.1", 80]]
    for url in ("example.org", "ftp://x", "https://"):
        with pytest.raises(ValueError, match="is no address"):
            Client(app, base_url=url)


async def test_a_handler_that_hangs_does_not_hang_the_test() -> None:
    app: App[None] = App()
    cancelled = asyncio.Event()

    @app.get("/")
    async def hang():
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    @app.get("/quick")
    async def quick():
        return "quick"

    @app.get("/stuck")
    async def stuck():
        async def pieces():
            yield b"begun"
            await asyncio.Event().wait()

        return stream(pieces())

    @app.get("/raises")
    async def raises():
        raise TimeoutError("the application's own")

    async with Client(app, timeout=0.01) as client:
        for before in (False, True):  # on a new connection, and on one that was used
            if before:
                await client.get("/quick", timeout=None)
            with pytest.raises(TimeoutError, match=r"GET / was not .* 0.01 s"):
                await client.get("/")
            await asyncio.wait_for(cancelled.wait(), 5)
            cancelled.clear()
        with pytest.raises(TimeoutError, match="GET http://localhost/ was not"):
            async with client.stream("GET", "/"):
                pass
        with pytest.raises(TimeoutError, match="GET /stuck was not"):
            await client.get("/stuck")
    async with Client(app, raise_errors=True) as client:
        with pytest.raises(TimeoutError, match="the application's own"):
            await client.get("/raises")


async def test_options_that_a_request_does_not_take() -> None:
    async with Client(make_app()) as client:
        options: Any = {"jsn": {}, "verify": True}
        with pytest.raises(TypeError, match="takes no jsn, verify"):
            await client.post("/echo", **options)
        odd: list[tuple[str, Any]] = [("data", "raw"), ("content", [b"a"]), ("content", 5)]
        for name, value in odd:
            given: Any = {name: value}
            with pytest.raises(TypeError, match=f"{name} is"):
                await client.post("/echo", **given)


async def test_bodies_in_the_forms_that_httpx_takes(tmp_path: Any) -> None:
    app: App[None] = App()

    @app.post("/form")
    async def form(request):
        given = await request.form()
        return [
            [name, value]
            if isinstance(value, str)
            else [name, value.filename, value.content_type, (await value.read()).decode()]
            for name, value in given.pairs()
        ]

    @app.post("/echo")
    async def echo(request):
        return [request.query.get("none"), (await request.body()).decode()]

    path = tmp_path / "page.html"
    path.write_text("<p>")
    async with Client(app) as client:
        with path.open("rb") as opened:
            answer = await client.post(
                "/form",
                data=[("a", "1"), ("a", "2"), ("b", True)],
                files=[
                    ("f", ("a.txt", "text")),
                    ("f", ("b", b"bytes", "x/y")),
                    ("f", opened),
                    ("g", (None, "a field")),
                ],
            )
        assert sorted(answer.json()) == [
            ["a", "1"],
            ["a", "2"],
            ["b", "true"],
            ["f", "a.txt", "text/plain", "text"],
            ["f", "b", "x/y", "bytes"],
            ["f", "page.html", "text/html", "<p>"],
            ["g", "a field"],
        ]
        answer = await client.post("/echo", params={"none": None}, content=bytearray(b"ab"))
        assert answer.json() == ["", "ab"]
        answer = await client.post("/echo", data={"a": None, "b": [True, 2]})
        assert answer.json() == [None, "a=&b=true&b=2"]


async def test_what_a_response_says_of_itself() -> None:
    app: App[None] = App()

    @app.get("/{status:int}")
    async def answer(request, status: int, charset: str = "ISO-8859-1; x=y"):
        kind = {"content-type": f"text/plain; charset={charset}"}
        response = Response("stöne\xe9".encode("latin-1"), status, kind)
        response.set_cookie("a", "1")
        return response

    @app.get("/cut")
    async def cut():
        return b"\xc3"

    @app.get("/private")
    async def private(request):
        return request.headers.get("authorization")

    async with Client(app) as client:
        good = await client.get("/200")
        assert (good.text, good.encoding, good.cookies) == ("stöneé", "iso8859-1", {"a": "1"})
        assert not good.is_error
        unknown = await client.get("/404", params={"charset": "klingon"})
        assert (unknown.encoding, unknown.is_client_error) == ("utf-8", True)
        assert (await client.get("/503")).is_server_error
        async with client.stream("GET", "/200") as response:
            assert [text async for text in response.aiter_text()] == ["stöneé"]
        async with client.stream("GET", "/cut") as response:
            assert [text async for text in response.aiter_text()] == ["", "\ufffd"]
        named = await client.get("/private", auth=("ada", "secret"))
        assert named.text == "Basic YWRhOnNlY3JldA=="


async def test_a_stream_follows_redirects() -> None:
    async with Client(make_app(), follow_redirects=True) as client:
        async with client.stream("GET", "/old") as response:
            assert [seen.status_code for seen in response.history] == [303]
            assert (await response.aread()).startswith(b"{")
        async with client.stream("GET", "/old", follow_redirects=False) as response:
            assert response.status_code == 303
