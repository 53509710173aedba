"""Hosting ASGI applications: scopes, requests, responses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from drystone_server import ClientDisconnected, HTTPServer, InvalidResponse, Limits, Request
from drystone_server._small_parser import SmallHeaders
from drystone_server.asgi import ASGIHandler, Message, Receive, Scope, Send
from drystone_server.testing import MemoryTransport, SmallParser, connect, settle
from drystone_server.testing import asgi_body as body
from drystone_server.testing import asgi_start as start

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def serve(app: Application, **options: Any) -> MemoryTransport:
    handler = ASGIHandler(app, lifespan="off", **options)
    return connect(HTTPServer(handler, lambda: SmallParser(Request)))


async def drain(receive: Receive) -> bytes:
    data: bytes = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return data
        data = data + bytes(message["body"])
        if not message["more_body"]:
            return data


class TestScope:
    async def scope_of(self, data: bytes, **options: Any) -> Scope:
        scopes: list[Scope] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scopes.append(scope)
            await send(start())
            await send(body())

        serve(app, **options).send(data)
        await settle()
        return scopes[0]

    async def test_it_tells_the_request(self) -> None:
        scope = await self.scope_of(
            b"GET /a%20b%2Fc?q=%201 HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nx-a: \xe9\r\n\r\n"
        )
        assert scope == {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/a b/c",
            "raw_path": b"/a%20b%2Fc",
            "query_string": b"q=%201",
            "root_path": "",
            "headers": [(b"host", b"a"), (b"x-a", b"1"), (b"x-a", b"\xe9")],
            "client": ("192.0.2.1", 50000),
            "server": ("192.0.2.2", 80),
            "extensions": {
                "http.response.early_hint": {},
                "http.response.pathsend": {},
                "http.response.trailers": {},
            },
        }

    async def test_a_root_path_leads_the_path(self) -> None:
        scope = await self.scope_of(GET, root_path="/api/")
        assert (scope["root_path"], scope["path"], scope["raw_path"]) == ("/api", "/api/", b"/api/")

    async def test_the_raw_fields_of_a_parser_are_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        raw = [(b"x", b"y")]
        monkeypatch.setattr(SmallHeaders, "raw", raw, raising=False)
        assert (await self.scope_of(GET))["headers"] is raw


class TestResponses:
    async def test_one_body_is_one_write(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(201, [(b"content-type", b"text/plain"), [b"x-a", b"b"]]))
            await send(body(b"made"))

        client = serve(app)
        client.send(GET + GET)
        for _ in range(2):
            answer = await client.read_until(b"\r\n\r\nmade")
            assert answer.startswith(b"HTTP/1.1 201 Created\r\n")
            assert b"Content-Length: 4\r\ncontent-type: text/plain\r\nx-a: b\r\n" in answer
        assert len(client.writes) == 2

    async def test_streaming(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            await send(body(b"one", more=True))
            await asyncio.sleep(1)
            await send(body(b"two", more=True))
            await send(body(b"three"))

        client = serve(app)
        client.send(GET)
        await client.read_until(b"3\r\none\r\n")
        assert await client.read_until(b"0\r\n\r\n") == b"3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"

    async def test_a_large_body(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(headers=[(b"content-length", b"1000000")]))
            await send(body(b"x" * 999_999 + b"y"))

        client = serve(app)
        client.send(GET)
        answer = await client.read_until(b"xy")
        assert b"\r\nContent-Length: 1000000\r\n" in answer[:200]

    async def test_the_length_of_a_large_body_is_known_when_it_comes_whole(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            await send(body(b"x" * 999_999 + b"y"))

        client = serve(app)
        client.send(GET)
        answer = await client.read_until(b"xy")
        assert b"\r\nContent-Length: 1000000\r\n" in answer[:200]

    async def test_the_length_told_for_head_is_the_application_s(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(headers=[(b"content-length", b"5")]))
            await send(body(b"x" * 1_000_000))

        client = serve(app)
        client.send(GET.replace(b"GET", b"HEAD"))
        assert b"\r\nContent-Length: 5\r\n" in await client.read_until(b"\r\n\r\n")

    async def test_background_work_does_not_hold_the_connection(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            await send(body(b"done"))
            await asyncio.sleep(100)
            ended.append(1)

        ended: list[int] = []
        client = serve(app)
        client.send(GET + GET)
        await client.read_until(b"done")
        await client.read_until(b"done")
        client.send(GET)
        await client.read_until(b"done")
        assert asyncio.get_running_loop().time() < 1
        await asyncio.sleep(200)
        assert len(ended) == 3

    async def test_an_error_before_the_response_is_500(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            raise ZeroDivisionError

        client = serve(app)
        client.send(GET)
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    @pytest.mark.parametrize("fail", [True, False])
    async def test_half_a_response_is_cut(self, fail: bool) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            await send(body(b"half", more=True))
            if fail:
                raise ZeroDivisionError

        client = serve(app)
        client.send(GET)
        await settle()
        assert client.aborted
        assert not client.sent.endswith(b"0\r\n\r\n")

    async def test_no_response_is_500(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            return None

        client = serve(app)
        client.send(GET)
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    @pytest.mark.parametrize(
        "messages",
        [
            [body()],
            [start(), start()],
            [{"type": "http.response.trailers"}],
            [{"type": "websocket.accept"}],
            [{"type": "http.response.pathsend", "path": __file__}],
            [start(), body(b"", True), {"type": "http.response.pathsend", "path": __file__}],
            [start(), body(), body()],
            [start(), body(), start()],
        ],
    )
    async def test_messages_out_of_order(self, messages: list[Message]) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in messages[:-1]:
                await send(message)
            with pytest.raises(InvalidResponse, match="does not belong here"):
                await send(messages[-1])
            seen.append(1)

        seen: list[int] = []
        serve(app).send(GET)
        await settle()
        assert seen == [1]

    @pytest.mark.parametrize("value", [b"a\r\nb", b"a\x00"])
    async def test_hostile_fields(self, value: bytes) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(headers=[(b"x", value)]))
            await send(body())

        client = serve(app)
        client.send(GET)
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")


class TestRequests:
    async def test_the_body_streams_in(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            data = await drain(receive)
            await send(start())
            await send(body(data))

        client = serve(app)
        client.send(POST + b"one")
        await settle()
        client.send(b"two")
        await client.read_until(b"\r\n\r\nonetwo")
        client.send(GET)
        await client.read_until(b"Content-Length: 0\r\n\r\n")

    async def test_a_malformed_body_is_400_and_a_disconnect(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            messages.append(await receive())
            messages.append(await receive())
            with pytest.raises(ClientDisconnected):
                await send(start())
            raise ClientDisconnected

        messages: list[Message] = []
        client = serve(app)
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert messages == [{"type": "http.disconnect"}] * 2

    async def test_a_disconnect_within_the_body(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            data.append(await drain(receive))

        data: list[bytes] = []
        client = serve(app)
        client.send(POST + b"one")
        await settle()
        client.disconnect()
        await settle()
        assert data == [b"one"]

    async def test_receive_tells_when_the_client_leaves(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            first = asyncio.ensure_future(receive())
            messages.append(await receive())
            messages.append(await first)
            with pytest.raises(OSError, match="the client has left"):
                await send(start())
                await send(body())

        messages: list[Message] = []
        client = serve(app)
        client.send(GET)
        await asyncio.sleep(50)
        client.disconnect()
        await settle()
        assert messages == [{"type": "http.disconnect"}] * 2
        assert caplog.text == ""

    async def test_receive_ends_with_the_response(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            waiting = asyncio.ensure_future(receive())
            await asyncio.sleep(0)
            await send(start())
            await send(body())
            messages.append(await waiting)
            messages.append(await receive())

        messages: list[Message] = []
        client = serve(app)
        client.send(GET)
        await settle()
        assert messages == [{"type": "http.disconnect"}] * 2
        assert not client.closing

    async def test_a_client_that_only_ended_its_sending_still_gets_its_answer(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            messages.append(await receive())
            await send(start())
            await send(body(b"still here"))

        messages: list[Message] = []
        client = serve(app)
        client.send(GET)
        client.send_eof()
        assert (await client.read_all()).endswith(b"still here")
        assert messages == [{"type": "http.disconnect"}]
        assert asyncio.get_running_loop().time() == pytest.approx(2)

    async def test_leaving_in_the_middle_of_streaming(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send(start())
            await send(body(b"x", more=True))
            await receive()
            with pytest.raises(ClientDisconnected):
                await send(body(b"y", more=True))
            await receive()

        client = serve(app)
        client.send(GET)
        await settle()
        client.disconnect()
        await settle()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    @pytest.mark.parametrize(
        ("leave", "after"), [(MemoryTransport.disconnect, 0), (MemoryTransport.send_eof, 2)]
    )
    async def test_pieces_that_send_nothing_tell_that_the_client_has_left(
        self, leave: Callable[[MemoryTransport], None], after: float
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start())
            try:
                while True:
                    await send(body(b"x", more=True))
                    await asyncio.sleep(1)
            finally:
                ended.append(asyncio.get_running_loop().time())

        ended: list[float] = []
        client = serve(app)
        client.send(GET.replace(b"GET", b"HEAD"))
        await asyncio.sleep(10)
        leave(client)
        await asyncio.sleep(10)
        assert ended == [pytest.approx(10 + after, abs=1)]
        assert client.sent.endswith(b"\r\n\r\n")
        assert client.lost


async def test_the_limits_of_the_server_hold_for_applications() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        await send(body(b"unread"))

    handler = ASGIHandler(app, lifespan="off")
    client = connect(HTTPServer(handler, lambda: SmallParser(Request), limits=Limits(drain=1)))
    client.send(POST)
    assert b"Connection: close\r\n" in await client.read_all()


async def test_whoever_asks_for_a_websocket_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start())
        await send(body(scope["type"].encode()))

    client = serve(app)
    for protocol in (b"h2c", b"WebSocket", b"websocket"):
        offer = b"Connection: upgrade\r\nUpgrade: " + protocol
        client.send(b"GET /live HTTP/1.1\r\nHost: a\r\n" + offer + b"\r\n\r\n")
        assert (await client.read_until(b"http")).startswith(b"HTTP/1.1 200 ")
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "A client asks for a WebSocket at '/live'"
    ]
