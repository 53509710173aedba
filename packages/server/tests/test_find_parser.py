"""Finding parsers, with messages that help."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from drystone_server import _find_parser
from drystone_server._find_parser import find_parser
from drystone_server.importing import StartError
from drystone_server.testing import SmallParser


def entry(name: str) -> EntryPoint:
    target = "drystone_server.testing:SmallParser"
    return EntryPoint(name=name, value=target, group=_find_parser.PARSERS)


def test_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [entry("b"), entry("a")]
    monkeypatch.setattr(_find_parser, "entry_points", lambda group: installed)
    assert find_parser() is SmallParser
    assert find_parser("b") is SmallParser
    with pytest.raises(StartError, match="no parser is called 'c'; installed: a, b"):
        find_parser("c")
    installed.append(entry("drystone"))
    assert find_parser() is SmallParser


def test_without_any_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_find_parser, "entry_points", lambda group: [])
    with pytest.raises(StartError, match=r"pip install 'drystone-server\[parser\]'"):
        find_parser()


def test_one_of_your_own() -> None:
    assert find_parser("drystone_server.testing:SmallParser") is SmallParser
    with pytest.raises(StartError, match=r"did you mean drystone_server.testing:SmallParser\?"):
        find_parser("drystone_server.testing:SmallParse")
    with pytest.raises(StartError, match="is of type list, which makes no parser"):
        find_parser("drystone_server.testing:__all__")
