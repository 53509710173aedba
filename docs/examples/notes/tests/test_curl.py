"""The demo by curl, as its README tells it."""

import html
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import PASSWORD

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="needs curl: apt-get install curl")

Curl = Callable[..., str]


@pytest.fixture
def curl(service: str, tmp_path: Path) -> Curl:
    """Runs curl with a cookie jar; the first argument is a path of the service."""
    jar = str(tmp_path / "cookies")

    def run(path: str, *arguments: str) -> str:
        command = [str(CURL), "-sS", "--max-time", "15", "-b", jar, "-c", jar]
        command += [*arguments, service + path]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return run


def sign_up(curl: Curl, name: str) -> None:
    form = ["-d", f"name={name}", "--data-urlencode", f"password={PASSWORD}"]
    assert "303 See Other" in curl("/sign-up", "-i", *form)


def test_signing_up_and_using_the_api(curl: Curl) -> None:
    sign_up(curl, "curl-api")
    note = json.loads(curl("/api/notes", "--json", '{"title": "Bread", "text": "flour"}'))
    assert json.loads(curl("/api/notes?q=flour"))["notes"] == [note]
    place = f"/api/notes/{note['id']}"
    changed = json.loads(curl(place, "-X", "PUT", "--json", '{"title": "Cake"}'))
    assert changed["title"] == "Cake"
    assert " 204 " in curl(place, "-i", "-X", "DELETE").splitlines()[0]
    assert json.loads(curl(place))["status"] == 404


def test_the_form_by_curl(curl: Curl) -> None:
    sign_up(curl, "curl-form")
    page = curl(
        "/notes", "-L", "-d", "title=Bread", "--data-urlencode", "text=<b>flour & water</b>"
    )
    assert "The note is saved." in page
    assert "&lt;b&gt;flour &amp; water&lt;/b&gt;" in page


def test_an_error_is_json_to_curl(curl: Curl) -> None:
    refused = curl("/api/notes", "-i")
    assert refused.startswith("HTTP/1.1 401 ")
    assert "application/problem+json" in refused
    assert json.loads(refused.splitlines()[-1])["title"] == "Unauthorized"


def test_head_has_the_fields_and_no_body(curl: Curl) -> None:
    head = curl("/static/style.css", "-I")
    assert head.startswith("HTTP/1.1 200 ")
    content = curl("/static/style.css")
    assert f"content-length: {len(content.encode())}" in head.lower()


def test_a_large_form_waits_for_100_continue(curl: Curl, tmp_path: Path) -> None:
    sign_up(curl, "curl-large")
    text = tmp_path / "text"
    text.write_text("x" * 15_000)
    form = ["-F", "title=Large", "-F", f"text=<{text}", "-H", "Expect: 100-continue"]
    assert "The note is saved." in curl("/notes", "-L", *form)


def test_the_command_on_the_page_of_a_new_key_works_as_it_is(curl: Curl) -> None:
    sign_up(curl, "curl-key")
    page = curl("/account/keys", "-d", "label=script")
    (shown,) = re.findall("<pre><code>(.*?)</code></pre>", page, re.DOTALL)
    command = shlex.split(html.unescape(shown))
    assert command[0] == "curl"
    command[0] = str(CURL)
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=15).stdout
    assert json.loads(answer) == {"notes": [], "next": None}
