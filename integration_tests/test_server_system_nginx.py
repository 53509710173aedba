"""nginx in front of our server: connections kept, uploads, large and endless responses."""

import hashlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from drystone_server import Deadlines, Request, Response

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from native import LARGE, handle
from serving import (
    LOOPS,
    ServerThread,
    free_port,
    in_thread,
    make_server,
    needed_program,
    process,
    wait_for_port,
)

pytestmark = pytest.mark.system

DIGEST = hashlib.sha256(LARGE).hexdigest()

# A single process in the foreground, which keeps to its folder and to the user that starts it.
CONFIGURATION = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    client_max_body_size 100m;
    proxy_read_timeout 10s;
    upstream ours {{
        server 127.0.0.1:{upstream};
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        location / {{ proxy_pass http://ours; }}
        location /unbuffered/ {{
            proxy_request_buffering off;
            proxy_buffering off;
            proxy_pass http://ours/;
        }}
        location /1.0/ {{
            proxy_http_version 1.0;
            proxy_set_header Connection close;
            proxy_pass http://ours/;
        }}
    }}
}}
"""


@dataclass
class Front:
    """nginx, and the server behind it."""

    port: int
    server: ServerThread
    first_piece: threading.Event
    client: httpx.Client

    def connections_fall_to(self, count: int) -> bool:
        """Whether the server soon has no more connections than this."""
        deadline = time.monotonic() + 5
        while self.server.connections > count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.server.connections <= count


@pytest.fixture(params=LOOPS)
def front(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Front]:
    program = needed_program("nginx")
    first_piece = threading.Event()

    async def handle_watched(incoming: Request) -> Response:
        receive = incoming.receive

        async def receive_watched() -> bytes:
            piece = await receive()
            first_piece.set()
            return piece

        incoming.receive = receive_watched
        return await handle(incoming)

    deadlines = Deadlines(keep_alive=0.5, shutdown=3)
    port = free_port()
    with in_thread(make_server(handle_watched, deadlines=deadlines), request.param) as server:
        text = CONFIGURATION.format(upstream=server.port, port=port)
        (tmp_path / "nginx.conf").write_text(text)
        command = [program, "-p", str(tmp_path), "-c", "nginx.conf", "-e", "stderr"]
        with (
            (tmp_path / "log").open("w") as log,
            process(command, stdout=log, stderr=subprocess.STDOUT) as nginx,
        ):
            wait_for_port(port, nginx)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                yield Front(port, server, first_piece, client)


def test_upstream_connection_is_kept(front: Front) -> None:
    ports = {front.client.get("/who").text for _ in range(50)}

    assert len(ports) == 1


def test_early_hints_are_not_for_http10(front: Front) -> None:
    """nginx before 1.29 takes a 103 for the final response; by default it asks in HTTP/1.0."""
    assert front.client.get("/1.0/hinted").text == "hinted\n"


def test_kept_connection_survives_every_kind_of_response(front: Front) -> None:
    before = front.client.get("/who").text
    assert front.client.get("/stream").text == "one,two,three\n"
    assert front.client.head("/large").headers["content-length"] == str(len(LARGE))
    assert front.client.get("/nowhere").status_code == 404
    assert front.client.get("/failing").status_code == 500
    assert front.client.post("/echo", content=b"abc").json()["size"] == 3

    assert front.client.get("/who").text == before


def test_many_clients(front: Front) -> None:
    def ask(number: int) -> tuple[str, str]:
        path = "/stream" if number % 2 else "/who"
        response = front.client.get(path)
        assert response.status_code == 200
        return path, response.text

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(300)))

    assert {text for path, text in answers if path == "/stream"} == {"one,two,three\n"}
    assert len({text for path, text in answers if path == "/who"}) <= 17


def test_no_request_meets_a_close_of_an_idle_connection(front: Front) -> None:
    """The server closes at 0.5 s of idleness; requests come just before, at and after that."""
    for pause in (0.45, 0.49, 0.5, 0.51, 0.55, 0.5):
        assert front.client.get("/hello").status_code == 200
        time.sleep(pause)
    assert front.connections_fall_to(0)


@pytest.mark.parametrize("way", ["", "/unbuffered", "/1.0"])
@pytest.mark.parametrize("path", ["/large", "/file"])
def test_large_response(front: Front, way: str, path: str) -> None:
    response = front.client.get(way + path)

    assert hashlib.sha256(response.content).hexdigest() == DIGEST


@pytest.mark.parametrize("way", ["", "/unbuffered", "/1.0"])
def test_upload(front: Front, way: str) -> None:
    told = front.client.post(f"{way}/echo", content=LARGE).json()

    assert (told["sha256"], told["length"]) == (DIGEST, len(LARGE))
    assert told["version"] == ("1.0" if way == "/1.0" else "1.1")


def test_chunked_upload_is_passed_on_as_it_comes(front: Front) -> None:
    def pieces() -> Iterator[bytes]:
        yield LARGE[:100_000]
        assert front.first_piece.wait(5), "nothing came while the upload went on"
        yield LARGE[100_000:]

    told = front.client.post("/unbuffered/echo", content=pieces()).json()

    assert told["headers"]["transfer-encoding"] == "chunked"
    assert (told["length"], told["size"], told["sha256"]) == (None, len(LARGE), DIGEST)


def test_chunked_upload_is_collected_first(front: Front) -> None:
    told = front.client.post("/echo", content=iter([LARGE[:99], LARGE[99:]])).json()

    assert (told["length"], told["sha256"]) == (len(LARGE), DIGEST)


def test_upload_to_a_slow_handler(front: Front) -> None:
    response = front.client.post("/unbuffered/slowly", content=LARGE)

    assert response.text == str(len(LARGE))


def test_upload_that_the_handler_does_not_read(front: Front) -> None:
    """nginx is still sending when the answer comes."""
    for _ in range(5):
        response = front.client.post("/unbuffered/unread", content=LARGE)
        assert (response.status_code, response.text) == (200, "no thanks\n")


def test_upload_that_is_broken_off(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), 5) as sock:
        sock.sendall(b"POST /unbuffered/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nonly")
        assert front.first_piece.wait(5)

    assert front.connections_fall_to(0)
    assert front.client.get("/hello").text == "hello\n"


@pytest.mark.parametrize("way", ["/unbuffered", "/1.0"])
def test_events_come_at_once_and_end_with_the_listener(front: Front, way: str) -> None:
    with front.client.stream("GET", f"{way}/endless", headers={"X-Way": way}) as response:
        lines = response.iter_lines()
        if way == "/unbuffered":
            begun = time.monotonic()
            assert [next(lines) for _ in range(4)] == ["data: 1", "", "data: 2", ""]
            assert time.monotonic() - begun < 2
        assert front.server.connections >= 1

    assert front.connections_fall_to(0)


def test_stream_that_breaks_does_not_look_whole(front: Front) -> None:
    for way in ("", "/unbuffered"):
        with pytest.raises(httpx.TransportError):
            front.client.get(f"{way}/broken")
    assert front.client.get("/hello").text == "hello\n"
