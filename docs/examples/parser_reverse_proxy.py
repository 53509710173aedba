"""A reverse proxy on asyncio streams: `python parser_reverse_proxy.py 8080 http://127.0.0.1:8000`.

Bodies pass both ways as they arrive, with their trailers; connections stay open on both sides. A
client's Expect goes through, and so do the origin's 100, 103 and 101: after 101 it is a tunnel.
"""

import asyncio
import contextlib
import sys
from urllib.parse import urlsplit

import drystone_parser as http

PIECE, IDLE = 64 * 1024, 60  # bytes; seconds without a byte
LIMITS = http.Limits(body=sys.maxsize)  # what is too large the origin says


class Peer:
    """One side: bytes in through a parser, bytes out no faster than they are read."""

    def __init__(self, streams, parser):
        (self.reader, self.writer), self.parser, self.ended = streams, parser, False

    async def ask(self, question, *details):
        """What the parser answers once it can; None if the other side closed instead."""
        while (answer := question(*details)) is None and not self.ended:
            async with asyncio.timeout(IDLE):
                data = await self.reader.read(PIECE)
            self.ended = not data
            self.parser.feed_eof() if self.ended else self.parser.feed(data)
        return answer

    async def send(self, data):
        self.writer.write(data)
        async with asyncio.timeout(IDLE):
            await self.writer.drain()


class Exchange:
    """One request and its answer."""

    def __init__(self, client, origin, request):
        self.client, self.origin, self.request = client, origin, request
        self.begun = self.stays = False  # whether an answer was begun; whether the client may stay

    async def run(self, host):
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(self.pass_request(host))
            status = await self.pass_response(sending)
            if status != 101:
                sending.cancel()  # an answer that came before the end of the request
        if status == 101:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(tunnel(self.client, self.origin))
                tasks.create_task(tunnel(self.origin, self.client))

    async def pass_request(self, host):
        request = self.request
        target = request.raw_path + ("?" + request.query_string if "?" in request.target else "")
        fields = [("Host", host), *http.end_to_end(request.headers, "Host", "X-Forwarded-For")]
        fields += [("X-Forwarded-For", self.client.writer.get_extra_info("peername")[0])]
        fields += offer(request) if request.upgrade else []
        chunked = request.content_length is None
        fields += [("Transfer-Encoding", "chunked")] * chunked
        try:
            await self.origin.send(http.write_request_head(request.method, target, fields))
            await pass_body(self.client, request, self.origin, chunked)
        except ConnectionError:  # the origin reads no further, and has perhaps said why:
            await asyncio.Event().wait()  # this task is not done, but may be cancelled

    async def pass_response(self, sending):
        """Passes on interim responses and the final one; gives its status."""
        request, status = self.request, 100
        while status < 200 and status != 101:
            response = await self.origin.ask(self.origin.parser.next_response, request.method)
            if response is None:
                raise ConnectionError("the origin closed without an answer")
            status, fields = response.status, http.end_to_end(response.headers)
            chunked = response.content_length is None and request.http_version == "1.1"
            if status == 101:
                fields += offer(response)
            elif status >= 200:
                bounded = chunked or response.content_length is not None
                self.stays = bounded and request.keep_alive and sending.done()
                fields += [("Transfer-Encoding", "chunked")] * chunked
                fields += [("Connection", "keep-alive" if self.stays else "close")]
            self.begun = status >= 200 or status == 101
            if self.begun or request.http_version == "1.1":
                await self.client.send(http.write_response_head(status, fields))
            await pass_body(self.origin, response, self.client, chunked)
        return status


def offer(message):
    return [("Connection", "upgrade"), ("Upgrade", message.headers.get("upgrade", ""))]


async def pass_body(source, message, target, chunked):
    while piece := await source.ask(source.parser.next_body):
        await target.send(http.write_chunk(piece) if chunked else piece)
    if chunked:
        await target.send(http.write_last_chunk(message.trailers.items()))


async def tunnel(source, target):
    await target.send(source.parser.release())
    while data := await source.reader.read(PIECE):
        await target.send(data)
    target.writer.write_eof()


async def serve(client, connect, host):
    """Serves one client's requests, on one connection to the origin while that stays open."""
    origin = exchange = None
    try:
        while request := await client.ask(client.parser.next_request):
            exchange = Exchange(client, origin, request)
            if request.method == "CONNECT":
                raise http.NotSupported("no-connect", "not a forward proxy", 0, "9110 9.3.6", 501)
            if origin is None or origin.reader.at_eof():
                exchange.origin = origin = await connect()
            await exchange.run(host)
            print(request.method, request.target, flush=True)
            if not exchange.stays:
                break
            exchange = None
        await leave(client)
    except* (http.ParseError, OSError) as faults:
        await refuse(client, exchange, faults.exceptions[0])
    finally:
        client.writer.close()
        if origin is not None:
            origin.writer.close()


async def refuse(client, exchange, fault):
    print(repr(fault), flush=True)
    if exchange is not None and exchange.begun:
        client.writer.transport.abort()  # so that a part of an answer does not look like a whole
    elif exchange is not None or isinstance(fault, http.ParseError):
        status = getattr(fault, "status", 504 if isinstance(fault, TimeoutError) else 502)
        fields = {"Content-Length": "0", "Connection": "close"}
        await client.send(http.write_response_head(status, fields))
        await leave(client)


async def leave(peer):
    """Reads on for a moment: closing on unread bytes would take the answer back (RFC 9112 9.6)."""
    with contextlib.suppress(OSError):
        peer.writer.write_eof()
        async with asyncio.timeout(2):
            while await peer.reader.read(PIECE):
                pass


async def main(port, url):
    origin = urlsplit(url)

    async def connect():
        async with asyncio.timeout(IDLE):
            streams = await asyncio.open_connection(origin.hostname, origin.port or 80)
        return Peer(streams, http.ResponseParser(http.Response, LIMITS))

    async def accept(*streams):
        client = Peer(streams, http.RequestParser(http.Request, LIMITS))
        await serve(client, connect, origin.netloc)

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    print("http://{}:{}".format(*server.sockets[0].getsockname()), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
