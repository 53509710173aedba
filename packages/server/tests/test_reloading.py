"""``--reload``: real children, over the sockets that they are handed, with changes of our own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from drystone_server import reloading
from drystone_server.importing import StartError
from drystone_server.options import OPTIONS
from drystone_server.reloading import run_reloading, stop_signals, take_sockets
from drystone_server.run import STOP_SIGNALS

REAL_TIME = True

# Greets whoever connects with its number, until SIGTERM; Ctrl+C is its parent's.
CHILD = """
import os, socket, sys
from drystone_server.options import start_arguments
from drystone_server.reloading import take_sockets

values = {}
assert take_sockets(values)
(listener,) = start_arguments(values)["sockets"]
assert not listener.get_inheritable()
assert "DRYSTONE_SERVER_INHERITED" not in os.environ
while True:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(str(os.getpid()).encode())
"""


def values(**others: Any) -> dict[str, Any]:
    return {option.key: option.default for option in OPTIONS} | {"port": 0} | others


async def greeting(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(said)


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "-c", CHILD])
    sources = os.pathsep.join(path for path in sys.path if path)
    monkeypatch.setenv("PYTHONPATH", sources)  # also where only this process has them


def test_children_share_the_socket_and_end_with_their_parent(
    child: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    greeted: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    async def changes() -> AsyncIterator[set[Path]]:
        greeted.append(await greeting(port))
        yield {tmp_path / "a.py"}
        greeted.append(await greeting(port))
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    monkeypatch.setattr(reloading, "watch", lambda folders, patterns: changes())
    monkeypatch.setattr(reloading, "listen", lambda host, port, backlog: [listener])
    assert run_reloading(values(), tmp_path) == 128 + signal.SIGTERM  # which it does not handle
    assert len(set(greeted)) == 2
    assert listener.fileno() == -1
    for number in greeted:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_the_folders_that_are_watched(
    child: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Any] = []

    def watch(folders: Any, patterns: Any) -> Any:
        asked.append((folders, patterns))
        raise StartError("seen")

    monkeypatch.setattr(reloading, "watch", watch)
    for more in ({}, {"reload_dirs": ("a", "b"), "reload_include": ("*.html",)}):
        with pytest.raises(StartError, match="seen"):
            run_reloading(values(**more), tmp_path)
    assert asked == [([tmp_path], ()), ([Path("a"), Path("b")], ("*.html",))]


def test_what_is_wrong_for_every_child_is_said_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
            run_reloading(values(port=port), tmp_path)
    with pytest.raises(ValueError, match="--trusted-proxies: 'x' does not"):
        run_reloading(values(trusted_proxies=("x",)), tmp_path)
    with pytest.raises(OSError, match="--fd 1000 is no socket"):
        run_reloading(values(fd=(1000,)), tmp_path)


def test_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reloading, "_IS_WINDOWS", True)
    with pytest.raises(StartError, match="which Windows does not; try: watchfiles"):
        run_reloading(values())


def test_signalling_a_child_that_has_gone() -> None:
    class Gone:
        pid = 2**22 + 1  # beyond the largest that Linux gives

    reloading.Process(Gone()).send_signal(signal.SIGTERM)  # type: ignore[arg-type]


def test_who_is_no_child() -> None:
    given = values()
    assert not take_sockets(given)
    assert given == values()


def test_a_child_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    alive, end = os.pipe()
    terminated = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda number, frame: terminated.set())
    interrupted = signal.getsignal(signal.SIGINT)
    try:
        monkeypatch.setenv("DRYSTONE_SERVER_INHERITED", f"{os.dup(0)},{alive}")
        given = values(uds="/somewhere")
        assert take_sockets(given)
        assert len(given["fd"]) == 1
        assert given["uds"] is None
        os.kill(os.getpid(), signal.SIGINT)  # is its parent's
        assert not terminated.is_set()
        os.close(end)  # as when the parent dies
        assert terminated.wait(10)
        os.close(given["fd"][0])
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupted)
        os.close(alive)


def test_the_signals_that_stop_it() -> None:
    assert stop_signals({}) == STOP_SIGNALS == stop_signals(values())
    assert stop_signals(values(reload=True)) == (signal.SIGTERM,)
