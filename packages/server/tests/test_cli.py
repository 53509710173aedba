"""``python -m drystone_server module:app``."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import urllib.request
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import drystone_server
import pytest
from drystone_server import _cli, _find_parser
from drystone_server._cli import main
from drystone_server.run import serve_until_stopped

APP = """
from drystone_server.testing import SmallParser


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise NotImplementedError
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["root_path"].encode()})


def make():
    return app


class Parser(SmallParser):
    pass


async def broken(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "site_c.py").write_text(APP)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "site_c", raising=False)
    target = "drystone_server.testing:SmallParser"
    point = EntryPoint(name="small", value=target, group=_find_parser.PARSERS)
    monkeypatch.setattr(_find_parser, "entry_points", lambda group: [point])
    return str(tmp_path)


def test_it_serves_until_stopped(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers: list[bytes] = []

    async def ask_and_stop(server: Any, signals: Any, announcement: str) -> None:
        url = f"http://127.0.0.1:{server.addresses[0][1]}/"

        def ask() -> None:
            with urllib.request.urlopen(url, timeout=10) as response:
                answers.append(response.read())
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=ask).start()
        await serve_until_stopped(server, signals, announcement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_cli, "serve_until_stopped", ask_and_stop)
        arguments = ["site_c:make", "--factory", "--app-dir", folder, "--port", "0"]
        arguments += ["--parser", "site_c:Parser"]
        assert main([*arguments, "--root-path", "/api", "--keep-alive", "off"]) == 0
    assert answers == [b"/api"]
    assert "drystone_server serves site_c:make on http://127.0.0.1:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere:app"], "there is no module 'nowhere'"),
        (["nowhere.py:app"], "not its file: nowhere:app"),
        (["site_d.app"], "write site_d:app, with a colon"),
        (["site_c:broken"], "no database"),
        (["site_c", "--parser", "site_c:nothing"], "has no 'nothing'"),
        (["site_c", "--host", "a b"], "host 'a b': "),
        (["site_c", "--parser", "x"], "no parser is called 'x'; installed: small"),
        (["site_c", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
        (["site_c", "--tls-key", "x"], "need --tls-cert"),
        (["site_c", "--reload", "--reload-dir", "/no/such"], "no folder /no/such to watch"),
    ],
)
def test_what_cannot_start_is_said_in_one_line(
    folder: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--app-dir", folder, "--port", "0", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("drystone_server: ")
    assert message in error
    assert error.count("\n") == 1


def test_the_traceback_of_a_failed_lifespan_is_shown(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site_c", "--app-dir", folder, "--port", "0", "--lifespan", "on"]) == 1
    error = capsys.readouterr().err
    assert "in app\n" in error
    assert error.endswith("drystone_server: the application ended its lifespan before it started\n")


def test_the_traceback_of_what_the_application_raises_is_shown(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(folder, "site_c.py").write_text("raise ValueError('deep within')")
    assert main(["site_c", "--app-dir", folder]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert error.endswith(
        "ValueError: deep within\ndrystone_server: importing 'site_c' raised ValueError\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "many"], "--port takes a number up to 65535, not 'many'"),
        (["--port", "65536"], "--port takes a number up to 65535, not '65536'"),
        (["--rel"], "unrecognized arguments: --rel"),
    ],
)
def test_a_wrong_option_says_what_would_be_right(
    folder: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["site_c", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"drystone-server {drystone_server.__version__}\n"


def test_ctrl_c(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(coroutine: Any, loop: str) -> None:
        coroutine.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(_cli, "run_loop", interrupted)
    assert main(["site_c", "--app-dir", folder]) == 130


def test_reload(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(values: Any, app_dir: str) -> int:
        assert values["reload_include"] == ("*.html", "*.toml")
        assert app_dir == folder
        return 7

    monkeypatch.setattr(_cli, "run_reloading", run)
    arguments = ["site_c", "--app-dir", folder, "--reload", "--reload-include", "*.html, *.toml"]
    assert main(arguments) == 7


def test_python_m(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["drystone_server", "--help"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("drystone_server", run_name="__main__")
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "--max-connections-per-client" in text
    assert "--factory" in text
