"""``drystone new``: the ways that its project is deployed, step by step where this machine can."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

DRYSTONE = [sys.executable, "-m", "drystone"]
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my-shop"
    subprocess.run([*DRYSTONE, "new", str(folder)], check=True, capture_output=True, timeout=30)
    return folder


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[str]:
    """Run the command of a container or unit in a folder, but on a free port here; then SIGTERM."""
    assert command[0].split("/")[-1] == "drystone"
    command = [*DRYSTONE, *command[1:], "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield found.group()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()


def test_what_the_container_holds_serves(project: Path, tmp_path: Path) -> None:
    steps = [
        line.split(" ", 1)
        for line in (project / "Dockerfile").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    ignored = (project / ".dockerignore").read_text("utf-8").split()
    image = tmp_path / "image"
    image.mkdir()
    for _, copied in (step for step in steps if step[0] == "COPY"):
        name, _ = copied.split(" ")
        assert f"!{name}" in ignored  # else it would not be sent to the builder
        shutil.copy(project / name, image)
    (command,) = (json.loads(rest) for word, rest in steps if word == "CMD")

    with served(command, image) as address:
        assert "It runs" in httpx.get(address).text


def test_what_the_unit_starts_serves_and_stops(project: Path) -> None:
    unit = (project / "my-shop.service").read_text("utf-8")
    (command,) = re.findall("^ExecStart=(.*)$", unit, re.MULTILINE)
    assert command.startswith("/srv/my-shop/.venv/bin/drystone ")

    with served(shlex.split(command), project) as address:
        made = httpx.post(f"{address}/tasks", json={"title": "deploy"})
        assert made.status_code == 201
        assert httpx.get(f"{address}/tasks").json() == {"1": {"title": "deploy", "done": False}}


@pytest.mark.system
@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="needs systemd-analyze: apt install systemd")
def test_systemd_finds_nothing_in_the_unit(project: Path) -> None:
    unit = project / "my-shop.service"
    text = unit.read_text("utf-8")
    there = text.replace("/srv/my-shop/.venv/bin/drystone", sys.executable)  # it has to be there
    unit.write_text(there, "utf-8")

    found = subprocess.run(
        [str(SYSTEMD_ANALYZE), "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert (found.returncode, found.stderr) == (0, "")
