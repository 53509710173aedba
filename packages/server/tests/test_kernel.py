"""What the kernel tells of a connection."""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

import pytest
from drystone_server import _kernel
from drystone_server._kernel import Delivery, delivery


class Told:
    """A socket as far as it is asked."""

    def __init__(self, told: bytes | Exception) -> None:
        self._told = told

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        if isinstance(self._told, Exception):
            raise self._told
        return self._told[:size]


@pytest.mark.parametrize(
    ("unacknowledged", "unsent", "waiting"),
    [(0, 0, False), (3, 0, True), (0, 5, True)],
)
def test_what_linux_tells(
    unacknowledged: int, unsent: int, waiting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_kernel, "_TCP_INFO", 11)
    told = struct.pack("=24x I 92x Q 16x I 50x", unacknowledged, 1 << 40, unsent)
    assert delivery(Told(told)) == Delivery(1 << 40, waiting)


@pytest.mark.parametrize(
    ("sock", "option"),
    [
        (None, 11),
        (Told(b"x" * 200), None),
        (Told(b"of an older Linux"), 11),
        (Told(OSError()), 11),
        (Told(ValueError()), 11),
    ],
)
def test_what_tells_nothing(sock: Any, option: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_kernel, "_TCP_INFO", option)
    assert delivery(sock) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_real_connection() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        before = delivery(client)
        client.sendall(b"hello")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(9) == b"hello"
        while (after := delivery(client)) and after.waiting:
            pass
        assert before is not None
        assert after == Delivery(before.taken + 5, False)
