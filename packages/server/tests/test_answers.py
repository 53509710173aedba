"""Responses of every kind: pieces, lengths, trailers, hints, errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest
from drystone_server import (
    ClientDisconnected,
    HTTPConnection,
    HTTPServer,
    InvalidResponse,
    Request,
    Response,
)
from drystone_server.testing import MemoryTransport, SmallParser, connect, make_server

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD = b"GET / HTTP/1.0\r\n\r\n"


def serving(make_response: Callable[[], Any]) -> MemoryTransport:
    async def handler(request: Request) -> Any:
        return make_response()

    return connect(HTTPServer(handler, lambda: SmallParser(Request)))


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0.01)
        yield part


async def settle(turns: int = 10) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


class TestPieces:
    async def test_9112_7_1_chunked(self) -> None:
        client = serving(lambda: Response(pieces(b"one", b"", b"three")))
        client.send(GET)
        answer = await client.read_until(b"\r\n0\r\n\r\n")
        assert b"Transfer-Encoding: chunked\r\n" in answer
        assert b"Content-Length" not in answer
        assert answer.endswith(b"\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")

    async def test_the_head_goes_with_the_first_piece(self) -> None:
        client = serving(lambda: Response(pieces(b"one")))
        client.send(GET)
        await client.read_until(b"one\r\n")
        assert client.writes[0].endswith(b"\r\n\r\n3\r\none\r\n")

    async def test_an_empty_piece_sends_the_head(self) -> None:
        client = serving(lambda: Response(pieces(b"", b"one")))
        client.send(GET)
        head = await client.read_until(b"\r\n\r\n")
        assert not client.sent
        assert b"chunked" in head

    async def test_an_empty_body(self) -> None:
        client = serving(lambda: Response(pieces()))
        client.send(GET)
        assert (await client.read_until(b"0\r\n\r\n")).endswith(b"\r\n\r\n0\r\n\r\n")

    async def test_a_large_piece_is_not_copied(self) -> None:
        big = b"x" * 100_000
        client = serving(lambda: Response(pieces(b"a", big)))
        client.send(GET)
        await client.read_until(b"\r\n0\r\n\r\n")
        assert big in client.writes

    async def test_a_given_length_frames(self) -> None:
        client = serving(lambda: Response(pieces(b"one", b"two"), headers={"content-length": "6"}))
        client.send(GET)
        answer = await client.read_until(b"onetwo")
        assert b"Content-Length: 6\r\n" in answer
        assert b"chunked" not in answer

    @pytest.mark.parametrize(
        "parts", [(b"onetwothree",), (b"x" * 100_000,), (b"one", b"twothree"), (b"one",), ()]
    )
    async def test_a_wrong_length_never_looks_whole(
        self, parts: tuple[bytes, ...], caplog: pytest.LogCaptureFixture
    ) -> None:
        client = serving(lambda: Response(pieces(*parts), headers={"content-length": "6"}))
        client.send(GET + GET)
        await asyncio.sleep(1)
        if b"200 OK" in client.sent:
            assert client.aborted
            assert len(client.sent.partition(b"\r\n\r\n")[2]) < 6
        else:
            assert b"HTTP/1.1 500" in client.sent
        assert "Content-Length" in caplog.text

    async def test_an_error_before_the_first_piece_is_answered(self) -> None:
        async def broken() -> AsyncIterator[bytes]:
            for part in (b"%d" % (1 // number) for number in (0, 1)):
                yield part

        client = serving(lambda: Response(broken()))
        client.send(GET)
        assert (await client.read_until(b"Error\n")).startswith(b"HTTP/1.1 500 ")
        assert not client.closing

    @pytest.mark.parametrize("request_bytes", [GET, OLD])
    async def test_an_error_after_it_cuts_the_connection(
        self, request_bytes: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def broken() -> AsyncIterator[bytes]:
            yield b"one"
            raise ZeroDivisionError

        client = serving(lambda: Response(broken()))
        client.send(request_bytes + GET)
        await asyncio.sleep(1)
        assert client.aborted
        assert b"0\r\n\r\n" not in client.sent
        assert "ZeroDivisionError" in caplog.text

    async def test_a_generator_is_closed_when_the_client_leaves(self) -> None:
        closed: list[bool] = []

        async def forever() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 1000
                    await asyncio.sleep(1)
            finally:
                closed.append(True)

        client = serving(lambda: Response(forever()))
        client.send(GET)
        await asyncio.sleep(5)
        client.disconnect()
        await asyncio.sleep(5)
        assert closed == [True]

    async def test_a_stalled_reader_holds_the_generator(self) -> None:
        made = 0

        async def forever() -> AsyncIterator[bytes]:
            nonlocal made
            while True:
                made += 1
                yield b"x" * 1000

        client = serving(lambda: Response(forever()))
        client.stall()
        client.send(GET)
        await settle(1000)
        assert made < 100
        client.disconnect()
        await settle()

    async def test_a_generator_that_never_waits_lets_others_run(self) -> None:
        async def forever() -> AsyncIterator[bytes]:
            while True:
                yield b"x"

        client = serving(lambda: Response(forever()))
        client.send(GET)
        await settle(50)
        assert 100 < len(client.writes) < 2000
        client.disconnect()
        await settle()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_head_never_asks_for_a_piece_but_closes(self) -> None:
        class Body:
            closed = False

            def __aiter__(self) -> AsyncIterator[bytes]:
                raise AssertionError("not for HEAD")

            async def aclose(self) -> None:
                self.closed = True

        body = Body()
        client = serving(lambda: Response(body))
        client.send(HEAD)
        assert b"Transfer-Encoding: chunked" in await client.read_until(b"\r\n\r\n")
        await settle()
        assert body.closed
        assert not client.sent

    async def test_an_iterable_without_aclose_will_do(self) -> None:
        class Body:
            def __aiter__(self) -> AsyncIterator[bytes]:
                return pieces(b"one")

        client = serving(lambda: Response(Body()))
        client.send(GET)
        assert await client.read_until(b"one\r\n0\r\n\r\n")

    async def test_9112_6_3_http10_is_ended_by_the_close(self) -> None:
        client = serving(lambda: Response(pieces(b"one", b"x" * 70_000)))
        client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        answer = await client.read_all()
        assert b"Connection: close\r\n" in answer
        assert b"chunked" not in answer
        assert answer.endswith(b"\r\n\r\none" + b"x" * 70_000)

    async def test_http10_with_a_length_stays_open(self) -> None:
        client = serving(lambda: Response(pieces(b"one"), headers={"content-length": "3"}))
        client.send(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert b"Connection: keep-alive\r\n" in await client.read_until(b"\r\n\r\none")
        assert not client.closing

    @pytest.mark.parametrize("request_bytes", [GET, OLD.replace(b"GET", b"HEAD")])
    async def test_304_streamed(self, request_bytes: bytes) -> None:
        client = serving(lambda: Response(pieces(b"no"), 304, {"content-length": "2"}))
        client.send(request_bytes)
        answer = await client.read_until(b"\r\n\r\n")
        await asyncio.sleep(0.1)
        assert b"Content-Length: 2\r\n" in answer
        assert not client.sent

    async def test_http10_head_of_unknown_length(self) -> None:
        client = serving(lambda: Response(pieces(b"no")))
        client.send(b"HEAD / HTTP/1.0\r\n\r\n")
        assert (await client.read_all()).endswith(b"\r\n\r\n")

    async def test_large_bytes_are_sent_in_slices(self) -> None:
        body = bytes(range(256)) * 5000
        client = serving(lambda: Response(body))
        client.send(GET)
        answer = await client.read_until(body[-256:] * 5)
        await settle()
        assert (answer + client.sent).endswith(body)
        assert max(map(len, client.writes)) < len(body)

    async def test_large_bytes_for_head(self) -> None:
        client = serving(lambda: Response(b"x" * 1_000_000))
        client.send(HEAD)
        assert b"Content-Length: 1000000\r\n" in await client.read_until(b"\r\n\r\n")
        await settle()
        assert not client.sent


class TestTrailers9110_6_5:
    @pytest.mark.parametrize("trailers", [{"X-Sum": "6"}, [("X-Sum", "6")], lambda: {"X-Sum": "6"}])
    async def test_they_follow_the_last_chunk(self, trailers: Any) -> None:
        client = serving(lambda: Response(pieces(b"one"), trailers=trailers))
        client.send(GET)
        assert (await client.read_until(b"X-Sum: 6\r\n\r\n")).endswith(b"\r\n0\r\nX-Sum: 6\r\n\r\n")

    async def test_they_need_chunks(self) -> None:
        client = serving(lambda: Response(pieces(b"one"), trailers={"X-Sum": "6"}))
        client.send(OLD)
        assert b"X-Sum" not in await client.read_all()

    async def test_those_that_frame_are_refused(self) -> None:
        client = serving(lambda: Response(pieces(b"one"), trailers={"Content-Length": "6"}))
        client.send(GET)
        await asyncio.sleep(1)
        assert client.aborted


class TestEarlyHints8297:
    async def test_103_comes_before_the_response(self) -> None:
        async def handler(request: Request) -> Response:
            request.connection.early_hints({"Link": "</style.css>; rel=preload"})
            return Response(b"page")

        client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
        client.send(GET)
        assert (
            await client.read_until(b"\r\n\r\n")
            == b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
        )
        assert (await client.read_until(b"page")).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_never_to_http10(self) -> None:
        async def handler(request: Request) -> Response:
            request.connection.early_hints({"Link": "</style.css>"})
            return Response(b"page")

        client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
        client.send(OLD)
        assert (await client.read_all()).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_not_after_the_response_nor_with_framing(self) -> None:
        async def handler(request: Request) -> Any:
            with pytest.raises(InvalidResponse, match="no Content-Length"):
                request.connection.early_hints({"Content-Length": "3"})
            await request.connection.respond(Response(b"page"))
            with pytest.raises(InvalidResponse, match="must come before"):
                request.connection.early_hints({"Link": "</style.css>"})
            with pytest.raises(InvalidResponse, match="answered already"):
                await request.connection.respond(Response(b"again"))

        client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
        client.send(GET)
        assert await client.read_until(b"page")
        await settle()
        assert not client.sent


async def test_writing_to_a_client_who_left_raises() -> None:
    seen: list[BaseException] = []

    async def handler(request: Request) -> Any:
        await asyncio.sleep(1)
        connection: HTTPConnection[Request] = request.connection
        try:
            connection.early_hints({})
        except ClientDisconnected as error:
            seen.append(error)
        await request.connection.respond(Response(b"page"))

    client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
    client.send(GET)
    await settle()
    client.disconnect()
    await asyncio.sleep(2)
    assert len(seen) == 1


async def test_errors_of_the_server_in_a_form_of_ones_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[tuple[int, str]] = []

    def error_response(status: int, detail: str) -> Response:
        seen.append((status, detail))
        return Response(b"ours", status, [("X-Ours", "yes")])

    async def unsendable(request: Request) -> Response:
        return Response(b"", headers=[("X-A", "b\r\nc")])

    server = HTTPServer(unsendable, lambda: SmallParser(Request), error_response=error_response)
    client = connect(server)
    client.send(GET + b"nonsense\r\n\r\n")
    for status in (b"500", b"400"):
        answer = await client.read_until(b"\r\n\r\nours")
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"X-Ours: yes\r\n" in answer
    assert seen[0] == (500, "")
    assert seen[1][0] == 400
    assert seen[1][1]
    assert "answered with 500" in caplog.text


@pytest.mark.parametrize(
    "make",
    [
        lambda status, detail: 1 // 0,
        lambda status, detail: Response(b"x", status, {"X": "a\r\nb"}),
        lambda status, detail: Response(cast(bytes, "text"), status),
    ],
)
async def test_an_error_response_that_fails_is_plain_text(
    make: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: Request) -> Response:
        raise ZeroDivisionError

    client = connect(make_server(handler, error_response=make))
    client.send(GET + GET)
    for _ in range(2):
        answer = await client.read_until(b"500 Internal Server Error\n")
        assert answer.startswith(b"HTTP/1.1 500 ")
    assert "error_response failed" in caplog.text


async def test_the_log_names_the_request_that_failed(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: Request) -> Response | None:
        if request.raw_path == "/late":
            await request.connection.respond(Response())
        if request.raw_path == "/cut":
            return Response(breaking())
        raise ZeroDivisionError

    async def breaking() -> AsyncIterator[bytes]:
        yield b"a part"
        raise ZeroDivisionError

    client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
    for path in (b"/early?token=secret", b"/late", b"/cut"):
        client.send(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        await settle()
    assert [record.getMessage() for record in caplog.records] == [
        "Handler of GET /early failed: answered with 500",
        "Handler of GET /late failed after its response was sent",
        "Response to GET /cut broken off: connection cut",
    ]
