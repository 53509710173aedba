"""CPU microseconds per request of servers under the same load, compared in one run.

A contender is a command that serves HTTP on the port that replaces ``{port}`` in it. Each runs
alone, pinned to one core, while wrk loads it from the other; its user and system time, and that of
all its children, is read from /proc before and after and divided by the requests that wrk counted.
Rounds are interleaved and the median is taken: ratios within one run mean something, absolute
figures do not.
"""

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
BROWSER_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.7,de;q=0.3",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://127.0.0.1/index.html",
    "Cookie": "theme=dark; session=4f8c2a1b9d7e6053; consent=yes",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-User": "?1",
    "Priority": "u=0, i",
}


@dataclass(frozen=True)
class Contender:
    """A server to measure: its name in the table and the command that starts it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """What wrk sends: a path, request headers beyond Host, or a wrk script (for bodies)."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    script: Path | None = None
    connections: int = 64
    seconds: float = 4.0


def compare(
    contenders: Sequence[Contender], load: Load, *, rounds: int = 3
) -> dict[str, list[float]]:
    """Each contender's microseconds per request, one figure a round, rounds interleaved."""
    figures: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders:
            with serving(contender) as (process, port):
                fire(load, port, seconds=1.0)
                before = cpu_seconds(process.pid)
                requests = fire(load, port, seconds=load.seconds)
                used = cpu_seconds(process.pid) - before
            figures[contender.name].append(used / requests * 1e6)
            told = f"round {number + 1} {contender.name}: {figures[contender.name][-1]:.1f}"
            print(told, file=sys.stderr, flush=True)
    return figures


def table(figures: Mapping[str, Sequence[float]], *, floor: str | None = None) -> str:
    """A markdown table: median and minimum per contender, and the ratio to ``floor``."""
    lines = ["| server | median | min |" + (f" x {floor} |" if floor else "")]
    lines.append("| --- | --- | --- |" + (" --- |" if floor else ""))
    ground = statistics.median(figures[floor]) if floor else 0.0
    for name, values in figures.items():
        median = statistics.median(values)
        ratio = f" {median / ground:.2f} |" if floor else ""
        lines.append(f"| {name} | {median:.1f} | {min(values):.1f} |{ratio}")
    return "\n".join(lines)


@contextmanager
def serving(contender: Contender) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the contender on a free port, pinned to core 0, until the block ends."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in contender.command]
    process = subprocess.Popen(
        ["taskset", "-c", "0", *command],
        env={**os.environ, **contender.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        wait_until_open(process, port, contender.name)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def fire(load: Load, port: int, *, seconds: float) -> int:
    """Load the port for ``seconds`` and answer how many requests got a 2xx answer."""
    wrk = shutil.which("wrk")
    if wrk is None:
        sys.exit("wrk is needed: integration_tests/install-debian-packages.sh installs it")
    command = ["taskset", "-c", "1", wrk, "-t1", f"-c{load.connections}", f"-d{seconds:g}s"]
    command += [part for name, value in load.headers.items() for part in ("-H", f"{name}: {value}")]
    command += ["-s", str(load.script)] if load.script else []
    url = f"http://127.0.0.1:{port}{load.path}"
    output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit(f"{url} was not answered well:\n{output}")
    counted = re.search(r"(\d+) requests in", output)
    if counted is None or counted[1] == "0":
        sys.exit(f"{url} was not answered:\n{output}")
    return int(counted[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and all its descendants, in seconds."""
    return sum(_own_ticks(each) for each in [pid, *_descendants(pid)]) / TICK


def _own_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _descendants(int(child))


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_open(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    """Return when the port accepts; exit with the server's own words when it ended instead."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            _, said = process.communicate()
            sys.exit(f"{name} ended with {process.returncode}:\n{said.decode()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{name} did not open port {port} within 20 s")
