import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drystone import App
from drystone._commands.import_string import ImportStringError, import_app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "shop.py").write_text(
        "from drystone import App\nclass parts: app = App()\nmain = App()\nnumber = 3\n"
        "def make(): return main\ndef nothing(): return None\ndef one(scope): ...\n"
    )
    (tmp_path / "broken.py").write_text("import no_such_module_at_all\n")
    (tmp_path / "plain.py").write_text("async def app(scope, receive, send): ...\n")
    yield tmp_path
    for name in ("shop", "broken", "plain"):
        sys.modules.pop(name, None)


def test_an_app(folder: Any) -> None:
    assert isinstance(import_app("shop:main", folder), App)
    assert isinstance(import_app("shop:parts.app", folder), App)


def test_app_is_the_usual_name(folder: Any) -> None:
    assert import_app("plain", folder).__name__ == "app"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("", "no import string"),
        ("shop.py:app", "no import string"),
        ("src/shop:app", "no import string"),
        ("absent:app", "no module 'absent'"),
        ("shop:absent", "did you mean shop:main"),
        ("plain:absent", "no attribute 'absent'$"),
        ("shop:number", "is a int"),
        ("shop:make", "add --factory, as it makes one"),
        ("shop:one", "does not take them$"),
    ],
)
def test_what_leads_nowhere(folder: Any, spec: Any, words: Any) -> None:
    with pytest.raises(ImportStringError, match=words):
        import_app(spec, folder)


def test_an_error_inside_the_module_is_its_own(folder: Any) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        import_app("broken:app", folder)


def test_a_factory(folder: Any) -> None:
    assert isinstance(import_app("shop:make", folder, factory=True), App)
    with pytest.raises(ImportStringError, match="'shop:nothing' gives is a NoneType"):
        import_app("shop:nothing", folder, factory=True)


def test_what_has_no_signature_is_taken_on_trust(folder: Any) -> None:
    (folder / "builtin.py").write_text("other = type\n")
    assert import_app("builtin:other", folder) is type
