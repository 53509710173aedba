"""Files as responses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drystone_server import (
    FileBody,
    HTTPServer,
    Request,
    Response,
)
from drystone_server.testing import MemoryTransport, SmallParser, connect

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
OLD = b"GET / HTTP/1.0\r\n\r\n"


def serving(make_response: Callable[[], Any]) -> MemoryTransport:
    async def handler(request: Request) -> Any:
        return make_response()

    return connect(HTTPServer(handler, lambda: SmallParser(Request)))


async def settle(turns: int = 10) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


class TestFiles:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "file"
        path.write_bytes(bytes(range(256)) * 1000)
        return path

    @pytest.mark.parametrize(
        ("offset", "count"),
        [(0, None), (0, 10), (100, 50), (1000, 200_000), (255_990, None), (5, 0)],
    )
    async def test_ranges(self, path: Path, offset: int, count: int | None) -> None:
        expected = path.read_bytes()[offset : None if count is None else offset + count]
        client = serving(lambda: Response(FileBody(path, offset=offset, count=count)))
        client.send(GET)
        head = await client.read_until(b"\r\n\r\n")
        assert b"Content-Length: %d\r\n" % len(expected) in head
        while len(client.sent) < len(expected):
            await asyncio.sleep(0)
        await settle()
        assert client.sent == expected

    async def test_a_small_file_is_one_write(self, path: Path) -> None:
        client = serving(lambda: Response(FileBody(str(path), count=100)))
        client.send(GET)
        await client.read_until(bytes(range(100)))
        assert len(client.writes) == 1

    async def test_head_sends_none_of_it(self, path: Path) -> None:
        client = serving(lambda: Response(FileBody(path)))
        client.send(HEAD)
        assert b"Content-Length: 256000\r\n" in await client.read_until(b"\r\n\r\n")
        await settle()
        assert not client.sent

    async def test_an_open_file_is_closed(self, path: Path) -> None:
        file = path.open("rb")
        client = serving(lambda: Response(FileBody(file, offset=5, count=3)))
        client.send(GET)
        assert await client.read_until(b"\x05\x06\x07")
        await settle()
        assert file.closed

    @pytest.mark.parametrize("body", [FileBody("/no/such/file"), FileBody(__file__, offset=10**9)])
    async def test_what_cannot_be_sent_is_500(self, body: FileBody) -> None:
        client = serving(lambda: Response(body))
        client.send(GET)
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    @pytest.mark.parametrize("size", [200_000, 100])
    async def test_a_file_that_shrinks_never_looks_whole(
        self, path: Path, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path.write_bytes(b"x" * size)
        opened = FileBody(path).open()[0]
        opened.close()
        real = FileBody.open

        def shrinking(self: FileBody) -> Any:
            file, count = real(self)
            path.write_bytes(b"")
            return file, count

        monkeypatch.setattr(FileBody, "open", shrinking)
        client = serving(lambda: Response(FileBody(path)))
        client.send(GET)
        await asyncio.sleep(1)
        assert client.aborted or b"HTTP/1.1 500 " in client.sent

    @pytest.mark.parametrize("error", [BrokenPipeError(), ConnectionResetError()])
    async def test_a_client_that_leaves_a_file_is_nothing_to_log(
        self,
        path: Path,
        monkeypatch: pytest.MonkeyPatch,
        error: OSError,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        async def sendfile(*args: Any, **kwargs: Any) -> int:
            raise error

        monkeypatch.setattr(asyncio.get_running_loop(), "sendfile", sendfile)
        client = serving(lambda: Response(FileBody(path)))
        client.send(GET)
        await asyncio.sleep(1)
        assert client.aborted
        assert caplog.text == ""

    async def test_a_kernel_that_gives_up_half_way(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers: list[Any] = [1000, RuntimeError("gone")]

        async def sendfile(*args: Any, **kwargs: Any) -> int:
            answer = answers.pop(0)
            if isinstance(answer, int):
                return answer
            raise answer

        monkeypatch.setattr(asyncio.get_running_loop(), "sendfile", sendfile)
        client = serving(lambda: Response(FileBody(path)))
        client.send(GET)
        await asyncio.sleep(1)
        assert client.sent.partition(b"\r\n\r\n")[2] == path.read_bytes()[1000:]

    def test_a_negative_range_is_refused(self) -> None:
        with pytest.raises(ValueError, match="must not be negative"):
            FileBody("x", offset=-1)
        with pytest.raises(ValueError, match="must not be negative"):
            FileBody("x", count=-1)


@pytest.mark.parametrize("piece", ["text", 5])
async def test_a_piece_that_is_no_bytes(piece: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def pieces() -> Any:
        yield piece

    client = serving(lambda: Response(pieces()))
    client.send(GET)
    assert b" 500 " in await client.read_until(b"\r\n\r\n")
    assert "a body is made of bytes, not of" in str(caplog.records[0].exc_info)
