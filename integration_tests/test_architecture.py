"""The names on the architecture page exist in the code."""

import importlib
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "architecture.md"
NAMES = sorted(set(re.findall(r"`(drystone\w*\.[\w.]+)`", PAGE.read_text("utf-8"))))


def resolve(name: str) -> object:
    """The object of a dotted name: a module as far as that goes, attributes from there."""
    parts = name.split(".")
    found: object = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], start=2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:number]))
        found = getattr(found, part)
    return found


def test_the_page_names_the_way_of_a_request() -> None:
    assert len(NAMES) >= 20


def test_every_room_is_on_the_page() -> None:
    sources = PAGE.parent.parent / "packages"
    rooms = {
        ".".join(front.parent.relative_to(source).parts)
        for source in sources.glob("*/src")
        for front in source.glob("drystone*/*/__init__.py")
    }
    assert rooms - {"drystone_parser._cases"} <= set(NAMES)  # those cases are data


@pytest.mark.parametrize("name", NAMES)
def test_name_exists(name: str) -> None:
    assert resolve(name) is not None
