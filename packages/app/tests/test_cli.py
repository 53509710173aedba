# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The command line, run as people run it where it serves."""

import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from drystone import App
from drystone._cli import main
from drystone._commands.route_table import explain_match
from drystone_server._cli import main as serve_asgi
from drystone_server.options import GROUPS, OPTIONS

MODULE = """
import asyncio
from drystone import App, event_stream

app = App(guards=[lambda request: None])
admin = app.group("/admin")

@app.get("/", name="home")
async def home(request):
    return "home"

@admin.post("/users/{id}")
async def change(request, id: int, body: dict, page: int = 1):
    return "changed"

inner = App()

@inner.get("/x")
async def x(request):
    return "x"

async def asgi(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"asgi " + scope["path"].encode()})

app.mount("/inner", inner)
app.mount("/asgi", asgi)

from typing import Annotated
from drystone import Depends

def who():
    return "me"

@app.get("/who")
async def whoami(who: Annotated[str, Depends(who)]):
    return who

@app.get("/fails")
async def fails(request):
    raise ValueError("for the log")

@app.get("/events")
async def events(request):
    async def endless():
        yield request.url_for("home")
        await asyncio.Event().wait()

    return event_stream(endless())

def make():
    return app

broken = 3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "cli_shop.py").write_text(MODULE)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    sys.modules.pop("cli_shop", None)


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_routes(folder: Path) -> None:
    status, output = call("routes", "cli_shop:app", "--app-dir", str(folder))
    assert status == 0
    lines = [line.split() for line in output.splitlines()]
    assert lines[0] == ["METHODS", "PATH", "NAME", "HANDLER"]
    assert lines[1][:4] == ["GET", "/", "home", "cli_shop.home"]
    assert lines[2][:3] == ["GET", "/who", "cli_shop.whoami"]
    assert lines[5][:3] == ["POST", "/admin/users/{id}", "cli_shop.change"]
    assert lines[6][:3] == ["GET", "/inner/x", "cli_shop.x"]
    assert lines[7][:3] == ["any", "/asgi/*", "ASGI:"]
    assert f"{folder / 'cli_shop.py'}:8)" in output


def test_routes_of_what_a_function_makes(folder: Path) -> None:
    arguments = ["--app-dir", str(folder)]
    assert "cli_shop.home" in call("routes", "cli_shop:make", "--factory", *arguments)[1]
    assert "with --factory it is called" in call("routes", "cli_shop:make", *arguments)[1]


def test_options_that_lead_nowhere(folder: Path) -> None:
    status, output = call("run", "cli_shop:app", "--app-dir", str(folder / "missing"))
    assert (status, "does not exist" in output) == (2, True)
    status, output = call("run", "cli_shop:app", "--app-dir", str(folder), "--port", "99999")
    assert (status, "--port takes a number up to 65535" in output) == (2, True)


def test_explain(folder: Path) -> None:
    where = ("routes", "cli_shop:app", "--app-dir", str(folder), "--explain")
    status, output = call(*where, "post", "/admin/users/4?page=2")
    assert status == 0
    assert "/admin/users/{id} -> cli_shop.change" in output
    assert "id = '4'" in output
    assert "guard of application" in output
    assert "argument page: from the head" in output
    assert "argument body: from the body" in output
    _, output = call(*where, "GET", "/who")
    assert "argument who: cli_shop.who" in output
    assert "once per request" in output
    _, output = call(*where, "GET", "/absent")
    assert "404 Not Found" in output
    _, output = call(*where, "PUT", "/")
    assert "405 Method Not Allowed: This address answers" in output


def test_openapi(folder: Path) -> None:
    ran = CliRunner().invoke(main, ["openapi", "cli_shop:app", "--app-dir", str(folder)])

    assert ran.exit_code == 0
    document = json.loads(ran.output)
    assert list(document["paths"]["/admin/users/{id}"]) == ["post"]


def test_an_openapi_document_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "unnamed.py").write_text(
        "from drystone import App\nfrom drystone.openapi import Doc\n\napp = App()\n"
        "app.add_route('/x', lambda: '', doc=Doc(security=['key']))\n"
    )

    ran = CliRunner().invoke(main, ["openapi", "unnamed:app", "--app-dir", str(tmp_path)])

    assert ran.exit_code == 1
    assert "Error: Doc(security=...) of /x names 'key'" in ran.output


def test_explain_goes_into_what_is_mounted(folder: Path) -> None:
    where = ("routes", "cli_shop:app", "--app-dir", str(folder), "--explain", "GET")
    _, output = call(*where, "/inner/x?page=2")
    assert output.startswith("/inner -> the application that is mounted there, with /x\n")
    assert "guard of application" in output
    assert "\n/x -> cli_shop.x" in output
    _, output = call(*where, "/inner/absent")
    assert "\n404 Not Found" in output
    _, output = call(*where, "/asgi/any/where")
    assert output.startswith("/asgi -> the application that is mounted there, with /any/where\n")
    assert output.endswith("an ASGI application of its own: function\n")
    assert "Mount.handle" not in output


def test_what_cannot_be_found_or_shown(folder: Path) -> None:
    status, output = call("routes", "cli_shop:none", "--app-dir", str(folder))
    assert status == 1
    assert "has no 'none'; did you mean cli_shop:app?" in output
    status, output = call("routes", "cli_shop:asgi", "--app-dir", str(folder))
    assert (status, "is no drystone App" in output) == (1, True)
    status, output = call("run", "cli_shop:app", "--app-dir", str(folder), "--port", "many")
    assert (status, "--port takes a number" in output) == (2, True)
    status, output = call("run", "cli_shop:app", "--app-dir", str(folder), "--tls-key", "x")
    assert (status, output) == (1, "Error: --tls-key and --tls-client-ca need --tls-cert\n")


def test_the_application_that_is_not_named(tmp_path: Path, folder: Path) -> None:
    where = ("routes", "--app-dir", str(tmp_path))
    status, output = call(*where)
    assert status == 2
    assert "has no app.py, main.py, app/main.py: name the application" in output
    source = (folder / "cli_shop.py").read_text()
    (tmp_path / "app").mkdir()
    for file in ("app/main.py", "main.py", "app.py"):
        name = file.removesuffix(".py").replace("/", ".")
        (tmp_path / file).write_text(source)
        try:
            status, output = call(*where)
        finally:
            sys.modules.pop(name, None)
            sys.modules.pop("app", None)
        assert (status, f"{name}.home" in output) == (0, True), output


def test_what_an_application_raises_comes_with_its_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cli_broken.py").write_text("def deep():\n    raise OSError('no disk')\n\ndeep()\n")
    status, output = call("run", "cli_broken", "--app-dir", str(folder))
    assert status == 1
    errors = capsys.readouterr().err or output
    assert "in deep\n" in errors
    assert "click" not in errors
    assert "Error: importing 'cli_broken' raised OSError\n" in output


LIFESPANS = """
from contextlib import asynccontextmanager
from drystone import App

