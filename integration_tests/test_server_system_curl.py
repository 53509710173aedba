"""curl, in many modes, against our server."""

import hashlib
import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from drystone_server import Deadlines

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from native import ANSWERS, LARGE, handle
from serving import (
    APPLICATIONS,
    LOOPS,
    ServerThread,
    in_thread,
    make_server,
    needed_program,
    process,
)

pytestmark = pytest.mark.system

DIGEST = hashlib.sha256(LARGE).hexdigest()

Curl: TypeAlias = "Callable[..., subprocess.CompletedProcess[bytes]]"


@pytest.fixture(scope="module", params=LOOPS)
def server(request: pytest.FixtureRequest) -> Iterator[ServerThread]:
    deadlines = Deadlines(shutdown=3)
    with in_thread(make_server(handle, deadlines=deadlines), request.param) as thread:
        yield thread


@pytest.fixture
def curl(server: ServerThread) -> Curl:
    """Run curl; an argument that is a path of the handler becomes a URL of the server."""
    program = needed_program("curl")

    def run(*arguments: str, data: bytes = b"", code: int | None = 0) -> Any:
        url = f"http://127.0.0.1:{server.port}"
        full = [f"{url}{part}" if is_path(part) else part for part in arguments]
        command = [program, "--silent", "--show-error", "--max-time", "20", *full]
        ended = subprocess.run(command, input=data, capture_output=True, timeout=30)
        assert code in (None, ended.returncode), ended.stderr.decode()
        return ended

    return run


def is_path(argument: str) -> bool:
    path = argument.partition("?")[0]
    return path in ANSWERS or path == "/nowhere"


def head_and_body(output: bytes) -> tuple[list[str], bytes]:
    head, _, body = output.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), body


def field(head: list[str], name: str) -> str | None:
    found = [line.partition(":")[2].strip() for line in head if line.lower().startswith(name + ":")]
    return ", ".join(found) if found else None


