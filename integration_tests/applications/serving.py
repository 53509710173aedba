"""Running a server beside a test: in a thread with a loop of its own, or as a process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl as ssl_module
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import uvloop
from drystone_parser import RequestParser
from drystone_server import HTTPServer, Request

APPLICATIONS: Final = Path(__file__).parent
LOOPS: Final[dict[str, Callable[[], asyncio.AbstractEventLoop]]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def needed_program(name: str) -> str:
    """The path of a program of the system; without it the test is skipped."""
    # Debian keeps servers where only root's PATH leads.
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/usr/local/sbin"]
    for folder in folders:
        path = Path(folder) / name
        if folder and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    pytest.skip(f"needs {name}: run integration_tests/install-debian-packages.sh")


def make_server(handler: Any, **options: Any) -> HTTPServer[Request]:
    """Our server with our parser."""
    return HTTPServer(handler, partial(RequestParser, Request), **options)


class ServerThread:
    """A server in a thread, for tests that block.

    Args:
        server: not started yet.
        loop: one of `LOOPS`.
        ssl: the context of a TLS server.

    Attributes:
        port: where it listens, on 127.0.0.1.
    """

    def __init__(
        self, server: HTTPServer[Any], loop: str, ssl: ssl_module.SSLContext | None = None
    ) -> None:
        self._server = server
        self._ssl = ssl
        self._loop_factory = LOOPS[loop]
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def connections(self) -> int:
        """How many are open."""
        return self._server.connections

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(10), "the server did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server did not stop"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self._loop_factory) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        async with self._server as server:
            await server.start("127.0.0.1", 0, ssl=self._ssl)
            ((_, self.port),) = server.addresses
            self._started.set()
            await self._stopping.wait()


@contextmanager
def in_thread(
    server: HTTPServer[Any], loop: str = "asyncio", ssl: ssl_module.SSLContext | None = None
) -> Iterator[ServerThread]:
    """Run a server until the end of the block."""
    thread = ServerThread(server, loop, ssl)
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


def free_port() -> int:
    """A port that was free a moment ago, for programs that cannot take one by themselves."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def process(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a program until the end of the block; the options are those of `subprocess.Popen`."""
    running = subprocess.Popen(command, text=True, **options)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(5)
        for stream in (running.stdout, running.stderr):
            if stream is not None:
                stream.close()


def wait_for_port(port: int, running: subprocess.Popen[str], seconds: float = 20) -> None:
    """Wait until something accepts connections; fail where the program ends before that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert running.poll() is None, f"{running.args!r} ended with {running.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail(f"{running.args!r} did not listen on port {port}")
