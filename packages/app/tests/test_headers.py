from typing import Any

import pytest
from drystone import ResponseHeaders


def test_names_in_any_case() -> None:
    headers = ResponseHeaders({"Content-Type": "text/plain"})
    assert headers["content-type"] == "text/plain"
    assert "CONTENT-TYPE" in headers
    assert 3 not in headers
    headers["content-TYPE"] = "text/html"
    assert list(headers) == [("content-TYPE", "text/html")]
    del headers["Content-Type"]
    assert len(headers) == 0
    with pytest.raises(KeyError):
        headers["content-type"]


def test_several_of_one_name() -> None:
    headers = ResponseHeaders([("Link", "a"), ("link", "b")])
    headers.add("LINK", "c")
    assert headers.get("link") == "a"
    assert headers.get_all("link") == ["a", "b", "c"]
    assert headers.items() == [("Link", "a"), ("link", "b"), ("LINK", "c")]
    headers.remove("absent")
    assert len(headers) == 3


def test_the_fields_given_are_copied() -> None:
    given = [("a", "1")]
    headers = ResponseHeaders(given)
    headers.add("b", "2")
    assert given == [("a", "1")]
    assert ResponseHeaders(headers).items() == headers.items()


def test_setdefault() -> None:
    headers = ResponseHeaders()
    assert headers.setdefault("a", "1") == "1"
    assert headers.setdefault("A", "2") == "1"
    assert headers.get("missing") is None
    assert headers.get("missing", "x") == "x"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], "Accept"),
        ([("vary", "Cookie")], "Cookie, Accept"),
        ([("vary", "Cookie"), ("Vary", "Range")], "Cookie, Range, Accept"),
        ([("vary", "accept")], "accept"),
        ([("vary", "*")], "*"),
    ],
)
def test_vary_names_each_field_once(before: Any, after: Any) -> None:
    headers = ResponseHeaders(before)
    headers.vary("Accept")
    assert headers.get_all("vary") == [after]


def test_repr() -> None:
    assert repr(ResponseHeaders({"a": "1"})) == "ResponseHeaders([('a', '1')])"
