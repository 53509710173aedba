"""The quick way and the general way through a response head come to one result."""

from drystone_parser import DEFAULT, Limits, ParseError
from drystone_parser._quick_response import ResponseHead, quick_response
from drystone_parser._response_parser import _read_head
from drystone_parser._sections import section_matcher
from drystone_parser.testing import RESPONSE_CASES


def quick(head: str, method: str, limits: Limits = DEFAULT) -> ResponseHead | None:
    return quick_response(head, section_matcher(limits.fields), method, limits)


def general(head: str, method: str, limits: Limits = DEFAULT) -> ResponseHead | None:
    try:
        return _read_head(head, 0, limits, method)
    except ParseError:
        return None


def heads() -> list[str]:
    """The whole heads at the front of the cases."""
    texts = [case.data.decode("latin-1") for case in RESPONSE_CASES]
    return [text[: text.index("\r\n\r\n") + 4] for text in texts if "\r\n\r\n" in text]


def test_the_quick_way_takes_only_what_the_general_way_takes() -> None:
    taken = 0
    for head in heads():
        for method in ("GET", "HEAD", "CONNECT"):
            for limits in (DEFAULT, Limits(fields=2), Limits(body=3)):
                found = quick(head, method, limits)
                if found is not None:
                    wanted = general(head, method, limits)
                    assert wanted is not None, head
                    assert found == wanted, head
                    assert found[1].items() == wanted[1].items()
                    taken += 1
    assert taken > 200


def test_what_most_servers_send_goes_the_quick_way() -> None:
    for fields in ("Content-Length: 2\r\n", "transfer-encoding: chunked\r\nVary: a\r\n", ""):
        for connection in ("", "Connection: close\r\n", "connection: keep-alive\r\n"):
            head = f"HTTP/1.1 200 OK\r\nDate: now\r\n{fields}{connection}\r\n"
            found = quick(head, "GET")
            assert found is not None
            assert found == general(head, "GET")
