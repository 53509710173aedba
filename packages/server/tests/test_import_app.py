"""Finding applications and parsers, with messages that help."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from drystone_server import _import_app
from drystone_server._import_app import StartError, find_parser, import_app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "site_a.py").write_text(
        "async def app(scope, receive, send): pass\nclass box:\n    inner = app\nnumber = 1\n"
        "def make(): return 'called'\nsilent = type\n"
    )
    (tmp_path / "site_b.py").write_text("import nothing_of_this_name")
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("site_a", "site_b"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return str(tmp_path)


def test_finding(folder: str) -> None:
    app = import_app("site_a:app", folder)
    assert app.__name__ == "app"
    assert import_app("site_a", folder) is app
    assert import_app("site_a:box.inner", folder) is app
    assert callable(import_app("site_a:silent", folder))
    assert import_app("site_a:make", folder, factory=True) == "called"


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("no_such_module:app", "there is no module 'no_such_module' in "),
        ("site_a:other", "site_a has no 'other'; write module:attribute"),
        ("site_a:number", "is int, which cannot be called"),
        ("site_a:make", r"takes \(\), and an ASGI application .*; with --factory it is called"),
        (":app", "names no module; write module:attribute"),
        (".site_a:app", "names no module; write module:attribute"),
    ],
)
def test_what_is_wrong(folder: str, where: str, message: str) -> None:
    with pytest.raises(StartError, match=message):
        import_app(where, folder)


def test_any_error_of_the_module_is_its_own(folder: str) -> None:
    Path(folder, "site_b.py").write_text("raise ValueError('deep within')")
    with pytest.raises(ValueError, match="deep within"):
        import_app("site_b:app", folder)


def test_an_error_within_the_module_is_its_own(folder: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        import_app("site_b:app", folder)


def entry(name: str) -> EntryPoint:
    target = "drystone_server.testing:SmallParser"
    return EntryPoint(name=name, value=target, group=_import_app.PARSERS)


def test_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [entry("b"), entry("a")]
    monkeypatch.setattr(_import_app, "entry_points", lambda group: installed)
    assert find_parser().__name__ == "SmallParser"
    assert find_parser("b").__name__ == "SmallParser"
    with pytest.raises(StartError, match="no parser is called 'c'; installed: a, b"):
        find_parser("c")
    installed.append(entry("drystone"))
    assert find_parser().__name__ == "SmallParser"


def test_without_any_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_import_app, "entry_points", lambda group: [])
    with pytest.raises(StartError, match=r"pip install 'drystone-server\[parser\]'"):
        find_parser()
