"""The reference names everything that is public, and everything public says what it is."""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parent.parent / "docs" / "reference"
MODULES = {
    "parser": ("drystone_parser", "drystone_parser.testing"),
    "router": ("drystone_router", "drystone_router.testing"),
    "server": (
        "drystone_server",
        "drystone_server.asgi",
        "drystone_server.importing",
        "drystone_server.options",
        "drystone_server.reloading",
        "drystone_server.run",
        "drystone_server.testing",
    ),
    "auth": ("drystone_auth", "drystone_auth.asgi", "drystone_auth.testing"),
    "app": (
        "drystone",
        "drystone.auth",
        "drystone.openapi",
        "drystone.templates",
        "drystone.testing",
    ),
}
DIRECTIVE = re.compile(r"^\.\. (currentmodule|auto\w+|py:(?:data|type)):: ([\w.]+)$", re.MULTILINE)
WHOLE = re.compile(r"^\.\. automodule:: ([\w.]+)\n   :members:$", re.MULTILINE)


def documented(page: Path) -> set[tuple[str, str]]:
    """The names on a page, each with its module."""
    text, module = page.read_text("utf-8"), ""
    found = {
        (whole, name)
        for whole in WHOLE.findall(text)
        for name in importlib.import_module(whole).__all__
    }
    for directive, name in DIRECTIVE.findall(text):
        if directive == "currentmodule":
            module = name
        elif directive != "automodule":
            found.add((module, name))
    return found


@pytest.mark.parametrize("page", MODULES)
def test_every_public_name_is_in_the_reference(page: str) -> None:
    public = {
        (module, name)
        for module in MODULES[page]
        for name in importlib.import_module(module).__all__
    }

    assert documented(PAGES / f"{page}.md") == public


@pytest.mark.parametrize("module", [module for each in MODULES.values() for module in each])
def test_everything_public_says_what_it_is(module: str) -> None:
    assert not list(silent(importlib.import_module(module)))


def silent(module: Any) -> Iterator[str]:
    """The classes, functions, methods and properties without a docstring."""
    if not inspect.getdoc(module):
        yield module.__name__
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isroutine(value):
            if not inspect.getdoc(value):
                yield name
            for part, member in vars(value).items() if inspect.isclass(value) else ():
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                # getdoc takes an overridden method's from the class above.
                if (
                    not part.startswith("_")
                    and inspect.isroutine(function)
                    and not inspect.getdoc(getattr(value, part))
                    and not function.__doc__
                ):
                    yield f"{name}.{part}"