@asynccontextmanager
async def starts_never(app):
    raise ValueError("no database")
    yield

@asynccontextmanager
async def stops_never(app):
    yield
    raise ValueError("no database")

first = App(lifespan=starts_never)
second = App(lifespan=stops_never)
"""


@pytest.mark.parametrize(
    ("name", "what"), [("first", "did not start"), ("second", "did not stop in order")]
)
def test_a_lifespan_that_fails(folder: Path, name: str, what: str) -> None:
    (folder / "cli_life.py").write_text(LIFESPANS)
    command = [sys.executable, "-m", "drystone", "run", f"cli_life:{name}", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        if process.stdout.readline():  # that it serves
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "in stops_never" in errors or "in starts_never" in errors
    assert errors.endswith(f"ValueError: no database\nError: the application {what}: ValueError\n")


def test_reload(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def run_reloading(values: Any, app_dir: str) -> int:
        asked.append((values["reload_include"], app_dir))
        return 7

    monkeypatch.setattr("drystone_server.reloading.run_reloading", run_reloading)
    where = ("run", "cli_shop:app", "--app-dir", str(folder), "--reload")
    assert call(*where, "--reload-include", "*.html,*.css") == (7, "")
    assert asked == [(("*.html", "*.css"), str(folder))]


def test_new(tmp_path: Path) -> None:
    folder = tmp_path / "my-tasks"
    status, output = call("new", str(folder))
    assert status == 0
    assert "drystone run app:app" in output
    assert {path.name for path in folder.iterdir()} == {
        ".dockerignore",
        ".gitignore",
        "Dockerfile",
        "README.md",
        "app.py",
        "my-tasks.service",
        "pyproject.toml",
        "requirements-test.txt",
        "requirements.txt",
        "test_app.py",
    }
    assert "{name}" not in "".join(path.read_text() for path in folder.iterdir())
    status, output = call("new", str(folder))
    assert (status, "is not empty" in output) == (1, True)
    status, output = call("new", str(tmp_path / "no name"))
    assert (status, "is no name for a project" in output) == (1, True)
    assert call("new", "--", str(tmp_path / "-x"))[0] == 1
    (tmp_path / "file").write_text("")
    assert call("new", str(tmp_path / "file"))[0] == 1


def test_new_in_an_empty_repository(tmp_path: Path) -> None:
    folder = tmp_path / "My-Shop"
    (folder / ".git").mkdir(parents=True)
    assert call("new", str(folder))[0] == 0
    assert "docker build -t my-shop ." in (folder / "README.md").read_text()


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, output = call("run", "cli_shop:app", "--app-dir", str(folder), "--port", port)
    assert status == 1
    assert output.startswith(f"Error: cannot listen on 127.0.0.1 port {port}: Address already")


def test_a_new_project_passes_its_own_tests(tmp_path: Path) -> None:
    folder = tmp_path / "tasks"
    call("new", str(folder))
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 passed" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "path", "answer"),
    [
        (["cli_shop:app"], "/", "home"),
        (["cli_shop:asgi", "--no-access-log"], "/a%20b", "asgi /a b"),
        (["cli_shop:app", "--loop", "asyncio"], "/asgi", "asgi /asgi/"),
    ],
)
def test_run(folder: Path, arguments: list[str], path: str, answer: str) -> None:
    command = [sys.executable, "-m", "drystone", "run", *arguments, "--port", "0"]
    command += ["--app-dir", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith(f"drystone serves {arguments[0]} on http://127.0.0.1:")
            url = line.split()[4]
            with urllib.request.urlopen(url + path, timeout=10) as response:
                assert response.read().decode() == answer
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    logged = f'127.0.0.1 "GET {path} HTTP/1.1" 200 ' in errors
    assert logged is ("--no-access-log" not in arguments)


def test_a_factory_under_a_path_its_log_and_its_end(folder: Path) -> None:
    command = [sys.executable, "-m", "drystone", "run", "cli_shop:make", "--factory", "--port", "0"]
    command += ["--app-dir", str(folder), "--root-path", "/shop"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[4]
            with pytest.raises(urllib.error.HTTPError, match="500"):
                urllib.request.urlopen(url + "/fails", timeout=10)
            with urllib.request.urlopen(url + "/events", timeout=10) as response:
                assert response.readline() == b"data: /shop/\n"
                begun = time.monotonic()
                process.send_signal(signal.SIGTERM)
                assert response.read() == b"\n"
                _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
    assert time.monotonic() - begun < 2
    assert process.returncode == 0, errors
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
    assert re.search(rf"^{stamp} ERROR drystone: GET /fails failed", errors, re.MULTILINE)


def test_an_asgi_application_that_has_to_have_a_lifespan(folder: Path) -> None:
    status, output = call(
        *("run", "cli_shop:asgi", "--app-dir", str(folder), "--port", "0", "--lifespan", "on")
    )
    assert status == 1
    assert "Error: the application ended its lifespan before" in output


def test_run_and_the_servers_own_command_say_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit):
        serve_asgi(["--help"])
    theirs = " ".join(capsys.readouterr().out.split())
    ours = " ".join(call("run", "--help")[1].split())
    for option in OPTIONS:
        flag = option.flag if option.kind is bool else f"{option.flag} {option.metavar}"
        default = option.shown_default
        assert f"{flag} {option.help}" + (f" [default: {default}]" if default else "") in ours
        assert f"{flag} {option.help}" + (f" (default: {default})" if default else "") in theirs
    for title in GROUPS.values():
        assert f"{title}: " in ours
        assert f"{title}: " in theirs
    for words in (
        "--app-dir FOLDER Folder to import from; by default this one.",
        "--factory APP is a function that makes the application.",
        "--root-path PATH Path that a proxy mounts the application at.",
    ):
        assert words in ours
        assert words in theirs


def test_as_a_module(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["drystone", "--version"])
    with pytest.raises(SystemExit):
        importlib.import_module("drystone.__main__")
    assert "0." in capsys.readouterr().out


def test_a_router_that_explains_nothing() -> None:
    class Router:
        def match(self, method: str, path: str) -> Any:
            raise LookupError("nothing here")

        def add_route(self, path: Any, value: Any, methods: Any = (), name: Any = None) -> None: ...

        def url_for(self, name: str, /, **params: Any) -> str:
            return ""

    assert explain_match(App(router=Router()), "GET", "/") == "nothing here"


def test_the_version() -> None:
    from drystone import __version__

    assert __version__ in call("--version")[1]
