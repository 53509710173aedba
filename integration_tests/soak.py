"""A soak of the server: good, slow, broken and resetting clients at once, for a while.

    nox -s soak                      one minute on each event loop
    nox -s soak -- --seconds 600

The clients run in a process of their own. At the end no task, timer or connection may be left, and
memory must be flat: the median of the last quarter of the time may be at most 2 MB above that of
the second. The figures are printed.
"""

import argparse
import asyncio
import ctypes
import gc
import random
import socket
import statistics
import struct
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from drystone_parser import RequestParser
from drystone_server import Deadlines, HTTPConnection, HTTPServer, Request, Response

DEADLINES = Deadlines(
    first_byte=2, head=2, body_read=2, body_grace=2, body_whole=20, keep_alive=3, write=2, linger=1
)
FLAT = 2_000_000
KINDS = ("good", "pipelining", "uploading", "silent", "dripping", "broken", "resetting", "stalling")
RESET = struct.pack("ii", 1, 0)


# The server


async def handle(request: Request) -> Any:
    if request.raw_path == "/large":
        return Response(pieces())
    if request.raw_path == "/background":
        await request.connection.respond(Response(b"accepted"))
        await asyncio.sleep(0.05)
        return None
    if request.raw_path == "/slow":
        await asyncio.sleep(0.2)
    return Response(await request.body(2_000_000) or request.target.encode())


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(200):
        yield b"x" * 20_000


def resident() -> int:
    """What the process holds, without what the allocator only keeps for later."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the GNU library
        if trim is not None:
            trim(0)
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def left_over() -> dict[str, int]:
    """What must be nothing when all clients have gone."""
    gc.collect()
    kinds = Counter(type(thing).__name__ for thing in gc.get_objects())
    connections = sum(isinstance(thing, HTTPConnection) for thing in gc.get_objects())
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    waiting = [t for t in tasks if "accept_forever" not in repr(t.get_coro())]
    return {
        "connections": connections,
        "timers": kinds["TimerHandle"],
        "tasks": len(waiting),
        "parsers": kinds["RequestParser"],
    }


async def soak(seconds: float) -> list[str]:
    """Serve the clients; give what is wrong."""
    server = HTTPServer(handle, lambda: RequestParser(Request), deadlines=DEADLINES)
    await server.start("127.0.0.1", 0)
    port = server.addresses[0][1]
    await asyncio.sleep(1)
    before = left_over()
    command = [sys.executable, __file__, "--clients", str(port), "--seconds", str(seconds)]
    clients = await asyncio.create_subprocess_exec(*command)
    memory: list[int] = []
    most = 0
    ending = asyncio.ensure_future(clients.wait())
    while not ending.done():
        await asyncio.wait([ending], timeout=seconds / 40)
        memory.append(resident())
        most = max(most, server.connections)
    await asyncio.sleep(8)  # the longest deadline, and lingering
    quarter = max(1, len(memory) // 4)
    early, late = memory[quarter : 2 * quarter], memory[-quarter:]
    growth = int(statistics.median(late) - statistics.median(early))
    left = {name: count - before[name] for name, count in left_over().items()}
    loop = type(asyncio.get_running_loop()).__module__
    print(
        f"{loop}: {seconds:g} s, most connections {most}, "
        f"memory {memory[0] >> 10} to {memory[-1] >> 10} kB, "
        f"last quarter above second {growth >> 10:+} kB, left: "
        + ", ".join(f"{count} {name}" for name, count in left.items()),
        flush=True,
    )
    await server.close()
    wrong = [f"{count} {name} left" for name, count in left.items() if count]
    if growth > FLAT:
        wrong.append(f"memory grew by {growth} bytes")
    if clients.returncode:
        wrong.append("a good client was not answered well")
    return wrong


# The clients


def request(path: str, body: bytes = b"") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def good(reader: Any, writer: Any) -> None:
    for _ in range(20):
        path = random.choice(["/a", "/slow", "/background"])
        writer.write(request(path, b"hello"))
        expected = b"\r\n\r\naccepted" if path == "/background" else b"\r\n\r\nhello"
        answer = await asyncio.wait_for(reader.readuntil(expected), 10)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer


async def pipelining(reader: Any, writer: Any) -> None:
    writer.write(request("/a", b"x") * 200)
    for _ in range(200):
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\nx"), 10)


async def uploading(reader: Any, writer: Any) -> None:
    body = b"u" * 1_000_000
    writer.write(request("/a", body))
    answer = await asyncio.wait_for(reader.readuntil(body), 10)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


async def silent(reader: Any, writer: Any) -> None:
    await reader.read()


async def dripping(reader: Any, writer: Any) -> None:
    for byte in random.choice([b"GET / HTTP/1.1\r\n", request("/a", b"x" * 1000)]):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.5)


async def broken(reader: Any, writer: Any) -> None:
    data = bytearray(request("/a", b"x" * 50) * 3)
    for _ in range(3):
        data[random.randrange(len(data))] = random.randrange(256)
    writer.write(bytes(data))
    await asyncio.sleep(random.random())


async def resetting(reader: Any, writer: Any) -> None:
    path = random.choice(["/large", "/slow", "/background", "/a"])
    writer.write(request(path, b"x" * 100)[: random.randrange(20, 200)])
    await asyncio.sleep(random.random() / 5)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def stalling(reader: Any, writer: Any) -> None:
    writer.transport.pause_reading()
    writer.write(request("/large"))
    await asyncio.sleep(4)


async def be_clients(port: int, seconds: float) -> int:
    """Be eight of each kind again and again; give how often a good one was served badly."""
    end = asyncio.get_running_loop().time() + seconds
    counts: Counter[str] = Counter()

    async def be(name: str, kind: Callable[[Any, Any], Awaitable[None]]) -> None:
        while asyncio.get_running_loop().time() < end:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2_000_000)
            try:
                await kind(reader, writer)
                counts[name] += 1
            except (OSError, asyncio.IncompleteReadError) as error:
                counts[f"{name} cut"] += 1
                if name in ("good", "pipelining", "uploading"):
                    print(f"{name}: {error!r}", file=sys.stderr)
            finally:
                writer.close()

    kinds = [(name, globals()[name]) for name in KINDS for _ in range(8)]
    await asyncio.gather(*(be(name, kind) for name, kind in kinds))
    print("clients: " + ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return sum(counts[f"{name} cut"] for name in ("good", "pipelining", "uploading"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), action="append")
    parser.add_argument("--clients", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.clients:
        return min(1, asyncio.run(be_clients(options.clients, options.seconds)))
    import uvloop

    factories = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    wrong: list[str] = []
    for name in options.loop or factories:
        with asyncio.Runner(loop_factory=factories[name]) as runner:
            wrong += [f"{name}: {fault}" for fault in runner.run(soak(options.seconds))]
    print("\n".join(wrong) or "nothing was left, nothing grew")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
