"""The demo as people start it: ``drystone run notes.app:app`` in a process of its own."""

import asyncio
import itertools
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from drystone_auth import SQLiteStore

EXAMPLES = Path(__file__).parents[2]
sys.path.insert(0, str(EXAMPLES))  # as --app-dir does

ADDRESS = re.compile(r"https?://127\.0\.0\.1:\d+")
START_SECONDS = 30
PASSWORD = "correct horse battery"
CHEAP = "m=8,t=1,p=1"  # the least that argon2 takes; one test has what people get


@contextmanager
def serving(database: Path, *options: str, **environment: str) -> Iterator[str]:
    """Run the demo on this database, with more options of the command; gives its address."""
    command = [
        sys.executable, "-m", "drystone", "run", "notes.app:app",
        "--app-dir", str(EXAMPLES), "--port", "0", *options,
    ]  # fmt: skip
    settings = {"NOTES_DATABASE": str(database), "NOTES_ARGON2": CHEAP}
    environment = {**os.environ, **settings, **environment}
    environment["PYTHONUNBUFFERED"] = "1"
    with (database.parent / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=log, cwd=database.parent
        )
        assert process.stdout is not None
        try:
            address = printed_address(process)
            if address is None:
                raise AssertionError((database.parent / "server.log").read_text())
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=15)
            finally:
                process.kill()
                process.wait()
                process.stdout.close()


def printed_address(process: subprocess.Popen[bytes]) -> str | None:
    """The address that the command prints when it is ready; None if it did not."""
    assert process.stdout is not None
    printed, deadline = b"", time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ready, _, _ = select.select([process.stdout], [], [], 0.2)
        if ready:
            piece = os.read(process.stdout.fileno(), 65536)
            printed += piece
            if found := ADDRESS.search(printed.decode()):
                return found.group()
            if not piece:
                break
    return None


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the service."""
    return tmp_path_factory.mktemp("service") / "notes.sqlite3"


@pytest.fixture(scope="session")
def service(database: Path) -> Iterator[str]:
    """The address of the demo, on a fresh database."""
    with serving(database) as address:
        yield address


@pytest.fixture
def an_hour_later(database: Path) -> Callable[[], None]:
    """Moves every login of the service an hour into the past."""

    async def move() -> None:
        with closing(sqlite3.connect(database, timeout=10)) as db:
            users = [str(row[0]) for row in db.execute("SELECT id FROM users")]
        now = time.time()
        async with SQLiteStore(database) as store:
            for session in [
                each for user in users for each in await store.sessions.owned(user, now)
            ]:
                began = session.authenticated_at or now
                earlier = replace(session, authenticated_at=began - 3600)
                await store.sessions.renew(session.handle, earlier, now)

    def move_apart() -> None:  # in another thread: Playwright has an event loop running in this one
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, move()).result(timeout=30)

    return move_apart


class Visitor(httpx.Client):
    """Somebody with a browser of their own: cookies stay, redirects are followed."""

    def __init__(self, address: str, name: str) -> None:
        super().__init__(base_url=address, follow_redirects=True, timeout=15)
        self.headers["accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"
        self.name = name

    def request(self, method: str, url: Any, **more: Any) -> httpx.Response:
        """Send a request; to the API as a program does, that takes anything."""
        if str(url).startswith("/api/"):
            more["headers"] = {"accept": "*/*", **(more.get("headers") or {})}
        return super().request(method, url, **more)

    def sign_up(self) -> "Visitor":
        """Make an account."""
        form = {"name": self.name, "password": PASSWORD}
        page = self.post("/sign-up", data=form)
        assert page.status_code == 200, page.text
        assert page.url.path == "/notes"
        return self

    def sign_in(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        """Try to sign in."""
        return self.post("/sign-in", data={"name": self.name, "password": password, **more})

    def write(self, title: str, text: str = "") -> int:
        """Store a note by the API and answer its id."""
        answer = self.post("/api/notes", json={"title": title, "text": text})
        assert answer.status_code == 201, answer.text
        note_id = answer.json()["id"]
        assert isinstance(note_id, int)
        return note_id


numbers = itertools.count(1)


@pytest.fixture
def visitor(service: str) -> Iterator[Callable[[], Visitor]]:
    """Makes visitors, each with a name that nobody else has."""
    made: list[Visitor] = []

    def make(name: str | None = None) -> Visitor:
        made.append(Visitor(service, name or f"visitor-{next(numbers)}"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def ada(visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody who is signed in."""
    return visitor().sign_up()
