"""One application of ours by one suite: on our server, in memory, and under foreign ASGI servers.

The application is ``applications/elsewhere.py``.
"""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from drystone import App
from drystone._serve import AppServer
from drystone.testing import Client

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from elsewhere import PICTURE, make_app
from serving import APPLICATIONS, free_port, in_thread, process, wait_for_port

pytestmark = pytest.mark.frameworks

UPLOAD = bytes(range(251)) * 12_000
DIGEST = hashlib.sha256(UPLOAD).hexdigest()

IN_THREAD = ("ours-asyncio", "ours-uvloop")
COMMANDS = {
    "ours-asgi": ["drystone_server", "elsewhere:app", "--port", "{port}"],
    "ours-command": ["drystone", "run", "elsewhere:app", "--port", "{port}"],
    "uvicorn": ["uvicorn", "elsewhere:app", "--port", "{port}", "--log-level", "warning"],
    "hypercorn": ["hypercorn", "elsewhere:app", "--bind", "127.0.0.1:{port}"],
    "granian": ["granian", "--interface", "asgi", "elsewhere:app", "--port", "{port}"],
}
PLACES = (*IN_THREAD, "memory", *COMMANDS)


@dataclass
class Place:
    """Where the application runs.

    Attributes:
        name: one of `PLACES`.
        log: what its lifespan wrote.
        url: where a client finds it; empty in memory.
        app: the application, in memory.
    """

    name: str
    log: Path
    url: str = ""
    app: App[Any] | None = None


