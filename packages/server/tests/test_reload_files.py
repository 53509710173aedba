"""Which files restart a server."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from drystone_server._reload_files import SourceFiles, watch
from drystone_server.importing import StartError


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("shop.py", True),
        ("parts/shop.py", True),
        ("templates/a.html", True),
        ("other/a.html", False),
        ("settings.toml", True),
        ("notes.txt", False),
        (".env", True),
        (".#shop.py", False),
        (".hidden/shop.py", False),
        ("parts/__pycache__/shop.py", False),
        ("node_modules/x/shop.py", False),
        ("env/lib/python3/site-packages/x.py", False),
        ("../elsewhere.py", False),
    ],
)
def test_what_counts(tmp_path: Path, file: str, counts: bool) -> None:
    root = tmp_path / "root"
    (root / "env").mkdir(parents=True)
    (root / "env" / "pyvenv.cfg").touch()
    files = SourceFiles([root], ["templates/*.html", "*.toml", ".env"])
    assert ((root / file).resolve() in files) is counts


def test_a_folder_that_is_hidden_itself(tmp_path: Path) -> None:
    (tmp_path / ".work").mkdir()
    assert tmp_path / ".work" / "shop.py" in SourceFiles([tmp_path / ".work"], [])


async def test_bursts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("watchfiles")

    async def awatch(*roots: Path, watch_filter: Any) -> Any:
        assert roots == (tmp_path.resolve(),)
        changed = [(1, str(tmp_path / name)) for name in ("a.py", "b.txt", "c.py")]
        yield {each for each in changed if watch_filter(*each)}

    module.awatch = awatch
    monkeypatch.setitem(sys.modules, "watchfiles", module)
    bursts = [burst async for burst in watch([tmp_path], [])]
    assert bursts == [{tmp_path / "a.py", tmp_path / "c.py"}]


def test_what_cannot_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", ModuleType("watchfiles"))
    with pytest.raises(StartError, match="there is no folder .*/none to watch"):
        watch([tmp_path / "none"], [])
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(StartError, match=r"pip install 'drystone-server\[reload\]'"):
        watch([tmp_path], [])
