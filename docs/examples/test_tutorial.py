"""The tutorial, followed to the letter: its files are written, tested, served, asked by curl."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[1] / "tutorial"
PAGES = sorted(path.name for path in TUTORIAL.glob("[0-9]-*.md"))
BLOCK = re.compile(
    r"^```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
START_SECONDS = 30


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A page's text; its files are in the folder, as a reader has them."""
    text: str = (TUTORIAL / request.param).read_text("utf-8")
    for source in ((TUTORIAL / "index.md").read_text("utf-8"), text):
        for name, code in BLOCK.findall(source):
            with (tmp_path / name).open("a", encoding="utf-8") as file:
                file.write(code + "\n")
    return text


def test_its_test_passes(page: str, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    assert_tests_pass(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {*before, "__pycache__"}  # no leftovers


@pytest.mark.parametrize("name", ["testing.md", "templates.md"])
def test_the_files_of_a_page(name: str, tmp_path: Path) -> None:
    text = (TUTORIAL.parent / "app" / name).read_text("utf-8")
    for source in ((TUTORIAL / "index.md").read_text("utf-8"), text):
        for file, code in BLOCK.findall(source):
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(code, "utf-8")
    assert_tests_pass(tmp_path)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: apt-get install curl")
def test_its_commands_answer_as_shown(page: str, tmp_path: Path) -> None:
    asked = [block for block in CONSOLE.findall(page) if "curl" in block]
    with serving(tmp_path) as printed:
        address = re.findall(r"http://\S+", printed)[0]
        keys = re.findall(r"jotter_\S+", printed)
        for block in asked:
            block = block.replace("http://127.0.0.1:8000", address)
            for key in keys:
                block = block.replace("jotter_...", key)
            commands = "\n".join(line[2:] for line in block.splitlines() if line[:2] == "$ ")
            shown = "\n".join(line for line in block.splitlines() if line[:2] != "$ ")
            assert_as_shown(in_bash(commands), shown)


def assert_tests_pass(folder: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


def in_bash(commands: str) -> str:
    """What the commands print, each beginning a line."""
    lines = [f"{line}; echo" for line in commands.splitlines()]
    ran = subprocess.run(
        ["bash", "-c", "\n".join(lines)], capture_output=True, text=True, timeout=30, check=True
    )
    printed = (line.rstrip() for line in ran.stdout.splitlines())
    return "\n".join(line for line in printed if line)


def assert_as_shown(printed: str, shown: str) -> None:
    """Dots stand for what a page leaves out."""
    pattern = ".*".join(re.escape(part) for part in shown.split("..."))
    assert re.fullmatch(pattern + r"\s*", printed, re.DOTALL), f"{printed}\n\nis not\n\n{shown}"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the folder's jotter on a free port; gives what it printed until it was ready."""
    command = [sys.executable, "-m", "drystone", "run", "jotter:app", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
        try:
            yield ready(process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(timeout=15) == 0
            finally:
                process.kill()


def ready(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    printed, deadline = "", time.monotonic() + START_SECONDS
    while "Ctrl+C" not in printed and time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.2)[0]:
            piece = os.read(process.stdout.fileno(), 65536).decode()
            assert piece, printed
            printed += piece
    return printed