@contextmanager
def running(name: str, folder: Path, *options: str) -> Iterator[Place]:
    """Run the application in a place, with further options of a command."""
    log = folder / "life.log"
    if name == "memory":
        yield Place(name, log, app=make_app(log))
    elif name in IN_THREAD:
        with in_thread(AppServer(make_app(log)), name.removeprefix("ours-")) as thread:
            yield Place(name, log, f"http://127.0.0.1:{thread.port}")
    else:
        port = free_port()
        command = [part.format(port=port) for part in COMMANDS[name]]
        environment = {**os.environ, "DRYSTONE_LIFE_LOG": str(log), "PYTHONPATH": str(APPLICATIONS)}
        with (
            (folder / "output").open("w") as output,
            process(
                [sys.executable, "-m", *command, *options],
                env=environment,
                cwd=folder,
                stdout=output,
                stderr=output,
            ) as started,
        ):
            wait_for_port(port, started)
            yield Place(name, log, f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module", autouse=True)
def picture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    path = tmp_path_factory.mktemp("files") / "picture.png"
    path.write_bytes(PICTURE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRYSTONE_PICTURE", str(path))
        yield


@pytest.fixture(scope="module", params=PLACES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, picture: None
) -> Iterator[Place]:
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
async def client(place: Place) -> AsyncIterator[Any]:
    """A client of httpx, or ours, which is like it."""
    async with asyncio.timeout(20):
        if place.app is not None:
            async with Client(place.app) as ours:
                yield ours
        else:
            async with httpx.AsyncClient(base_url=place.url, timeout=10) as foreign:
                yield foreign


async def eventually(client: Any, event: str) -> None:
    """Wait until the application has noted an event."""
    async with asyncio.timeout(5):
        while True:
            if event in (await client.get("/state")).json()["events"]:
                return
            await asyncio.sleep(0.02)


# Routing and parameters


async def test_routing(client: Any) -> None:
    home = await client.get("/")
    assert (home.status_code, home.text) == (200, "Home")
    assert home.headers["content-type"].startswith("text/plain")

    missing = await client.get("/nowhere")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"
    wrong = await client.post("/page")
    assert wrong.status_code == 405
    assert {"GET", "HEAD"} <= set(wrong.headers["allow"].split(", "))
    asked = await client.options("/page")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_path_keeps_its_encoding_until_it_was_matched(client: Any, place: Place) -> None:
    answer = (await client.get("/echo/a%2Fb%20%C3%BC?q=1&q=%C3%A4")).json()

    assert answer["word"] == "a/b ü"
    assert answer["path"] == "/echo/a/b ü"
    assert answer["query"] == ["1", "ä"]
    assert answer["url_for"] == "/echo/a%20b"
    assert answer["url"].endswith("/echo/a%2Fb%20%C3%BC?q=1&q=%C3%A4")
    assert answer["url"].startswith(place.url or "http://localhost")


async def test_typed_parameters(client: Any) -> None:
    good = await client.get("/add/4", params={"b": 3, "scale": 0.5}, headers={"x-agent": "007"})
    assert good.json() == {"sum": 3.5, "agent": "007"}

    bad = await client.get("/add/4?b=three&scale=big")
    assert bad.status_code == 422
    assert [(e["in"], e["name"]) for e in bad.json()["errors"]] == [
        ("query", "b"),
        ("query", "scale"),
    ]


async def test_head_has_the_fields_of_get_and_no_body(client: Any) -> None:
    response = await client.head("/page")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "15"
    assert (await client.get("/page")).text == "<h1>A page</h1>"


async def test_who_asks(client: Any, place: Place) -> None:
    answer = (await client.get("/who")).json()

    host = place.url.removeprefix("http://") or "localhost"
    assert answer == {"client": "127.0.0.1", "secure": False, "host": host}


async def test_plain_functions_providers_and_work_after_the_response(client: Any) -> None:
    assert (await client.get("/blocking")).text == "from a thread"
    assert (await client.get("/provided")).text == "open"
    assert (await client.get("/after")).text == "accepted"
    await eventually(client, "provider closed")
    await eventually(client, "after the response")


async def test_lifespan_gives_state(client: Any) -> None:
    assert (await client.get("/state")).json()["built_with"] == "mortar"


async def test_mounted_application_sees_its_prefix_as_root_path(client: Any) -> None:
    answer = (await client.get("/inner/where/a%20b")).json()

    assert answer == {
        "name": "a b",
        "root": "/inner",
        "path": "/where/a b",
        "url_for": "/inner/where/b%20c",
    }


async def test_mounted_asgi_application_with_its_state(client: Any) -> None:
    answer = await client.post("/foreign/a%20b", content=UPLOAD)
    assert answer.text == f"granite\n/foreign\n/foreign/a b\n{len(UPLOAD)}\n"
    assert (await client.head("/foreign/x")).content == b""

    failed = await client.get("/foreign/fails")
    assert (failed.status_code, bool(failed.headers["x-request-id"])) == (500, True)


async def test_group_with_middleware_guard_error_handler_and_timeout(client: Any) -> None:
    stranger = await client.get("/club/ada")
    assert (stranger.status_code, stranger.headers["x-signed"]) == (403, "403")

    member = {"x-member": "yes"}
    found = await client.get("/club/ada", headers=member)
    assert (found.text, found.headers["x-signed"]) == ("a founder", "200")
    unknown = await client.get("/club/bob", headers=member)
    assert (unknown.status_code, unknown.text) == (404, "nobody is called 'bob'")
    assert unknown.headers["x-request-id"]
    assert (await client.get("/club/slow", headers=member)).status_code == 500
    late = await client.get("/club/rooms/late", headers=member)
    assert (late.status_code, late.json()["detail"]) == (503, "No answer within 0.01 seconds")


# Bodies


async def test_json_body(client: Any) -> None:
    made = await client.post("/notes", json={"title": "Stone", "stars": 3})
    assert (made.status_code, made.json()) == (201, {"title": "Stone", "stars": 3})

    unfit = await client.post("/notes", json={"title": "", "stars": "many"})
    assert unfit.status_code == 422
    assert {error["pointer"] for error in unfit.json()["errors"]} == {"#/title", "#/stars"}
    broken = await client.post(
        "/notes", content=b'{"title"', headers={"content-type": "application/json"}
    )
    assert broken.status_code in (400, 422)


async def test_urlencoded_form(client: Any) -> None:
    answer = await client.post("/form", data={"title": "Ä & B", "tag": ["x", "y"]})

    assert answer.json() == {"title": "Ä & B", "tags": ["x", "y"]}


async def test_upload_in_a_form(client: Any) -> None:
    answer = await client.post(
        "/form",
        data={"title": "With a file", "tag": ["x", "y"]},
        files={"file": ("wäll.bin", UPLOAD, "application/x-wall")},
    )

    assert answer.json() == {
        "title": "With a file",
        "tags": ["x", "y"],
        "file": {
            "name": "wäll.bin",
            "type": "application/x-wall",
            "size": len(UPLOAD),
            "on_disk": True,
            "sha256": DIGEST,
        },
    }


async def test_streamed_upload(client: Any) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(UPLOAD), 100_000):
            yield UPLOAD[start : start + 100_000]

    answer = await client.post("/hash", content=pieces())
    assert answer.json() == {"sha256": DIGEST, "size": len(UPLOAD)}
    whole = await client.post("/hash", content=UPLOAD)
    assert whole.json() == {"sha256": DIGEST, "size": len(UPLOAD)}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_methods_and_the_limit_of_a_body(client: Any, method: str) -> None:
    fits = await client.request(method, "/body", content=b"x" * 1000)
    assert fits.json() == {"method": method, "size": 1000}
    assert (await client.request(method, "/body")).json() == {"method": method, "size": 0}

    assert (await client.request(method, "/body", content=b"x" * 1001)).status_code == 413


async def test_a_body_that_is_asked_for_and_one_that_breaks_off(place: Place, client: Any) -> None:
    if place.app is not None:
        pytest.skip("needs a socket")
    host, port = place.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /hash HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
    writer.write(f"{head}Expect: 100-continue\r\nConnection: close\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    writer.write(b"abc")
    assert hashlib.sha256(b"abc").hexdigest().encode() in await reader.read()
    writer.close()

    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{head}\r\na".encode())
    await writer.drain()
    writer.close()
    assert (await client.get("/")).text == "Home"


# Responses


async def test_streamed_response(client: Any) -> None:
    async with client.stream("GET", "/count/1000") as response:
        assert "content-length" not in response.headers
        text = (await response.aread()).decode()
    assert text == "".join(f"{number}\n" for number in range(1000))
    assert (await client.get("/count/0")).content == b""
    head = await client.head("/count/5")
    assert (head.status_code, head.content) == (200, b"")


async def test_server_sent_events_and_a_listener_that_leaves(client: Any) -> None:
    lines = []
    async with client.stream("GET", "/ticks", headers={"last-event-id": "41"}) as response:
        assert response.headers["content-type"] == "text/event-stream"
        async for line in response.aiter_lines():
            lines.append(line)
            if len(lines) == 8:
                break
    assert lines == [
        *("event: tick", "id: 42", 'data: {"tick":42}', ""),
        *("event: tick", "id: 43", 'data: {"tick":43}', ""),
    ]
    await eventually(client, "listener left")


async def test_cookies(client: Any) -> None:
    response = await client.get("/cookies/set")
    lines = [value for name, value in response.headers.items() if name.lower() == "set-cookie"]
    together = ", ".join(lines)
    assert "stone=granite; " in together
    assert "tool=hammer; " in together
    assert "SameSite=Strict" in together

    assert (await client.get("/cookies/get")).json() == {"stone": "granite"}
    await client.get("/cookies/delete")
    assert (await client.get("/cookies/get")).json() == {"stone": "none"}


async def test_redirect(client: Any) -> None:
    response = await client.get("/old")
    assert (response.status_code, response.headers["location"]) == (303, "/new%20place?x=1")

    followed = await client.get("/old", follow_redirects=True)
    assert followed.json() == {"x": 1}


async def test_early_hints_are_sent_or_left_out(client: Any) -> None:
    assert (await client.get("/hints")).text == "hinted"


async def test_no_content(client: Any) -> None:
    response = await client.get("/nothing")

    assert (response.status_code, response.content) == (204, b"")
    assert "content-length" not in response.headers


async def test_file_conditional_and_in_part(client: Any) -> None:
    whole = await client.get("/picture")
    assert whole.content == PICTURE
    assert whole.headers["content-type"] == "image/png"

    known = {"if-none-match": whole.headers["etag"]}
    unchanged = await client.get("/picture", headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    part = await client.get("/picture", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, PICTURE[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(PICTURE)}"
    beyond = await client.get("/picture", headers={"range": "bytes=99999-"})
    assert beyond.status_code == 416
    head = await client.head("/picture")
    assert (head.headers["content-length"], head.content) == (str(len(PICTURE)), b"")


# Errors


async def test_errors_as_problem_details_or_as_a_page(client: Any) -> None:
    problem = await client.get("/teapot", headers={"accept": "application/json"})
    assert (problem.status_code, problem.headers["x-pot"]) == (418, "tea")
    assert problem.json()["detail"] == "It is short and stout"
    assert problem.json()["request_id"] == problem.headers["x-request-id"]

    page = await client.get("/teapot", headers={"accept": "text/html"})
    assert page.status_code == 418
    assert "<h1>418" in page.text


async def test_error_of_the_application_s_own(client: Any) -> None:
    response = await client.get("/unwell")

    assert (response.status_code, response.text) == (503, "unwell: since yesterday")
    assert response.headers["retry-after"] == "7"


async def test_unexpected_error_tells_nothing_but_its_id(client: Any) -> None:
    response = await client.get("/error")

    assert response.status_code == 500
    assert "broke" not in response.text
    assert response.headers["x-request-id"]


async def test_stream_that_breaks_does_not_look_whole(client: Any) -> None:
    with pytest.raises((httpx.TransportError, ConnectionError)):
        await client.get("/broken")

    assert (await client.get("/")).text == "Home"


# Life


@pytest.mark.parametrize("name", PLACES)
async def test_lifespan_runs_once_from_start_to_stop(name: str, tmp_path: Path) -> None:
    with running(name, tmp_path) as place:
        if place.app is not None:
            async with Client(place.app) as client:
                assert (await client.get("/")).text == "Home"
        else:
            async with httpx.AsyncClient(base_url=place.url) as client:
                assert (await client.get("/")).text == "Home"
            assert place.log.read_text() == "started\n"

    assert place.log.read_text() == "started\nstopped\n"


ROOT_PATH = {
    "ours-asgi": ("--root-path", "/api"),
    "uvicorn": ("--root-path", "/api"),
    "hypercorn": ("--root-path", "/api"),
    "granian": ("--url-path-prefix", "/api"),
}


@pytest.mark.parametrize("name", ROOT_PATH)
async def test_root_path_of_a_server_leads_the_addresses(name: str, tmp_path: Path) -> None:
    # Behind a proxy that strips the prefix; hypercorn and granian are told the whole path.
    prefix = "/api" if name in ("hypercorn", "granian") else ""
    with running(name, tmp_path, *ROOT_PATH[name]) as place:
        async with httpx.AsyncClient(base_url=place.url) as client:
            answer = (await client.get(f"{prefix}/echo/a%20b")).json()
            inner = (await client.get(f"{prefix}/inner/where/x")).json()

    assert answer["word"] == "a b"
    assert answer["root"] == "/api"
    assert answer["path"] == "/echo/a b"
    assert answer["url"] == f"{place.url}/api/echo/a%20b"
    assert answer["url_for"] == "/api/echo/a%20b"
    assert inner["url_for"] == "/api/inner/where/b%20c"
