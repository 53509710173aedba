"""Applications of five frameworks on our server: one body of tests, one builder per framework.

The builders are the modules ``applications/on_*.py``.
"""

import asyncio
import gc
import hashlib
import importlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import httpx
import pytest
from drystone_server import Deadlines, HTTPServer
from drystone_server.asgi import ASGIHandler

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from happenings import LARGE, Happenings
from serving import APPLICATIONS, LOOPS, make_server, process

pytestmark = [
    pytest.mark.frameworks,
    # What the frameworks do with each other's and Python's old ways is theirs.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

FRAMEWORKS = ("starlette", "fastapi", "litestar", "django", "quart")


@dataclass
class Stage:
    """A framework's application on our server, and a client of it."""

    framework: str
    seen: Happenings
    server: HTTPServer[Any]
    client: httpx.AsyncClient

    @property
    def port(self) -> int:
        return self.server.addresses[0][1]

    @property
    def knows_lifespan(self) -> bool:
        return self.framework != "django"

    @property
    def streams_uploads(self) -> bool:
        """Django keeps the whole body, in memory or a file, before it calls a view."""
        return self.framework != "django"


@asynccontextmanager
async def on_stage(framework: str) -> AsyncIterator[Stage]:
    seen = Happenings()
    handler = ASGIHandler(importlib.import_module(f"on_{framework}").build(seen))
    server = make_server(handler, deadlines=Deadlines(shutdown=3))
    async with handler, server:
        await server.start("127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.addresses[0][1]}"
        async with httpx.AsyncClient(base_url=url, timeout=10) as client:
            yield Stage(framework, seen, server, client)


def in_each_loop(test: Callable[[str], Awaitable[None]]) -> Callable[[str, str], None]:
    """Run a test for each framework, in each kind of event loop."""

    @pytest.mark.parametrize("loop", LOOPS)
    @pytest.mark.parametrize("framework", FRAMEWORKS)
    @wraps(test, assigned=("__doc__", "__name__", "__module__"))
    def run(framework: str, loop: str) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(20):
                await test(framework)

        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(bounded())
        gc.collect()  # Django leaves a file open where a stream breaks: not in the next test

    del run.__wrapped__  # pytest would ask that for its parameters
    return run


def on_each_stage(test: Callable[[Stage], Awaitable[None]]) -> Callable[[str, str], None]:
    """Run a test with the application of each framework, in each kind of event loop."""

    @wraps(test)
    async def with_stage(framework: str) -> None:
        async with on_stage(framework) as stage:
            await test(stage)

    return in_each_loop(with_stage)


@on_each_stage
async def test_plain_response(stage: Stage) -> None:
    first = await stage.client.get("/plain", params={"name": "stone"})
    second = await stage.client.get("/plain")

    assert (first.status_code, first.text) == (200, "Hello, stone!")
    assert first.headers["x-app"] == stage.framework
    assert first.headers["content-length"] == "13"
    assert second.text == "Hello, wall!"
    assert stage.server.connections == 1


@on_each_stage
async def test_streamed_response(stage: Stage) -> None:
    async with stage.client.stream("GET", "/stream") as response:
        assert response.headers["transfer-encoding"] == "chunked"
        assert await response.aread() == b"one,two,three"
    assert (await stage.client.get("/plain")).text == "Hello, wall!"
    assert stage.server.connections == 1


@on_each_stage
async def test_head(stage: Stage) -> None:
    response = await stage.client.head("/plain")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["x-app"] == stage.framework
    assert response.headers["content-length"] == "12"
    assert (await stage.client.get("/plain")).text == "Hello, wall!"
    assert stage.server.connections == 1


@on_each_stage
async def test_large_response(stage: Stage) -> None:
    response = await stage.client.get("/large")

    if stage.framework != "django":  # it leaves the length to a middleware
        assert response.headers["content-length"] == str(len(LARGE))
    assert response.content == LARGE


@on_each_stage
async def test_upload_arrives_as_it_is_sent(stage: Stage) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield LARGE[:100_000]
        if stage.streams_uploads:  # else it would wait for what waits for it
            await asyncio.wait_for(stage.seen.first_piece.wait(), 5)
        yield LARGE[100_000:]

    response = await stage.client.post("/upload", content=pieces())

    assert response.status_code == 200
    assert response.json() == {"size": len(LARGE), "sha256": hashlib.sha256(LARGE).hexdigest()}


@on_each_stage
async def test_upload_of_known_length(stage: Stage) -> None:
    response = await stage.client.post("/upload", content=LARGE)

    assert response.json()["sha256"] == hashlib.sha256(LARGE).hexdigest()
    empty = await stage.client.post("/upload")
    assert empty.json()["size"] == 0


@on_each_stage
async def test_background_task_holds_up_neither_response_nor_next_request(stage: Stage) -> None:
    response = await stage.client.get("/background")
    assert response.text == "accepted"
    assert (await stage.client.get("/plain")).text == "Hello, wall!"
    assert stage.server.connections == 1
    assert not stage.seen.done.is_set()

    stage.seen.release.set()
    await asyncio.wait_for(stage.seen.done.wait(), 5)


@in_each_loop
async def test_lifespan_starts_gives_state_and_stops(framework: str) -> None:
    async with on_stage(framework) as stage:
        if stage.knows_lifespan:
            assert stage.seen.life == ["started"]
            assert (await stage.client.get("/state")).text == "mortar"
        else:
            assert (await stage.client.get("/plain")).status_code == 200

    assert stage.seen.life == (["started", "stopped"] if stage.knows_lifespan else [])


@on_each_stage
async def test_client_that_leaves_a_stream_ends_it(stage: Stage) -> None:
    async with stage.client.stream("GET", "/endless") as response:
        async for piece in response.aiter_bytes():
            assert piece.startswith(b"still here\n")
            break
    await asyncio.wait_for(stage.seen.left.wait(), 5)
    assert (await stage.client.get("/plain")).text == "Hello, wall!"


@on_each_stage
async def test_client_that_leaves_before_the_answer_is_noticed(stage: Stage) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await stage.client.get("/waiting", timeout=0.2)

    await asyncio.wait_for(stage.seen.left.wait(), 5)
    assert (await stage.client.get("/plain")).text == "Hello, wall!"


@on_each_stage
async def test_client_that_leaves_its_upload_harms_nobody(stage: Stage) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this")
    if stage.streams_uploads:
        await asyncio.wait_for(stage.seen.first_piece.wait(), 5)
    writer.close()
    await writer.wait_closed()

    assert (await stage.client.get("/plain")).text == "Hello, wall!"
    async with asyncio.timeout(5):
        while stage.server.connections > 1:  # the last is the client's own
            await asyncio.sleep(0.01)


@on_each_stage
async def test_error_in_the_application_is_answered(stage: Stage) -> None:
    response = await stage.client.get("/error")

    assert response.status_code == 500
    assert "Traceback" not in response.text
    assert (await stage.client.get("/plain")).text == "Hello, wall!"


@on_each_stage
async def test_stream_that_breaks_does_not_look_whole(stage: Stage) -> None:
    with pytest.raises(httpx.TransportError):
        await stage.client.get("/broken")

    assert (await stage.client.get("/plain")).text == "Hello, wall!"


@on_each_stage
async def test_server_that_stops_lets_the_request_at_work_end(stage: Stage) -> None:
    """The pieces of a large response come after the server began to close."""
    async with stage.client.stream("GET", "/large") as response:
        closing = asyncio.ensure_future(stage.server.close())
        assert await response.aread() == LARGE
    await asyncio.wait_for(closing, 5)
    with pytest.raises(httpx.ConnectError):
        await stage.client.get("/plain")


# The command lines

COMMANDS = {
    "module": ["-m", "drystone_server", "on_starlette:app"],
    "module-factory": ["-m", "drystone_server", "--factory", "on_starlette:make_app"],
    "module-asyncio": ["-m", "drystone_server", "--loop", "asyncio", "on_starlette:app"],
    "drystone": ["-m", "drystone", "run", "on_starlette:app"],
    "drystone-uvloop": ["-m", "drystone", "run", "--loop", "uvloop", "on_starlette:app"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_command_line_serves_and_stops_in_order(command: list[str], tmp_path: Path) -> None:
    full = [sys.executable, *command, "--app-dir", str(APPLICATIONS), "--port", "0"]
    with process(full, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert "on_starlette:" in line, running.communicate(timeout=10)
        url = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))

        assert httpx.get(f"{url}/plain", timeout=10).text == "Hello, wall!"
        assert httpx.get(f"{url}/state", timeout=10).text == "mortar"

        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0


@pytest.mark.parametrize("program", ["drystone_server", "drystone"])
@pytest.mark.parametrize(("name", "said"), [("nowhere:app", "nowhere"), ("on_starlette:no", "no")])
def test_command_line_says_what_it_does_not_find(program: str, name: str, said: str) -> None:
    command = [sys.executable, "-m", program, *(["run"] if program == "drystone" else []), name]
    ended = subprocess.run(
        [*command, "--app-dir", str(APPLICATIONS)], capture_output=True, text=True, timeout=20
    )

    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
