"""What other tests stand on: the virtual loop, the transport in memory, the small parser."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest
from drystone_server import Request
from drystone_server.testing import BadRequest, MemoryTransport, SmallParser, VirtualLoop


class TestVirtualLoop:
    async def test_hours_take_no_time_and_keep_their_order(self) -> None:
        loop = asyncio.get_running_loop()
        begun, order = time.monotonic(), []

        async def note(hours: int) -> None:
            await asyncio.sleep(hours * 3600)
            order.append((hours, loop.time() / 3600))

        await asyncio.gather(*(note(hours) for hours in (3, 1, 2)))
        assert order == [(1, 1.0), (2, 2.0), (3, 3.0)]
        assert time.monotonic() - begun < 1

    async def test_no_time_passes_while_a_thread_works(self) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(100, lambda: None)
        await loop.run_in_executor(None, time.sleep, 0.05)
        assert loop.time() == 0
        timer.cancel()

    async def test_no_time_passes_while_a_descriptor_is_ready(self) -> None:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(100, lambda: None)
        near, far = socket.socketpair()
        readable = asyncio.Event()
        loop.add_reader(near, readable.set)
        far.send(b"x")
        await readable.wait()
        assert loop.time() == 0
        loop.remove_reader(near)
        timer.cancel()
        near.close()
        far.close()

    async def test_timers_are_listed(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        timer = loop.call_later(1, lambda: None)
        assert loop.timers() == [timer]
        timer.cancel()
        assert loop.timers() == []


class Recorder(asyncio.Protocol):
    def __init__(self, keep_open: bool = False) -> None:
        self.events: list[Any] = []
        self._keep_open = keep_open

    def data_received(self, data: bytes) -> None:
        self.events.append(data)

    def eof_received(self) -> bool:
        self.events.append("eof")
        return self._keep_open

    def pause_writing(self) -> None:
        self.events.append("pause")

    def resume_writing(self) -> None:
        self.events.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.events.append(("lost", exc))


class TestMemoryTransport:
    async def test_bytes_wait_while_nobody_reads(self) -> None:
        recorder = Recorder()
        transport = MemoryTransport(recorder)
        transport.send(b"1")
        transport.pause_reading()
        assert not transport.is_reading()
        transport.send(b"2")
        transport.resume_reading()
        transport.send(b"3")
        await asyncio.sleep(0)
        assert recorder.events == [b"1", b"2", b"3"]

    async def test_a_stalled_client_makes_the_server_wait(self) -> None:
        recorder = Recorder()
        transport = MemoryTransport(recorder)
        transport.set_write_buffer_limits()
        transport.set_write_buffer_limits(high=100)
        transport.stall()
        transport.write(b"x" * 101)
        transport.write(b"y")
        assert transport.get_write_buffer_size() == 102
        transport.take(50)
        assert recorder.events == ["pause"]
        transport.take()
        assert recorder.events == ["pause", "resume"]
        assert transport.sent == b"x" * 101 + b"y"

    async def test_closing_waits_for_the_client(self) -> None:
        recorder = Recorder()
        transport = MemoryTransport(recorder)
        transport.stall()
        transport.write(b"bye")
        transport.close()
        transport.close()
        await asyncio.sleep(0)
        assert recorder.events == []
        transport.take()
        assert recorder.events == [("lost", None)]
        transport.disconnect()
        transport.send(b"too late")
        assert recorder.events == [("lost", None)]
        with pytest.raises(AssertionError, match="write after close"):
            transport.write(b"x")
        with pytest.raises(EOFError, match="the connection ended after b'bye'"):
            await transport.read_until(b"more")

    async def test_half_close(self) -> None:
        for keep_open in (True, False):
            transport = MemoryTransport(Recorder(keep_open))
            transport.send_eof()
            assert transport.is_closing() is not keep_open

    async def test_protocols_can_be_exchanged(self) -> None:
        transport, second = MemoryTransport(Recorder()), Recorder()
        transport.set_protocol(second)
        assert transport.get_protocol() is second
        transport.send(b"x")
        assert second.events == [b"x"]


def parse(data: bytes, eof: bool = False) -> Request | None:
    parser = SmallParser(Request)
    parser.feed(data)
    if eof:
        parser.feed_eof()
    return parser.next_request()


class TestSmallParser:
    def test_it_fills_the_request(self) -> None:
        request = parse(b"POST /a?b HTTP/1.1\r\nA: 1\r\na: 2\r\nContent-Length: 3\r\n\r\n")
        assert request is not None
        assert (request.method, request.target, request.raw_path) == ("POST", "/a?b", "/a")
        assert (request.query_string, request.http_version) == ("b", "1.1")
        assert request.headers.get("A") == "1, 2"
        assert request.headers.get("B") is None
        assert request.content_length == 3
        assert request.keep_alive
        assert not request.upgrade
        assert repr(request) == "<Request POST /a?b>"

    @pytest.mark.parametrize(
        "data", [b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nx\r\n\r\n", b"a b c d\r\n\r\n"]
    )
    def test_what_is_no_request(self, data: bytes) -> None:
        with pytest.raises(BadRequest):
            parse(data)

    def test_the_end_within_a_message(self) -> None:
        assert parse(b"", eof=True) is None
        with pytest.raises(BadRequest, match="within the head"):
            parse(b"GET", eof=True)

    @pytest.mark.parametrize(
        "body", [b"Content-Length: 3\r\n\r\nab", b"Transfer-Encoding: chunked\r\n\r\n3\r\nab"]
    )
    def test_the_end_within_a_body(self, body: bytes) -> None:
        parser = SmallParser(Request)
        parser.feed(b"POST / HTTP/1.1\r\n" + body)
        parser.next_request()
        while parser.next_body():
            pass
        parser.feed_eof()
        with pytest.raises(BadRequest, match="the input ended within"):
            parser.next_body()

    def test_chunks_byte_by_byte(self) -> None:
        parser = SmallParser(Request)
        parser.feed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        request = parser.next_request()
        assert request is not None
        pieces = []
        for byte in b"3\r\nabc\r\n1\r\nd\r\n0\r\nX-Sum: 4\r\n\r\nrest":
            parser.feed(bytes([byte]))
            if request.trailers.items() == []:
                pieces.append(parser.next_body())
        assert b"".join(filter(None, pieces)) == b"abcd"
        assert request.trailers.get("x-sum") == "4"
        assert parser.next_body() == b""
        assert parser.release() == b"rest"
        assert parser.release() == b""

    def test_a_malformed_chunk(self) -> None:
        parser = SmallParser(Request)
        parser.feed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
        parser.next_request()
        with pytest.raises(BadRequest, match="malformed chunk size"):
            parser.next_body()

    def test_a_body_is_read_before_anything_else(self) -> None:
        parser = SmallParser(Request)
        parser.feed(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcrest")
        parser.next_request()
        with pytest.raises(RuntimeError, match="before the body was read"):
            parser.next_request()
        with pytest.raises(RuntimeError, match="before the body was read"):
            parser.release()
        assert parser.next_body() == b"abc"
        assert parser.release() == b"rest"
