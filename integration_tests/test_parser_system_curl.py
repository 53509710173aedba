"""curl in front of the parser's examples."""

import shutil
import subprocess

import pytest
from parser_examples import running, talk

pytestmark = pytest.mark.system

CURL = shutil.which("curl")


def curl(*arguments: str, data: bytes = b"") -> str:
    if CURL is None:
        pytest.fail("curl is missing: install it (Debian: apt-get install curl)")
    command = [CURL, "--silent", "--show-error", "--max-time", "20", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def test_the_blocking_server_echoes() -> None:
    with running("parser_blocking_server.py") as (address, _):
        assert curl(address, "-d", "hello") == "hello"
        chunked = ["-H", "Transfer-Encoding: chunked", "--data-binary", "@-"]
        assert curl(address, *chunked, data=b"x" * 200_000) == "x" * 200_000
        assert curl(address, "-H", "Expect: 100-continue", "-d", "hello") == "hello"


def test_curl_through_the_logging_proxy() -> None:
    origin, proxy = running("parser_blocking_server.py"), running("parser_logging_proxy.py")
    with origin as (address, _), proxy as (through, process):
        assert curl("--proxy", through, f"{address}/a?b", "-d", "hello") == "hello"
        chunked = ["-H", "Transfer-Encoding: chunked", "--data-binary", "@-"]
        body = curl("--proxy", through, address, *chunked, data=b"y" * 300_000)
        assert body == "y" * 300_000
        assert "200 OK" in curl("--proxy", through, "--head", address)
        assert b"400 Bad Request" in talk(through, b"GET / HTTP/1.1\r\n\r\n")
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(4)] == [
            f"POST {address}/a?b -> 200\n",
            f"POST {address}/ -> 200\n",
            f"HEAD {address}/ -> 200\n",
            "400 missing-host: an HTTP/1.1 request has a Host (at byte 18; RFC 9112 section 3.2)\n",
        ]
