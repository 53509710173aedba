"""The quick way and the general way come to one result."""

from drystone_parser import DEFAULT, Limits, ParseError
from drystone_parser._head import read_head
from drystone_parser._known import Acquaintance
from drystone_parser._quick import quick_head
from drystone_parser.testing import REQUEST_CASES


def heads() -> list[str]:
    """The whole heads at the front of the cases."""
    texts = [case.data.decode("latin-1") for case in REQUEST_CASES]
    return [text[: text.index("\r\n\r\n") + 4] for text in texts if "\r\n\r\n" in text]


def test_the_quick_way_takes_only_what_the_general_way_takes() -> None:
    client = Acquaintance()
    taken = 0
    for head in heads() * 2:  # the second time with known lines
        quick = quick_head(head[:-2], DEFAULT, client)
        if quick is not None:
            general = read_head(head, 0, DEFAULT, whole=True)
            assert general is not None
            assert general == quick, head
            assert general[5].items() == quick[5].items()
            taken += 1
    assert taken > 100


def test_a_fault_in_any_case_is_left_to_the_general_way() -> None:
    for head in heads():
        try:
            read_head(head, 0, DEFAULT, whole=True)
        except ParseError:
            assert quick_head(head[:-2], DEFAULT, Acquaintance()) is None, head


def test_limits_on_numbers_hold_on_the_quick_way() -> None:
    head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
    assert quick_head(head, Limits(fields=2, body=5), Acquaintance()) is not None
    assert quick_head(head, Limits(fields=1), Acquaintance()) is None
    assert quick_head(head, Limits(body=4), Acquaintance()) is None
