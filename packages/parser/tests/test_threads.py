"""Many parsers in many threads share what they know, and nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from drystone_parser import Request, RequestParser, _known


def read_many(seed: int) -> int:
    right = 0
    for number in range(30):
        parser = RequestParser(Request)
        for again in range(5):
            lines = [f"Host: h{number % 7}", f"Accept: {number % 5}", f"X-{seed}: {'a' * again}b"]
            parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode())
            request = parser.next_request()
            assert request is not None
            right += request.headers.items() == [tuple(line.split(": ")) for line in lines]
    return right


def test_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_known, "MAX_FRONTS", 3)  # so that the table is emptied all the time
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read_many, range(8))) == [150] * 8
