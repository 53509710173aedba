"""Runs the parser's example programs, for their tests."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


@contextmanager
def running(name: str, *arguments: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """An example on a free port: its address and its process."""
    command = [sys.executable, str(EXAMPLES / name), "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def talk(address: str, data: bytes) -> bytes:
    """What comes back for some bytes, to the end."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))
