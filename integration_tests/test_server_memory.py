"""Large bodies and slow peers: the server's memory stays flat."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "server_memory_target.py"
SIZE = 200_000_000

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")


class Target:
    """The server in a process of its own, and its memory."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def resident(self) -> int:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def ask(self, path: str) -> bytes:
        with self.connect() as client:
            client.sendall(
                b"GET %b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path.encode()
            )
            answer = b""
            while piece := client.recv(65536):
                answer += piece
            return answer


@pytest.fixture(params=["asyncio", "uvloop"])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    command = [sys.executable, str(TARGET), request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            target = Target(process)
            for _ in range(20):
                target.ask("/")
            yield target
        finally:
            process.terminate()


def test_a_large_upload_to_a_slow_handler(target: Target) -> None:
    before, most = target.resident(), 0
    with target.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % SIZE)
        piece = b"x" * 1_000_000
        for _ in range(SIZE // len(piece)):
            client.sendall(piece)
            most = max(most, target.resident())
        assert client.recv(65536).endswith(b"\r\n\r\n%d" % SIZE)
    assert most - before < 5_000_000


@pytest.mark.parametrize("path", [b"/pieces", b"/file"])
def test_a_large_response_to_a_stalled_reader(target: Target, path: bytes) -> None:
    target.ask("/")
    before, most = target.resident(), 0
    with target.connect() as client:
        client.sendall(b"GET %b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path)
        for _ in range(20):
            time.sleep(0.05)
            most = max(most, target.resident())
        received = 0
        while piece := client.recv(1_000_000):
            received += len(piece)
            most = max(most, target.resident())
    assert received > 0.99 * SIZE
    assert most - before < 5_000_000
