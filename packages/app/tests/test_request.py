# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""What a handler can ask of its request."""

import logging
from typing import Any

import msgspec
import pytest
from drystone import App, Request
from drystone.testing import Client

JSON = {"content-type": "application/json"}


async def ask(handler: Any, method: str = "GET", url: str = "/", **options: Any) -> Any:
    app: App[None] = App()
    app.add_route("/{rest:path}" if "a%20b" in url else "/", handler, [method])
    async with Client(app, client=("192.0.2.7", 4321)) as client:
        return await client.request(method, url, **options)


async def test_the_head() -> None:
    async def handler(request, **rest):
        return {
            "method": request.method,
            "path": request.path,
            "raw_path": request.raw_path,
            "target": request.target,
            "query": dict(request.query),
            "client": [request.client.host, request.client.port],
            "secure": request.is_secure,
            "host": request.host,
            "url": request.url,
            "agent": request.headers.get("user-agent"),
            "cookies": request.cookies,
        }

    answer = await ask(
        handler,
        url="http://example.org/a%20b?x=1&x=2",
        headers={"User-Agent": "me"},
        cookies={"a": "1"},
    )
    assert answer.json() == {
        "method": "GET",
        "path": "/a b",
        "raw_path": "/a%20b",
        "target": "/a%20b?x=1&x=2",
        "query": {"x": "1"},
        "client": ["192.0.2.7", 4321],
        "secure": False,
        "host": "example.org",
        "url": "http://example.org/a%20b?x=1&x=2",
        "agent": "me",
        "cookies": {"a": "1"},
    }


def test_behind_tls_and_over_a_unix_socket() -> None:
    class Connection:
        client = None
        scheme = "https"

    request: Request[None] = Request()
    request.connection = Connection()
    assert request.client is None
    assert request.is_secure


async def test_the_body_is_read_once_and_kept() -> None:
    async def handler(request):
        first = await request.body()
        pieces = [piece async for piece in request.stream()]
        return [len(first), len(await request.body()), len(pieces), await request.json()]

    answer = await ask(handler, "POST", content=b"[1]", headers=JSON)
    assert answer.json() == [3, 3, 1, [1]]


async def test_no_body() -> None:
    async def handler(request):
        return [(await request.body()).decode(), [piece async for piece in request.stream()]]

    assert (await ask(handler)).json() == ["", [""]]


async def test_streaming() -> None:
    async def pieces():
        yield b"abc"
        yield b"def"

    async def handler(request):
        received = b""
        async for piece in request.stream():
            received += piece
        with pytest.raises(RuntimeError, match="streamed before"):
            await request.body()
        return received

    assert (await ask(handler, "POST", content=pieces())).content == b"abcdef"


class Item(msgspec.Struct):
    name: str


async def test_json() -> None:
    async def handler(request):
        item = await request.json(Item)
        return [item.name, await request.json()]

    assert (await ask(handler, "POST", json={"name": "a"})).json() == ["a", {"name": "a"}]
    wrong = await ask(handler, "POST", json={"name": 1})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "#/name"
    assert (await ask(handler, "POST", content="{", headers=JSON)).status_code == 422

    async def any_json(request):
        return await request.json()

    assert (await ask(any_json, "POST", content="{", headers=JSON)).status_code == 422
    assert (await ask(any_json, "POST", content="[" * 100000, headers=JSON)).status_code == 422


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/problem+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("text/x+json", 415),
        ("", 415),
    ],
)
async def test_json_says_that_it_is_json(content_type: str, status: int) -> None:
    """What a page of another site may send unasked is never taken for JSON."""

    async def by_itself(request):
        return await request.json()

    async def by_type(item: Item):
        return item

    headers = {"content-type": content_type} if content_type else {}
    for handler in (by_itself, by_type):
        answer = await ask(handler, "POST", content=b'{"name": "a"}', headers=headers)
        assert answer.status_code == status
        if status == 415:
            assert answer.headers.get("accept") == "application/json"


async def test_a_body_that_breaks_its_framing() -> None:
    from drystone._client.exchange import Exchange
    from drystone._client.request import make_request

    async def handler(request):
        return len(await request.body())

    app: App[None] = App()
    app.add_route("/", handler, ["POST"])
    async with Client(app) as client:
        request = make_request("POST", "/", headers={"transfer-encoding": "chunked"}, content=b"x")
        request.headers.remove("content-length")
        transport = client._connect()
        exchange = Exchange(transport, request)
        await exchange.begin()
        assert exchange.head.status == 400
        await exchange.end()
        transport.hang_up()


async def test_what_else_goes_wrong_while_reading_is_not_hidden() -> None:
    async def receive() -> bytes:
        raise LookupError("a bug")

    request: Request[None] = Request()
    request.content_length = None
    request.receive = receive
    with pytest.raises(LookupError, match="a bug"):
        await request.body()


async def test_accepts() -> None:
    async def handler(request):
        return [request.accepts("application/json", "text/html"), request.accepts("image/png")]

    assert (await ask(handler)).json() == ["application/json", "image/png"]
    answer = await ask(handler, headers={"accept": "text/*"})
    assert answer.json() == ["text/html", None]


async def test_state_belongs_to_one_request() -> None:
    async def handler(request):
        request.state.seen = getattr(request.state, "seen", 0) + 1
        return [request.state.seen, request.id == request.id, len(request.id)]

    assert (await ask(handler)).json() == [1, True, 32]


async def test_early_hints() -> None:
    from drystone._client.exchange import Exchange
    from drystone._client.request import make_request

    async def handler(request):
        request.early_hints("</style.css>; rel=preload; as=style", "</a.js>; rel=preload")
        return "page"

    app: App[None] = App()
    app.add_route("/", handler)
    async with Client(app) as client:
        exchange = Exchange(client._connect(), make_request("GET", "/"))
        await exchange.begin()
        (hints,) = exchange.interim
        assert hints.status == 103
        assert hints.headers.get_all("link") == [
            "</style.css>; rel=preload; as=style",
            "</a.js>; rel=preload",
        ]
        assert exchange.head.status == 200

    class Plain:
        client = None
        scheme = "http"

    request: Request[None] = Request()
    request.connection = Plain()
    request.early_hints("</a>")  # nothing happens


async def test_who_asks_needs_authentication(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request):
        return request.principal

    assert (await ask(handler)).status_code == 500
    assert caplog.records[0].levelno == logging.ERROR
    assert "drystone.auth.authentication" in str(caplog.records[0].exc_info)
