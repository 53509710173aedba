"""The quick way and the general way come to one result."""

import sys

import pytest
from drystone_parser import DEFAULT, Limits, ParseError, Request, RequestParser
from drystone_parser._head import read_head
from drystone_parser._known import Acquaintance
from drystone_parser._quick import quick_head
from drystone_parser.testing import REQUEST_CASES

NEXT = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"


def heads() -> list[str]:
    """The whole heads at the front of the cases."""
    texts = [case.data.decode("latin-1") for case in REQUEST_CASES]
    return [text[: text.index("\r\n\r\n") + 4] for text in texts if "\r\n\r\n" in text]


def test_the_quick_way_takes_only_what_the_general_way_takes() -> None:
    client = Acquaintance(DEFAULT)
    taken = 0
    for head in heads() * 3:  # the second and third time as something known
        for behind in ("", NEXT, "x", "\r\n"):
            quick = quick_head(head + behind, client)
            if quick is not None:
                general = read_head(head, 0, DEFAULT, whole=True)
                assert general is not None
                assert (*general, len(head)) == quick, head
                assert general[4][1].items() == quick[4][1].items()
                taken += 1
    assert taken > 1000


def test_a_fault_in_any_case_is_left_to_the_general_way() -> None:
    for head in heads():
        try:
            read_head(head, 0, DEFAULT, whole=True)
        except ParseError:
            assert quick_head(head, Acquaintance(DEFAULT)) is None, head


def test_limits_on_numbers_hold_on_the_quick_way() -> None:
    head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"
    assert quick_head(head, Acquaintance(Limits(fields=2, body=5))) is not None
    assert quick_head(head, Acquaintance(Limits(fields=1))) is None
    assert quick_head(head, Acquaintance(Limits(body=4))) is None


def test_the_number_of_fields_counts_those_in_a_front() -> None:
    limits = Limits(fields=40)
    front = "GET / HTTP/1.1\r\nHost: h\r\n" + "Accept: a\r\n" * 19
    friend = Acquaintance(limits)
    for number in range(9):
        assert quick_head(f"{front}X-A: b{'a' * number}\r\n\r\n", friend)
    assert len(friend.fronts[0].items) == 20
    for number in range(45):
        head = front + "X-B: b\r\n" * number + "\r\n"
        stranger = Acquaintance(limits)
        assert (quick_head(head, stranger) is not None) == (number <= 20)
        # Behind a front fewer are taken, so that they need not be counted.
        assert (quick_head(head, friend) is not None) == (number <= 8)


def test_a_limit_may_be_as_large_as_none() -> None:
    limits = Limits(*[sys.maxsize] * 8)
    head = "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n" * 20_000 + "\r\n"
    parser = RequestParser(Request, limits)
    parser.feed(head.encode())
    request = parser.next_request()
    assert request is not None
    assert len(request.headers) == 20_001


@pytest.mark.parametrize(
    "fields",
    [
        "Host: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n",
        "Host: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n",
        "host: h\r\ntransfer-encoding: chunked\r\nExpect: 100-continue\r\n",
        "Host: h:80\r\nConnection: Keep-Alive\r\nCookie: a\r\n",
    ],
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_many_send_goes_the_quick_way(fields: str, version: str) -> None:
    head = f"POST /a HTTP/{version}\r\n{fields}\r\n"
    client = Acquaintance(DEFAULT)
    for _ in range(3):
        quick = quick_head(head, client)
        if "chunked" in fields and version == "1.0":
            assert quick is None
        else:
            general = read_head(head, 0, DEFAULT, whole=True)
            assert general is not None
            assert quick == (*general, len(head))


@pytest.mark.parametrize("line", ["Host: a", "Connection: close", "Content-Length: 1"])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_field_that_a_front_has_is_not_taken_twice(line: str, version: str) -> None:
    start = f"GET / HTTP/{version}\r\nHost: h\r\nConnection: keep-alive\r\n"
    client = Acquaintance(DEFAULT)
    for number in range(4):
        assert quick_head(f"{start}X-A: b{'a' * number}\r\n\r\n", client)
    assert len(client.fronts[0].items) == 2
    quick = quick_head(f"{start}{line}\r\n\r\n", client)
    assert (quick is None) == (not line.startswith("Content"))
