"""``drystone run --reload``: a real edit, a real watcher, real children."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO

import httpx
import pytest

SHOP = """
import os
from pathlib import Path
from drystone import App

app = App()


@app.get("/")
async def home(request):
    text = Path(__file__).with_name("text.html").read_text()
    return f"{WORD} {text} {os.getpid()}"
"""
SECONDS = 20


@dataclass
class Command:
    """A command that runs, and the lines that it has not been asked for yet."""

    process: subprocess.Popen[str]
    lines: Queue[str]

    def wait_for(self, words: str) -> str:
        end = time.monotonic() + SECONDS
        while True:
            line = self.lines.get(timeout=max(end - time.monotonic(), 0.01))
            if words in line:
                return line


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[Command]:
    command = [sys.executable, "-m", *arguments, "--port", "0", "--reload"]
    command += ["--reload-include", "*.html"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines: Queue[str] = Queue()

        def read(output: IO[str]) -> None:
            for line in output:
                lines.put(line)

        assert process.stdout is not None
        reader = Thread(target=read, args=(process.stdout,))
        reader.start()
        try:
            yield Command(process, lines)
        finally:
            process.kill()
            reader.join()


def write(folder: Path, word: str, tail: str = "") -> None:
    (folder / "shop.py").write_text(f"WORD = {word!r}\n{SHOP}{tail}", "utf-8")


def is_gone(number: int) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)  # polled: nobody here is its parent
    return False


@pytest.mark.parametrize(
    ("server", "number"),
    [
        (["drystone", "run"], signal.SIGTERM),
        (["drystone", "run"], signal.SIGKILL),
        (["drystone_server"], signal.SIGINT),
    ],
)
def test_edits_restart_it(tmp_path: Path, server: list[str], number: int) -> None:
    write(tmp_path, "first")
    (tmp_path / "text.html").write_text("one", "utf-8")

    with started(*server, "shop:app", folder=tmp_path) as command:
        line = command.wait_for(" serves shop:app on ")
        address = line[line.index("http://") :].split()[0]
        first = httpx.get(address).text.split()
        assert first[:2] == ["first", "one"]

        write(tmp_path, "second time")
        command.wait_for("shop.py changed: restarting")
        assert httpx.get(address, timeout=SECONDS).text.startswith("second time one")

        (tmp_path / "text.html").write_text("another", "utf-8")
        command.wait_for("text.html changed: restarting")
        command.wait_for(" serves shop:app on ")

        write(tmp_path, "third", tail="def (")
        command.wait_for("SyntaxError")
        command.wait_for("Ended with status 1; the next change restarts it")
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), SECONDS) as waiting:  # is not refused
            waiting.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            write(tmp_path, "at last")
            with waiting.makefile("rb") as answer:
                body = answer.read().decode()
        assert "at last another" in body
        child = int(body.split()[-1])
        assert child != int(first[-1])

        command.process.send_signal(number)
        status = command.process.wait(SECONDS)
        assert status == (-number if number == signal.SIGKILL else 0)
        assert is_gone(child)
        with pytest.raises(httpx.ConnectError):
            httpx.get(address)


def test_without_watchfiles(tmp_path: Path) -> None:
    write(tmp_path, "first")
    program = "import sys; sys.modules['watchfiles'] = None; from drystone._cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "run", "shop:app", "--reload"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert ran.returncode == 1
    assert ran.stderr == "Error: --reload needs watchfiles: pip install 'drystone-server[reload]'\n"
