"""``python -m drystone_server`` as a process: it starts, serves, ends in order, explains itself."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

APP = """
import asyncio

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            print(message["type"], flush=True)
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["path"] == "/slow":
        print("slow begins", flush=True)
        await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})
"""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_at_work_is_finished(tmp_path: Path, loop: str, number: signal.Signals) -> None:
    (tmp_path / "site_under_test.py").write_text(APP)
    command = [sys.executable, "-m", "drystone_server", "site_under_test:app"]
    options = ["--app-dir", str(tmp_path), "--port", "0", "--loop", loop]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "lifespan.startup\n"
        line = process.stdout.readline()
        assert line.startswith("drystone_server serves site_under_test:app on http://127.0.0.1:")
        url = line.split()[-1]
        assert httpx.get(f"{url}/quick").text == "/quick"
        with httpx.stream("GET", f"{url}/quick") as idle:
            idle.read()
            slow = subprocess.Popen(
                [sys.executable, "-c", f"import httpx; print(httpx.get('{url}/slow').text)"],
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout.readline() == "slow begins\n"
            process.send_signal(number)
            assert slow.communicate(timeout=20)[0] == "/slow\n"
        assert process.stdout.readline() == "lifespan.shutdown\n"
        assert process.wait(20) == 0


def test_a_wrong_name_is_one_line() -> None:
    command = [sys.executable, "-m", "drystone_server", "no_such_module:app"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("drystone_server: 'no_such_module:app': there is no module")
    assert done.stderr.count("\n") == 1
