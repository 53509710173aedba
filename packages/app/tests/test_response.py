"""Responses and what makes them."""

from collections.abc import AsyncIterator
from enum import StrEnum

import msgspec
import pytest
from drystone import Request, Response, event_stream, html, json, stream, text
from drystone._convert import to_response
from drystone._errors import phrase
from drystone._response import plain


def test_bodies() -> None:
    response = Response("hé", 201, {"x": "y"})
    assert response.body == "hé".encode()
    assert response.status == 201
    assert list(response.headers) == [("x", "y"), ("content-type", "text/plain; charset=utf-8")]
    assert Response("x", headers={"Content-Type": "text/css"}).headers.items() == [
        ("Content-Type", "text/css")
    ]
    assert list(Response().headers) == []


def test_representations() -> None:
    assert repr(text("abc", 404)) == "<Response 404 3 bytes>"
    request: Request[None] = Request()
    request.method, request.target = "GET", "/x?y"
    assert repr(request) == "<Request GET /x?y>"
    assert "pieces" in repr(Response(pieces()))


async def pieces() -> AsyncIterator[bytes]:
    yield b"x"


def test_helpers() -> None:
    assert html("<p>").headers["content-type"] == "text/html; charset=utf-8"
    assert text("x", 404).status == 404
    assert json({"a": None}).body == b'{"a":null}'
    assert json([], headers={"content-type": "application/geo+json"}).headers.items() == [
        ("content-type", "application/geo+json")
    ]

    assert stream(pieces()).headers["content-type"] == "application/octet-stream"
    assert stream(pieces(), content_type="video/mp4").headers["content-type"] == "video/mp4"


def test_cookies() -> None:
    response = Response()
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", path="/x", http_only=False)
    response.delete_cookie("c")
    response.delete_cookie("__Host-d", same_site="none", partitioned=True)
    assert response.headers.get_all("set-cookie") == [
        "a=1; Path=/; Secure; HttpOnly; SameSite=Lax",
        "b=2; Path=/x; Secure; SameSite=Lax",
        "c=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
        "__Host-d=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=None; Partitioned",
    ]


class Item(msgspec.Struct):
    name: str


class Markup(str):
    """What templates give."""


class Colour(StrEnum):
    RED = "red"


class Special(Response):
    """A response of a kind of its own."""


def test_conversion() -> None:
    special = Special()
    assert to_response(special) is special
    assert to_response(Item("x")).body == b'{"name":"x"}'
    assert to_response(None).status == 204
    assert to_response(None, 202).status == 202
    with pytest.raises(TypeError, match=r"a tuple, which .* json\(value, status=...\)"):
        to_response(("made", 201))
    assert to_response(b"x", 201).status == 201
    markup = to_response(Markup("<b>"))
    assert (markup.body, markup.headers["content-type"][:10]) == (b"<b>", "text/plain")
    assert to_response(bytearray(b"x")).body == b"x"
    assert to_response(memoryview(b"x")).headers["content-type"] == "application/octet-stream"
    assert to_response(Colour.RED).body == b'"red"'
    with pytest.raises(TypeError, match="has no form in JSON"):
        to_response(object())


def test_phrases() -> None:
    assert phrase(422) == "Unprocessable Content"
    assert phrase(404) == "Not Found"
    assert phrase(499) == "Error"


def test_a_stream_is_of_an_async_iterable() -> None:
    with pytest.raises(TypeError, match=r"stream\(\) takes an async iterable, .*, not a list"):
        stream([b"x"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not a function: call the function"):
        event_stream(pieces)  # type: ignore[arg-type]


def test_the_quick_way_makes_what_the_constructors_make() -> None:
    pair = ("content-type", "application/json")
    quick, usual = plain(b"[]", 201, pair), Response(b"[]", 201, [pair])
    assert (quick.status, quick.body) == (usual.status, usual.body)
    assert quick.headers.items() == usual.headers.items()
    quick.headers["x"] = "1"
    assert "x" not in plain(b"[]", 201, pair).headers
