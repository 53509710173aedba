"""Finding applications, with messages that help."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from drystone_server.importing import StartError, import_app

SITE = """
import json
from json import dumps

async def app(scope, receive, send): ...

class Site:
    async def __call__(self, scope, receive, send): ...

class box:
    inner = app

site = Site()
number = 1
silent = type
def make(): return app
def make_nothing(): return None
def make_wrong(): return make
async def make_late(): return app
def make_fail(): raise RuntimeError("no settings")
def wsgi(environ, start_response): ...
def one(scope): ...
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "site_a.py").write_text(SITE)
    (tmp_path / "site_e.py").write_text("value = 1\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    for name in ("site_a", "site_b", "site_e"):
        sys.modules.pop(name, None)


def test_finding(folder: Path) -> None:
    app = import_app("site_a:app", folder)
    assert app.__name__ == "app"
    assert import_app("site_a", folder) is app
    assert import_app("site_a:box.inner", str(folder)) is app
    assert import_app("site_a:site", folder).__class__.__name__ == "Site"
    assert import_app("site_a:make", folder, factory=True) is app
    assert sys.path.count(str(folder)) == 1


def test_what_has_no_signature_is_taken_on_trust(folder: Path) -> None:
    assert import_app("site_a:silent", folder) is type


def test_a_relative_folder_is_before_all_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    sys.path.append(str(folder))
    import_app("site_a", folder.name)
    assert sys.path[0] == str(folder)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("", "'' names no module; write module:attribute$"),
        (":app", "names no module; write module:attribute"),
        (".site_a:app", "names no module; write module:attribute"),
        ("site-a:app", "names no module; write module:attribute"),
        ("site_a.py:app", "write the module, not its file: site_a:app"),
        ("site_a.py", "write the module, not its file: site_a:app"),
        ("./src/site_a.py:make", "not its file: src.site_a:make .*--app-dir names the folder"),
        ("src\\site_a:app", "not its file: src.site_a:app"),
        ("no_such_module:app", "there is no module 'no_such_module' in /.*; --app-dir names anoth"),
        ("site_a.deeper:app", "there is no module 'site_a.deeper'"),
        ("site_d.app", "there is no module 'site_d' .*; write site_d:app, with a colon"),
        ("site_a:ap", r"module site_a of .*site_a.py has no 'ap'; did you mean site_a:app\?"),
        ("site_a:Site_", r"has no 'Site_'; did you mean site_a:site\?"),
        ("site_a:other", r"has no 'other'; did you mean site_a:app\?"),
        ("site_e:valu", r"has no 'valu'; did you mean site_e:value\?"),
        ("site_e:app", "has no 'app'$"),
        ("site_a:number", "is of type int, which cannot be called"),
        ("site_a:make", r"takes \(\), and an ASGI application .*; with --factory it is called"),
        ("site_a:Site", r"takes \(\), and an ASGI application .*; with --factory it is called"),
        ("site_a:wsgi", r"takes \(environ, start_response\), and .* a2wsgi.WSGIMiddleware"),
        ("site_a:one", r"takes \(scope\), and an ASGI application \(scope, receive, send\)$"),
    ],
)
def test_what_is_wrong(folder: Path, where: str, message: str) -> None:
    with pytest.raises(StartError, match=message):
        import_app(where, folder)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("site_a:app", "and a factory nothing; it is an application: leave out --factory"),
        ("site_a:one", r"takes \(scope\), and a factory nothing$"),
        ("site_a:make_nothing", "what 'site_a:make_nothing' gives is of type NoneType, no app"),
        ("site_a:make_wrong", "gives is of type function, no application"),
        ("site_a:make_late", "is async; a factory is an ordinary function"),
    ],
)
def test_what_is_wrong_with_a_factory(folder: Path, where: str, message: str) -> None:
    with pytest.raises(StartError, match=message):
        import_app(where, folder, factory=True)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("def deep():\n    raise ValueError('deep within')\ndeep()", "ValueError"),
        ("def (", "SyntaxError"),
    ],
)
def test_what_the_module_raises_begins_in_the_module(folder: Path, source: str, error: str) -> None:
    (folder / "site_b.py").write_text(source)
    with pytest.raises(StartError, match=f"importing 'site_b' raised {error}$") as caught:
        import_app("site_b", folder)
    cause = caught.value.__cause__
    assert cause is not None
    assert all(
        frame.filename.endswith("site_b.py") for frame in traceback.extract_tb(cause.__traceback__)
    )
    assert "site_b.py" in "".join(traceback.format_exception(cause))


def test_what_a_factory_raises(folder: Path) -> None:
    with pytest.raises(StartError, match="calling 'site_a:make_fail' raised RuntimeErr") as caught:
        import_app("site_a:make_fail", folder, factory=True)
    assert str(caught.value.__cause__) == "no settings"