def exchange(port: int, sent: bytes, *, end: bool = False) -> bytes:
    """Send bytes as they are, and read to the end of the connection."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.sendall(sent)
        if end:
            sock.shutdown(socket.SHUT_WR)
        received = b""
        while piece := sock.recv(65536):
            received += piece
        return received


# Methods and versions


def test_get(curl: Curl) -> None:
    head, body = head_and_body(curl("-i", "/hello").stdout)

    assert head[0] == "HTTP/1.1 200 OK"
    assert field(head, "content-length") == "6"
    assert field(head, "date") is not None
    assert field(head, "connection") is None
    assert body == b"hello\n"


def test_http_1_0_closes(curl: Curl) -> None:
    head, body = head_and_body(curl("-i", "--http1.0", "/hello").stdout)
    assert (head[0], field(head, "connection")) == ("HTTP/1.1 200 OK", "close")
    assert body == b"hello\n"

    head, body = head_and_body(curl("-i", "--http1.0", "/stream").stdout)
    assert field(head, "transfer-encoding") is None
    assert field(head, "content-length") is None
    assert body == b"one,two,three\n"


def test_http_1_0_keeps_the_connection_where_asked(curl: Curl) -> None:
    options = ["-H", "Connection: keep-alive", "-w", " %{num_connects} "]
    ended = curl("--http1.0", *options, "/hello", "/hello", "/hello")

    assert ended.stdout.split() == [b"hello", b"1", b"hello", b"0", b"hello", b"0"]


def test_head(curl: Curl) -> None:
    for path, length in (("/hello", "6"), ("/large", str(len(LARGE))), ("/file", str(len(LARGE)))):
        ended = curl("-I", path, "--next", "-sS", "-w", "%{num_connects}", "/hello")
        head, after = head_and_body(ended.stdout)
        assert field(head, "content-length") == length
        assert after == b"hello\n0"


@pytest.mark.parametrize("path", ["/hello", "/stream", "/large"])
def test_connection_is_used_again(curl: Curl, path: str) -> None:
    outputs = ["-o", "/dev/null"] * 4
    ended = curl(*outputs, "-w", "%{num_connects} ", path, "/hello", path, "/hello")
    assert ended.stdout.split() == [b"1", b"0", b"0", b"0"]


def test_parallel_requests(curl: Curl, tmp_path: Path) -> None:
    urls = [part for i in range(40) for part in ("-o", str(tmp_path / str(i)), "/stream")]
    curl("--parallel", "--parallel-max", "20", *urls)

    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"one,two,three\n"}


def test_offer_of_http_2_is_ignored(curl: Curl) -> None:
    """RFC 9110, 7.8: a server may ignore Upgrade."""
    head, body = head_and_body(curl("-i", "--http2", "/hello").stdout)
    assert (head[0], body) == ("HTTP/1.1 200 OK", b"hello\n")

    told = json.loads(curl("--http2", "-d", "with a body", "/echo").stdout)
    assert (told["size"], told["headers"]["upgrade"]) == (11, "h2c")


def test_http_2_with_prior_knowledge_is_refused_at_once(curl: Curl, server: ServerThread) -> None:
    begun = time.monotonic()
    assert curl("--http2-prior-knowledge", "/hello", code=None).returncode != 0
    assert time.monotonic() - begun < 10

    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    assert exchange(server.port, preface).startswith(b"HTTP/1.1 505 ")


# Bodies of requests


def test_post(curl: Curl) -> None:
    told = json.loads(curl("-d", "a=1", "-d", "b=2", "/echo?q=%20").stdout)

    assert (told["method"], told["size"], told["length"]) == ("POST", 7, 7)
    assert told["query"] == "q=%20"
    assert told["headers"]["content-type"] == "application/x-www-form-urlencoded"


def test_large_upload(curl: Curl) -> None:
    told = json.loads(curl("--data-binary", "@-", "/echo", data=LARGE).stdout)

    assert (told["size"], told["sha256"]) == (len(LARGE), DIGEST)


def test_chunked_upload(curl: Curl) -> None:
    ended = curl("-T", "-", "/echo", data=LARGE)
    told = json.loads(ended.stdout)

    assert (told["method"], told["length"], told["size"]) == ("PUT", None, len(LARGE))
    assert told["sha256"] == DIGEST
    assert told["headers"]["transfer-encoding"] == "chunked"


def test_upload_to_a_slow_handler(curl: Curl) -> None:
    assert curl("-T", "-", "/slowly", data=LARGE).stdout == b"%d" % len(LARGE)


def test_form_with_a_file(curl: Curl, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(LARGE)
    told = json.loads(curl("-F", f"file=@{tmp_path / 'large'}", "-F", "name=x", "/echo").stdout)

    assert told["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert told["size"] > len(LARGE)


# Expect (RFC 9110, 10.1.1)


def test_continue_is_sent_when_the_handler_asks_for_the_body(curl: Curl) -> None:
    options = ["-v", "-H", "Expect: 100-continue", "--expect100-timeout", "10"]
    begun = time.monotonic()
    ended = curl(*options, "--data-binary", "@-", "/echo", data=LARGE)

    assert ended.stderr.count(b"< HTTP/1.1 100 Continue") == 1
    assert json.loads(ended.stdout)["sha256"] == DIGEST
    assert time.monotonic() - begun < 8, "curl gave up waiting"


def test_continue_is_not_sent_where_nobody_wants_the_body(curl: Curl) -> None:
    options = ["-v", "-H", "Expect: 100-continue", "--expect100-timeout", "10"]
    ended = curl(*options, "--data-binary", "@-", "-w", "%{size_upload}", "/unread", data=LARGE)

    assert b"100 Continue" not in ended.stderr
    assert ended.stdout == b"no thanks\n0"


def test_continue_is_not_sent_to_http_1_0(curl: Curl) -> None:
    options = ["-v", "--http1.0", "-H", "Expect: 100-continue", "--expect100-timeout", "0.1"]
    ended = curl(*options, "--data-binary", "hello", "/echo")

    assert b"100 Continue" not in ended.stderr
    assert json.loads(ended.stdout)["size"] == 5


def test_unknown_expectation_is_refused(curl: Curl) -> None:
    ended = curl("-H", "Expect: the unexpected", "-w", "%{http_code}", "-o", "/dev/null", "/hello")

    assert ended.stdout == b"417"


def test_upload_that_nobody_reads_still_gets_its_answer(curl: Curl) -> None:
    """RFC 9112, 9.6: the close must not overtake the response."""
    for _ in range(5):
        ended = curl("-H", "Expect:", "--data-binary", "@-", "/unread", data=LARGE)
        assert ended.stdout == b"no thanks\n"


# Responses


def test_chunks_as_they_are_on_the_wire(curl: Curl) -> None:
    ended = curl("--raw", "-i", "/stream")
    head, body = head_and_body(ended.stdout)

    assert field(head, "transfer-encoding") == "chunked"
    assert body == b"4\r\none,\r\n4\r\ntwo,\r\n6\r\nthree\n\r\n0\r\nX-Sum: 3\r\n\r\n"


def test_trailers(curl: Curl, tmp_path: Path) -> None:
    ended = curl("-D", str(tmp_path / "head"), "/stream")

    assert ended.stdout == b"one,two,three\n"
    assert (tmp_path / "head").read_bytes().endswith(b"\r\n\r\nX-Sum: 3\r\n")


@pytest.mark.parametrize("path", ["/large", "/file"])
@pytest.mark.parametrize("version", ["--http1.0", "--http1.1"])
def test_large_response(curl: Curl, path: str, version: str) -> None:
    assert hashlib.sha256(curl(version, path).stdout).hexdigest() == DIGEST


def test_response_to_a_slow_reader(curl: Curl) -> None:
    ended = curl("--limit-rate", "5M", "/file")

    assert hashlib.sha256(ended.stdout).hexdigest() == DIGEST


def test_early_hints(curl: Curl) -> None:
    head, rest = head_and_body(curl("-i", "/hinted").stdout)
    assert head[0] == "HTTP/1.1 103 Early Hints"
    assert field(head, "link") == "</style.css>; rel=preload; as=style"
    head, body = head_and_body(rest)
    assert (head[0], body) == ("HTTP/1.1 200 OK", b"hinted\n")

    head, _ = head_and_body(curl("-i", "--http1.0", "/hinted").stdout)
    assert head[0] == "HTTP/1.1 200 OK"


def test_errors(curl: Curl) -> None:
    ended = curl("-w", " %{http_code} %{num_connects} ", "/failing", "/nowhere", "/hello")

    words = ended.stdout.split()
    assert [word for word in words if word.isdigit() and len(word) == 3].count(b"500") == 2
    assert b"broke" not in ended.stdout
    assert words[-3:] == [b"hello", b"200", b"0"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["-H", "X: " + "x" * 100_000, "/hello"], b"431"),
        (["/hello?" + "x" * 50_000], b"414"),
        (["-H", "Host: a b", "/hello"], b"400"),
        (["-H", "Content-Length: 1, 2", "-H", "Transfer-Encoding:", "/hello"], b"400"),
        (["-X", "G@T", "/hello"], b"400"),
    ],
    ids=["fields", "target", "host", "length", "method"],
)
def test_what_is_refused(curl: Curl, arguments: list[str], status: bytes) -> None:
    assert curl("-o", "/dev/null", "-w", "%{http_code}", *arguments).stdout == status


def test_client_that_leaves_takes_its_connection_along(curl: Curl, server: ServerThread) -> None:
    for path in ("/endless", "/flood"):
        curl("--max-time", "0.3", "-o", "/dev/null", path, code=28)

    deadline = time.monotonic() + 5
    while server.connections and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.connections == 0


# Raw sockets, for what curl does not do


def test_pipelined_requests_are_answered_in_order(curl: Curl, server: ServerThread) -> None:
    paths = [b"/hello", b"/stream", b"/nowhere", b"/hinted"] * 10
    requests = [b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % path for path in paths]
    requests.append(b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    received = exchange(server.port, b"".join(requests))

    place = 0
    for mark in [b"hello\n", b"three\n", b"nothing here\n", b"hinted\n"] * 10:
        place = received.index(mark, place) + len(mark)
    assert received.endswith(b"hello\n")


def test_malformed_request_is_answered_after_those_before_it(server: ServerThread) -> None:
    good = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    received = exchange(server.port, good * 3 + b"GET / HTTP/1.1\r\nBad field\r\n\r\n" + good)

    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.count(b"HTTP/1.1 400 Bad Request") == 1
    assert received.index(b"400") > received.rindex(b"hello\n")


def test_end_of_input_does_not_lose_the_answer(server: ServerThread) -> None:
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    received = exchange(server.port, request, end=True)

    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"size": 3' in received


def test_body_cut_short_is_refused(server: ServerThread) -> None:
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nabc"

    assert exchange(server.port, request, end=True).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"no request at all\r\n\r\n",
    ],
    ids=["version", "coding", "host", "line"],
)
def test_faults_of_clients_do_not_fill_the_log(
    server: ServerThread, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    exchange(server.port, sent)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("loop", "within", "path"),
    [
        pytest.param(
            *(loop, within, path),
            id=f"{loop}-{'within' if within else 'before'}-{path}",
        )
        for loop in LOOPS
        for within in (False, True)
        for path in ("/flood", "/brook", "/large", "/file", "/stream")
    ],
)
def test_client_that_resets_harms_nobody(
    loop: str, within: bool, path: str, tmp_path: Path
) -> None:
    """In a process of its own, as one that spins could not be stopped. It has nothing to log."""
    program = APPLICATIONS / "native.py"
    with (
        (tmp_path / "errors").open("w") as errors,
        process([sys.executable, program, loop], stdout=subprocess.PIPE, stderr=errors) as serving,
    ):
        assert serving.stdout is not None
        port = int(serving.stdout.readline())
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port), 10) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.sendall(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode())
                left = (100 if path == "/stream" else 100_000) if within else 0
                while left > 0:
                    left -= len(sock.recv(65536))
        request = b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert exchange(port, request).endswith(b"hello\n")
    assert (tmp_path / "errors").read_text() == ""
