"""Headers: looked up in any case, listed as received."""

import pytest
from drystone_parser import Headers
from drystone_parser._headers import NO_LINES, Lines, received

FIELDS = Headers(
    [("Host", "h"), ("X-A", "1"), ("Cookie", "a=1"), ("x-a", "2"), ("COOKIE", "b=2"), ("E", "")]
)


def test_get_matches_any_case_and_joins_repeats() -> None:
    assert FIELDS.get("HOST") == FIELDS["host"] == "h"
    assert FIELDS.get("x-A") == "1, 2"
    assert FIELDS.get("cookie") == "a=1; b=2"
    assert FIELDS.get("e") == ""
    assert FIELDS.get("none") is None
    assert FIELDS.get("none", "x") == "x"


def test_get_all_gives_each_line() -> None:
    assert FIELDS.get_all("X-a") == ["1", "2"]
    assert FIELDS.get_all("none") == []


def test_the_whole_is_in_order_and_in_the_case_received() -> None:
    names = ["Host", "X-A", "Cookie", "x-a", "COOKIE", "E"]
    assert [name for name, _ in FIELDS.items()] == list(FIELDS) == names
    assert len(FIELDS) == 6
    assert FIELDS.raw[:2] == [(b"host", b"h"), (b"x-a", b"1")]
    FIELDS.raw.clear()  # a list of the caller's own
    assert len(FIELDS.raw) == 6


def test_in_asks_for_names() -> None:
    assert "host" in FIELDS
    assert "HOST" in FIELDS
    assert "none" not in FIELDS
    assert 1 not in FIELDS


def test_equal_by_lower_case_names_and_values() -> None:
    assert Headers([("A", "b")]) == Headers([("a", "b")])
    assert hash(Headers([("A", "b")])) == hash(Headers([("a", "b")]))
    assert Headers([("A", "b")]) != Headers([("A", "B")])
    assert Headers() != []


def test_repr_hides_credentials() -> None:
    headers = Headers([("A", "b"), ("authorization", "Basic eDp5"), ("Cookie", "c=d")])
    assert repr(headers) == "Headers([('A', 'b'), ('authorization', '...'), ('Cookie', '...')])"


def test_items_is_the_callers_to_change() -> None:
    headers = Headers([("A", "b")])
    headers.items().clear()
    assert headers.items() == [("A", "b")]


TEXT = (
    "\nHost: h\r\nX-A:1\r\nCookie:\ta=1 \t\r\nx-a:  2\r\nCOOKIE: b=2\r\nE:\r\nF: \t \r\nG: x:y\r\n"
)
PAIRS = [*FIELDS.items(), ("F", ""), ("G", "x:y")]
ASKED = ["host", "X-A", "cookie", "E", "f", "G", "none", "", "g: x", "f: \t \r\ng", "\u212a"]


def unsplit(known: int) -> Headers:
    """The same fields as a parser leaves them: the first ones known, the others text."""
    lines = TEXT.split("\r\n")
    front = Lines(PAIRS[:known]) if known else NO_LINES
    return received(front, "\n" + "\r\n".join(lines[known:]).lstrip("\n"), 0, {})


@pytest.mark.parametrize("known", [0, 1, 3, 8])
def test_what_is_not_split_yet_says_the_same(known: int) -> None:
    whole = Headers(PAIRS)
    assert unsplit(known) == whole
    assert unsplit(known).items() == PAIRS
    assert unsplit(known).raw == whole.raw
    assert len(unsplit(known)) == 8
    for first in ASKED:
        for second in ASKED:
            headers = unsplit(known)
            for name in (first, second, first, *ASKED):
                assert headers.get(name) == whole.get(name), name
                assert (name in headers) == (name in whole)


def test_a_missing_name_is_an_error_by_index() -> None:
    for headers in (FIELDS, unsplit(0)):
        with pytest.raises(KeyError, match="none"):
            headers["None"]
