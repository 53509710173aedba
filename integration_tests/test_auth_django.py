"""The Django example, run by a server: sign in, guards, a session, sign out."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.frameworks

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
SET_UP = """
import asyncio, sys
import auth_django
from drystone_server._cli import main
hash = asyncio.run(auth_django.passwords.hash("correct horse"))
asyncio.run(auth_django.save_hash("ann", hash))
sys.exit(main(["auth_django:app", "--port", "0", "--parser", "drystone_parser:RequestParser"]))
"""
ANN = {"name": "Ann", "password": "correct horse"}


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    """A client of the example; Django's settings are one for a process, so it has its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(EXAMPLES), *sys.path])}
    command = [sys.executable, "-c", SET_UP]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        port = re.findall(r":(\d+)$", process.stdout.readline().strip())[0]
        with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False) as client:
            yield client
        process.terminate()


def test_log_in_guard_log_out(browser: httpx.Client) -> None:
    refused = browser.get("/visits")
    assert (refused.status_code, refused.text) == (401, "Authentication is required.")
    assert refused.headers["www-authenticate"].startswith("Cookie ")
    wrong = browser.post("/log-in", data={**ANN, "password": "wrong horse"})
    assert (wrong.status_code, wrong.text) == (401, "The name or the password is wrong.")

    assert browser.post("/log-in", data=ANN).text == "signed in"
    assert browser.get("/visits").text == "ann: 1"
    assert browser.get("/visits").text == "ann: 2"
    forged = browser.post("/log-out", headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    assert browser.get("/visits").text == "ann: 3"

    assert browser.post("/log-out").text == "signed out"
    assert browser.get("/visits").status_code == 401


def test_guessing_is_slowed_down(browser: httpx.Client) -> None:
    guesses = [browser.post("/log-in", data={**ANN, "password": f"guess {n}"}) for n in range(6)]
    assert [guess.status_code for guess in guesses] == [401] * 5 + [429]
    assert int(guesses[-1].headers["retry-after"]) >= 1
