"""Many parsers in many threads share what they know, and nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from drystone_parser import Request, RequestParser, _known


def read_many(seed: int) -> int:
    right = 0
    for number in range(30):
        parser = RequestParser(Request)
        for again in range(4):
            lines = [f"Host: h{number % 7}", f"Accept: {number % 5}", f"X-{seed}: {again}"]
            parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode())
            request = parser.next_request()
            assert request is not None
            right += request.headers.items() == [tuple(line.split(": ")) for line in lines]
    return right


def test_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_LINES", "MAX_NAMES", "MAX_FRONTS"):
        monkeypatch.setattr(_known, name, 3)  # so that the tables are emptied all the time
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read_many, range(8))) == [120] * 8
