# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# (handlers are written here as users write them, some without annotations)
import asyncio
import logging
import threading
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from drystone import App, Group, HTTPError, Request, Response, State, text
from drystone.testing import Client

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_what_handlers_may_return() -> None:
    app: App[None] = App()

    @app.get("/text")
    async def as_text(request):
        return "hé"

    @app.get("/bytes")
    async def as_bytes(request):
        return b"\0\1"

    @app.get("/json")
    async def as_json(request):
        return {"a": [1, 2.5, None, "é"]}

    @app.get("/nothing")
    async def nothing(request):
        return None

    @app.get("/response")
    async def response(request):
        return text("teapot", 418, {"x-kind": "short"})

    @app.post("/created", status=201)
    async def created(request):
        return {"id": 1}

    async with Client(app) as client:
        answer = await client.get("/text")
        assert (answer.text, answer.headers.get("content-type")) == (
            "hé",
            "text/plain; charset=utf-8",
        )
        answer = await client.get("/bytes")
        assert answer.content == b"\0\1"
        assert answer.headers.get("content-type") == "application/octet-stream"
        answer = await client.get("/json")
        assert answer.json() == {"a": [1, 2.5, None, "é"]}
        assert answer.headers.get("content-type") == "application/json"
        answer = await client.get("/nothing")
        assert (answer.status_code, answer.content) == (204, b"")
        answer = await client.get("/response")
        assert (answer.status_code, answer.headers.get("x-kind")) == (418, "short")
        assert (await client.post("/created")).status_code == 201


async def test_every_method_has_its_decorator() -> None:
    app: App[None] = App()
    for method in ("get", "post", "put", "patch", "delete"):

        @getattr(app, method)("/thing")
        async def answer(request):
            return request.method

    @app.route("/thing", ["REPORT"])
    async def report(request):
        return request.method

    app.add_route("/any", report, None)
    async with Client(app) as client:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"):
            assert (await client.request(method, "/thing")).text == method
        assert (await client.request("BREW", "/any")).text == "BREW"
        for call in (client.get, client.post, client.put, client.patch, client.delete):
            assert (await call("/thing")).status_code == 200


async def test_path_parameters() -> None:
    app: App[None] = App()

    @app.get("/user/{id}")
    async def user(request, id):
        return id

    @app.get("/a/{x}/b/{y}")
    async def both(request, **params):
        return params

    async with Client(app) as client:
        assert (await client.get("/user/42")).text == "42"
        assert (await client.get("/user/a%2Fb%20c")).text == "a/b c"
        assert (await client.get("/a/1/b/2")).json() == {"x": "1", "y": "2"}


async def test_head_is_answered_by_get() -> None:
    app: App[None] = App()

    @app.get("/")
    async def home(request):
        return "hello"

    async with Client(app) as client:
        answer = await client.head("/")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers.get("content-length") == "5"
        assert (await client.get("/")).text == "hello"  # on the same connection


async def test_not_found_and_method_not_allowed() -> None:
    app: App[None] = App()

    @app.get("/")
    async def home(request):
        return ""

    async with Client(app) as client:
        missing = await client.get("/missing")
        assert missing.status_code == 404
        assert missing.headers.get("content-type") == "application/problem+json"
        problem = missing.json()
        assert problem["title"] == "Not Found"
        assert problem["request_id"] == missing.headers.get("x-request-id")
        wrong = await client.post("/")
        assert wrong.status_code == 405
        assert wrong.headers.get("allow") == "GET, HEAD, OPTIONS"
        page = await client.get("/missing", headers=BROWSER)
        assert page.status_code == 404
        assert page.headers.get("content-type") == "text/html; charset=utf-8"
        assert "404 Not Found" in page.text
        assert page.headers.get("vary") == "accept"


async def test_an_unexpected_error_is_logged_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app: App[None] = App()

    @app.get("/")
    async def fail(request):
        raise RuntimeError("the password is 1234")

    async with Client(app) as client:
        answer = await client.get("/")
        assert answer.status_code == 500
        assert "1234" not in answer.text
        assert (await client.get("/", headers=BROWSER)).status_code == 500
    record = caplog.records[0]
    assert record.name == "drystone"
    assert record.levelno == logging.ERROR
    assert answer.json()["request_id"] in record.getMessage()
    assert record.exc_info is not None
    assert "1234" in str(record.exc_info[1])


