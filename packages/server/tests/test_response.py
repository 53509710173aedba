"""The plain response."""

from __future__ import annotations

from drystone_server import FileBody, Response


def test_it_shows_what_it_is() -> None:
    assert repr(Response(b"four", 404)) == "<Response 404 4 bytes>"
    assert repr(Response(FileBody("x"))).startswith("<Response 200 <drystone_server._file.FileBody")


def test_the_defaults() -> None:
    response = Response()
    assert (response.body, response.status, response.headers) == (b"", 200, ())
