from typing import Any
from urllib.parse import urlencode

import pytest
from drystone import MultiDict, QueryParams
from hypothesis import given, settings
from hypothesis import strategies as st


def test_the_first_value_answers_and_all_are_kept() -> None:
    query = QueryParams.parse("tag=a&page=2&tag=b")
    assert query["tag"] == "a"
    assert query.get_all("tag") == ["a", "b"]
    assert query.get("sort", "name") == "name"
    assert query.get_all("sort") == []
    assert list(query) == ["tag", "page"]
    assert len(query) == 2
    assert "page" in query
    assert "none" not in query
    with pytest.raises(KeyError):
        query["none"]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("&&", []),
        ("flag", [("flag", "")]),
        ("a=1=2", [("a", "1=2")]),
        ("a+b=c%20d", [("a b", "c d")]),
        ("%C3%A9=%E2%82%AC", [("é", "€")]),
        ("a=%ff", [("a", "�")]),
        ("a=%zz", [("a", "%zz")]),
        ("=x", [("", "x")]),
    ],
)
def test_query_strings(text: Any, pairs: Any) -> None:
    assert list(QueryParams.parse(text).pairs()) == pairs


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_what_was_encoded_is_read(pairs: Any) -> None:
    pairs = [(k, v) for k, v in pairs if not any("\ud800" <= c <= "\udfff" for c in k + v)]
    parsed = QueryParams.parse(urlencode(pairs))
    for name, _ in pairs:
        assert parsed.get_all(name) == [v for k, v in pairs if k == name]


def test_repr_shows_the_pairs() -> None:
    assert repr(MultiDict([("a", 1)])) == "MultiDict([('a', 1)])"