async def test_the_debug_page_shows_source_to_browsers(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App(debug=True)

    @app.get("/")
    async def fail(request):
        secret = "<b>"
        raise RuntimeError(secret)  # this very line

    async with Client(app) as client:
        page = await client.get("/", headers=BROWSER)
        assert page.status_code == 500
        assert "this very line" in page.text
        assert "RuntimeError: &lt;b&gt;" in page.text
        assert "<b>" not in page.text
        problem = (await client.get("/")).json()
        assert any("this very line" in line for line in problem["traceback"])


async def test_plain_functions_run_in_threads() -> None:
    app: App[None] = App(threads=2)
    running = threading.Barrier(2)
    variable: ContextVar[str] = ContextVar("variable")

    def with_variable(handler: Any) -> Any:
        async def set_then_handle(request: Request[Any]) -> Response:
            variable.set("seen")
            answer: Response = await handler(request)
            return answer

        return set_then_handle

    @app.get("/{name}", middleware=[with_variable])
    def plain(request, name):
        running.wait(5)
        return [name, variable.get(), threading.current_thread().name.startswith("drystone")]

    async with Client(app) as client:
        one, two = await asyncio.gather(client.get("/one"), client.get("/two"))
        assert one.json() == ["one", "seen", True]
        assert two.json() == ["two", "seen", True]


def test_a_pool_needs_a_thread() -> None:
    with pytest.raises(ValueError, match="at least one thread"):
        App(threads=0)


async def test_the_parts_can_be_replaced() -> None:
    from drystone_parser import RequestParser

    class Found:
        def __init__(self, value: Any) -> None:
            self.value = value
            self.params: dict[str, Any] = {}

    class OneRoute:
        value: Any = None

        def add_route(self, path: Any, value: Any, methods: Any = (), name: Any = None) -> None:
            self.value = value

        def match(self, method: str, path: str) -> Found:
            return Found(self.value)

        def url_for(self, name: str, /, **params: Any) -> str:
            return "/somewhere"

    made: list[Any] = []

    def parser(make_request: Any) -> Any:
        made.append(make_request)
        return RequestParser(make_request)

    app: App[None] = App(router=OneRoute(), parser=parser)

    @app.get("/whatever")
    async def only(request):
        return "only"

    async with Client(app) as client:
        assert (await client.get("/anything")).text == "only"
    assert made
    assert app.url_for("only") == "/somewhere"


async def test_lifespan_yields_the_state() -> None:
    events = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("start")
        yield State(greeting="hello")
        events.append("stop")

    app: App[State] = App(lifespan=lifespan)

    @app.get("/")
    async def home(request: Request[State]):
        return request.app.state.greeting

    async with Client(app) as client:
        assert (await client.get("/")).text == "hello"
        assert events == ["start"]
    assert events == ["start", "stop"]
    await app.shutdown()  # once more than it was started: nothing
    async with Client(app) as client:  # and again
        assert (await client.get("/")).text == "hello"
    assert events == ["start", "stop", "start", "stop"]


async def test_the_first_starts_the_application_and_the_last_stops_it() -> None:
    events = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("start")
        await asyncio.sleep(0)
        yield
        events.append("stop")

    app: App[None] = App(lifespan=lifespan)
    app.add_route("/", lambda: "here")

    async def ask() -> str:
        async with Client(app) as client:
            return (await client.get("/")).text

    server = await app.start_server(port=0)
    assert set(await asyncio.gather(ask(), ask())) == {"here"}
    async with Client(app) as outer:
        await ask()
        await server.close()
        await server.close()  # a second time is nothing
        assert (await outer.get("/")).text == "here"
        assert events == ["start"]
    assert events == ["start", "stop"]


def test_an_application_starts_in_one_event_loop_after_another() -> None:
    app: App[None] = App()

    async def start_twice_at_once() -> None:
        await asyncio.gather(app.startup(), app.startup())
        await asyncio.gather(app.shutdown(), app.shutdown())

    for _ in range(2):
        asyncio.run(start_twice_at_once())


async def test_a_lifespan_that_fails_leaves_nothing_open() -> None:
    events = []

    @asynccontextmanager
    async def inner_lifespan(app):
        events.append("inner start")
        yield
        events.append("inner stop")

    @asynccontextmanager
    async def failing(app):
        if app.debug is False:
            raise RuntimeError("no database")
        yield

    app: App[None] = App()
    app.mount("/one", App(lifespan=inner_lifespan))
    app.mount("/two", App(lifespan=failing))
    with pytest.raises(RuntimeError, match="no database"):
        await app.startup()
    assert events == ["inner start", "inner stop"]


async def test_work_after_the_response(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()
    order = []

    def in_thread(what):
        order.append(what)

    async def on_loop(what):
        await asyncio.sleep(0)
        order.append(what)

    async def failing():
        raise RuntimeError("not now")

    @app.get("/")
    async def home(request):
        request.run_after(on_loop, "one")
        request.run_after(failing)
        request.run_after(in_thread, what="two")
        order.append("answered")
        return ""

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 200
    assert order == ["answered", "one", "two"]
    assert "not now" in str(caplog.records[0].exc_info)


async def test_work_after_a_stream_waits_for_its_end() -> None:
    from drystone import stream

    app: App[None] = App()
    order = []

    async def pieces():
        for piece in (b"a", b"b"):
            order.append(piece)
            yield piece

    @app.get("/")
    async def home(request):
        request.run_after(order.append, "after")
        return stream(pieces(), content_type="text/plain")

    async with Client(app) as client:
        answer = await client.get("/")
        assert answer.content == b"ab"
        assert answer.headers.get("transfer-encoding") == "chunked"
    assert order == [b"a", b"b", "after"]


async def test_urls_by_name() -> None:
    app: App[None] = App()
    notes = app.group("/notes")

    @notes.get("/{id}", name="note")
    async def note(request, id):
        return request.url_for("note", id="a b")

    async with Client(app) as client:
        assert (await client.get("/notes/1")).text == "/notes/a%20b"
    with pytest.raises((LookupError, ValueError)):
        app.url_for("absent")


def test_a_route_that_is_taken() -> None:
    app: App[None] = App()

    async def home(request):
        return ""

    app.add_route("/", home)
    with pytest.raises(ValueError, match="/") as caught:
        app.add_route("/", home)
    assert "test_app.py" in "".join(caught.value.__notes__)


async def test_a_route_added_late() -> None:
    app: App[None] = App()
    late = Group("/late")
    app.include(late)
    async with Client(app) as client:
        assert (await client.get("/late/x")).status_code == 404

        @late.get("/x")
        async def x(request):
            return "x"

        assert (await client.get("/late/x")).text == "x"


async def test_http_error() -> None:
    app: App[None] = App()

    @app.get("/")
    async def home(request):
        raise HTTPError(
            409,
            "Taken",
            title="Conflicting name",
            type="https://example.org/taken",
            headers={"retry-after": "5"},
            extra={"name": "ada"},
        )

    async with Client(app) as client:
        answer = await client.get("/")
        assert answer.status_code == 409
        assert answer.headers.get("retry-after") == "5"
        problem = answer.json()
        del problem["request_id"]
        assert problem == {
            "type": "https://example.org/taken",
            "title": "Conflicting name",
            "status": 409,
            "detail": "Taken",
            "name": "ada",
        }
    with pytest.raises(ValueError, match="between 400 and 599"):
        HTTPError(200)


async def test_fields_of_an_error_take_the_place_of_the_defaults() -> None:
    app: App[None] = App()

    @app.get("/")
    async def handler():
        fields = [("Cache-Control", "max-age=9"), ("www-authenticate", "A"), ("vary", "cookie")]
        raise HTTPError(401, headers=[*fields, ("www-authenticate", "B")])

    async with Client(app) as client:
        headers = (await client.get("/")).headers
        assert headers.get_all("cache-control") == ["max-age=9"]
        assert headers.get_all("www-authenticate") == ["A", "B"]
        assert headers.get_all("vary") == ["cookie, accept"]


async def test_what_the_server_refuses_has_an_id_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "drystone")
    app: App[None] = App()

    @app.get("/")
    async def unsendable():
        return Response(b"", headers={"x-a": "b\r\nc"})

    async with Client(app) as client:
        for path, status in (("/", 500), ("/\x7f", 400)):
            transport = client._connect()
            await transport.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = (await transport.reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert head.startswith(f"http/1.1 {status} ")
            assert "content-type: application/problem+json\r\n" in head
            name = head.split("x-request-id: ")[1].split("\r\n")[0]
            assert f"(request {name})" in caplog.text
            transport.hang_up()


def test_a_lifespan_that_makes_no_context() -> None:
    async def forgotten(app):
        yield None

    with pytest.raises(TypeError, match=r"forgotten.*@contextlib.asynccontextmanager"):
        App(lifespan=forgotten)
    with pytest.raises(TypeError, match="lifespan=5 is no function"):
        App(lifespan=5)  # type: ignore[arg-type]


def test_a_problem_of_no_text_or_with_members_of_its_own() -> None:
    with pytest.raises(TypeError, match="detail is text"):
        HTTPError(400, {"a": 1})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="may not hold status, type"):
        HTTPError(400, extra={"status": 200, "type": "x", "other": 1})
