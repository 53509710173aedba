"""slowhttptest, in its modes, against our server while a good client is served."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from drystone._serve import AppServer
from drystone_server import Deadlines

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from elsewhere import PICTURE, make_app
from native import handle
from serving import LOOPS, ServerThread, in_thread, make_server, needed_program, process

pytestmark = pytest.mark.system

ATTACKERS = 40
SECONDS = 12
"""How long an attack goes on where nobody ends it."""

# A tenth of the defaults, so that the whole of an attack fits into a test.
DEADLINES = Deadlines(
    first_byte=3, head=3, body_read=3, body_grace=2, write=2, keep_alive=7.5, linger=0.5, shutdown=3
)


@dataclass
class GoodClient:
    """Asks again and again while others attack.

    Attributes:
        times: seconds that each answer took.
        fault: what went wrong, if anything.
    """

    url: str
    times: list[float] = field(default_factory=list)
    fault: BaseException | None = None

    def ask(self, stop: threading.Event) -> None:
        try:
            with httpx.Client(timeout=5) as client:
                while not stop.wait(0.02):
                    begun = time.monotonic()
                    client.get(self.url).raise_for_status()
                    self.times.append(time.monotonic() - begun)
        except BaseException as fault:
            self.fault = fault


@contextmanager
def good_client(url: str) -> Iterator[GoodClient]:
    """A client that must be served all the while."""
    stop = threading.Event()
    client = GoodClient(url)
    thread = threading.Thread(target=client.ask, args=(stop,))
    thread.start()
    try:
        yield client
    finally:
        stop.set()
        thread.join(10)
    assert client.fault is None, repr(client.fault)
    assert len(client.times) > 20
    assert max(client.times) < 1


def command(url: str, *options: str) -> list[str]:
    count = str(ATTACKERS)
    program = needed_program("slowhttptest")
    return [program, "-c", count, "-r", count, "-l", str(SECONDS), "-p", "3", *options, "-u", url]


def watch(server: ServerThread, attack: "subprocess.Popen[str]") -> tuple[int, float]:
    """The most connections of the attack, and how many seconds passed until they were closed."""
    begun = time.monotonic()
    most = 0
    while time.monotonic() - begun < SECONDS + 3:
        # The good client has a connection, and slowhttptest one more to see whether we live.
        others = server.connections - 2
        most = max(most, others)
        if most > ATTACKERS / 2 and others <= 0:
            return most, time.monotonic() - begun
        if attack.poll() is not None and others <= 0:
            break
        time.sleep(0.02)
    return most, time.monotonic() - begun


# Each is closed by a deadline of its own, well before the attack ends by itself.
ATTACKS = {
    "slow headers": (("-H", "-i", "1"), "/hello", DEADLINES.head),
    "slow body": (("-B", "-i", "1", "-x", "5"), "/echo", DEADLINES.body_grace),
    "slow read": (("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5"), "/large", 4.0),
    "slow read of a file": (("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5"), "/file", 4.0),
    "slow read of a stream": (("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5"), "/flood", 4.0),
}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_clients_are_closed_and_others_served(loop: str, attack: str) -> None:
    options, path, deadline = ATTACKS[attack]
    with in_thread(make_server(handle, deadlines=DEADLINES), loop) as server:
        url = f"http://127.0.0.1:{server.port}"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with (
            good_client(f"{url}/hello"),
            process(command(f"{url}{path}", *options), **quiet) as attacking,
        ):
            most, seconds = watch(server, attacking)

    assert most >= ATTACKERS - 2, "the attack did not take place"
    assert deadline is not None
    assert deadline - 1 < seconds < deadline + 4


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_thousand_ranges_cost_no_more_than_one(
    loop: str, method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "picture.png").write_bytes(PICTURE)
    monkeypatch.setenv("DRYSTONE_PICTURE", str(tmp_path / "picture.png"))
    with in_thread(AppServer(make_app(), deadlines=DEADLINES), loop) as server:
        url = f"http://127.0.0.1:{server.port}"
        options = ("-R", "-a", "5", "-b", "1000", "-t", method)
        with good_client(f"{url}/"):
            ended = subprocess.run(
                command(f"{url}/picture", *options), capture_output=True, text=True, timeout=30
            )
            time.sleep(0.5)
    assert ended.returncode == 0
    assert "No open connections left" in ended.stdout
