"""Fields to bytes (RFC 9110, 5): nothing hostile gets through, whatever the string type."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from drystone_server import InvalidResponse
from drystone_server._fields import FieldRenderer, render_fields, render_raw_fields, render_trailers
from hypothesis import given, settings
from hypothesis import strategies as st

HOSTILE_NAMES = [
    "", " ", "a b", "a:", ":a", "a\r\nb", "a\nb", "a\rb", "a\x00", "a\tb", "\u00e9", "a\u010d",
    "a\u010a", "(a)", "a,b", "a/b", "[a]", "a=b", "a\x7f", "a\x85", "a\xa0",
]  # fmt: skip
HOSTILE_VALUES = [
    "a\r\nb: c", "a\nb", "a\rb", "a\r", "\n", "a\x00b", "\x00", "a\x0bb", "a\x0cb", "a\x1fb",
    "a\x7fb",     "\u010a", "\u010d", "\u2028", "\u20ac", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidResponse, match="is not a field name"):
        render_fields([(name, "v")])
    with pytest.raises(InvalidResponse):
        render_fields({name: "v"})
    raw = name.encode("utf-8", "surrogatepass")
    with pytest.raises(InvalidResponse):
        render_raw_fields([(raw, b"v")])
    with pytest.raises(InvalidResponse):
        render_trailers([(name, "v")])


@pytest.mark.parametrize("value", HOSTILE_VALUES)
def test_a_hostile_value_is_refused(value: str) -> None:
    for name in ("X-Test", "Content-Type", "Date", "Server", "Connection"):
        with pytest.raises(InvalidResponse, match="holds what no field value may hold"):
            render_fields([(name, value)])
    if value.isascii():
        with pytest.raises(InvalidResponse):
            render_raw_fields([(b"x-test", value.encode())])


@pytest.mark.parametrize("pair", [("a", 1), ("a", b"1"), ("a", None), (b"a", "1"), (1, "1")])
def test_other_types_are_refused(pair: Any) -> None:
    with pytest.raises((InvalidResponse, TypeError)):
        render_fields([pair])


@given(
    st.lists(
        st.tuples(
            st.text(max_size=12) | st.sampled_from(["Content-Type", "x"]), st.text(max_size=12)
        ),
        max_size=4,
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_rendered_has_one_line_for_each_field(pairs: list[tuple[str, str]]) -> None:
    try:
        block = render_fields(pairs)[0]
    except InvalidResponse:
        return
    lines = block.split(b"\r\n")
    assert lines.pop() == b""
    special = {"content-length", "connection", "transfer-encoding", "date", "server"}
    kept = [pair for pair in pairs if pair[0].lower() not in special]
    assert lines == [f"{n}: {v}".encode("latin-1") for n, v in kept]
    assert not any(c in line for line in lines for c in b"\r\n\x00")


def test_order_case_and_repeats_are_kept() -> None:
    pairs = [("Set-Cookie", "a=1"), ("X-A", "\xe9\t!"), ("set-cookie", "b=2")]
    assert render_fields(pairs)[0] == b"Set-Cookie: a=1\r\nX-A: \xe9\t!\r\nset-cookie: b=2\r\n"
    raw = [[n.encode(), v.encode("latin-1")] for n, v in pairs]
    assert render_raw_fields(raw)[0] == render_fields(pairs)[0]
    assert render_fields({}) == (b"", None, None)
    assert render_fields(MappingProxyType({"X-A": "b"}))[0] == b"X-A: b\r\n"
    assert render_fields(pair for pair in pairs)[0] == render_fields(pairs)[0]


def test_what_concerns_the_connection_is_noted() -> None:
    block, length, notes = render_fields(
        {"Content-Length": "5", "Connection": "Close, Upgrade, x,keep-alive", "X": "y",
         "Date": "now", "Server": "me", "Transfer-Encoding": "chunked"}
    )  # fmt: skip
    assert (block, length) == (b"X: y\r\n", 5)
    assert notes is not None
    assert (notes.close, notes.tokens) == (True, b"upgrade, x")
    assert (notes.date, notes.server) == (b"now", b"me")


@pytest.mark.parametrize("value", ["+1", "1_0", "-1", "0x1", "", "1,1", "\xb2", "1" * 19])
def test_a_content_length_is_digits(value: str) -> None:
    with pytest.raises(InvalidResponse, match="is not a number of bytes"):
        render_fields([("Content-Length", value)])


def test_two_lengths_must_agree() -> None:
    assert render_fields([("Content-Length", "1"), ("content-length", "1")])[1] == 1
    with pytest.raises(InvalidResponse, match="given twice"):
        render_fields([("Content-Length", "1"), ("content-length", "2")])


def test_codings_are_the_servers() -> None:
    with pytest.raises(InvalidResponse, match="frames the body by itself"):
        render_fields([("Transfer-Encoding", "gzip, chunked")])


def test_memory_is_bounded_and_holds_no_secrets() -> None:
    renderer = FieldRenderer(str)
    for number in range(2000):
        renderer.render(
            [("Vary", str(number)), (f"X-{number}", "1"), ("Set-Cookie", f"id={number}")]
        )
        renderer.render([("X-" + "n" * 600, "1"), ("Vary", "n" * 600)])
    assert len(renderer._lines) <= 512
    assert len(renderer._names) <= 256
    assert {name for name, _ in renderer._lines} == {"Vary"}


@pytest.mark.parametrize(
    "name",
    [
        "Content-Length",
        "transfer-encoding",
        "Host",
        "Set-Cookie",
        "Content-Type",
        "Trailer",
        "Authorization",
    ],
)
def test_trailers_that_may_not_be(name: str) -> None:
    with pytest.raises(InvalidResponse, match="may not stand in trailers"):
        render_trailers({name: "1"})
    with pytest.raises(InvalidResponse, match="may not stand in trailers"):
        render_trailers([(name.encode(), b"1")])


def test_trailers() -> None:
    assert render_trailers({"X-Sum": "1"}) == b"X-Sum: 1\r\n"
    assert render_trailers([(b"x-sum", b"1")]) == b"x-sum: 1\r\n"
