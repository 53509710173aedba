"""Finding the application that a command line names."""

from __future__ import annotations

import importlib
import inspect
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

PARSERS: Final = "drystone_server.parsers"
"""The entry point group of parsers: each names a class that takes ``make_request``."""


class StartError(Exception):
    """The server cannot start; the message says why and what to do."""


def import_app(where: str, app_dir: str = ".", *, factory: bool = False) -> Any:
    """Import ``module:attribute``.

    Args:
        where: the module and, after the colon, the attribute; dots lead into it. Without a colon
            it is ``app``.
        app_dir: a folder to import from, before all others.
        factory: call what is found, and take what it gives.

    Raises:
        StartError: there is no such module or attribute, or it cannot be called as one.
        Exception: whatever the module raises.
    """
    sys.path.insert(0, str(Path(app_dir).resolve()))
    name, _, attribute = where.partition(":")
    found = _import_module(name, where, app_dir)
    found = _find(found, attribute or "app", where)
    if factory:
        return found()
    _check_parameters(found, where)
    return found


def _check_parameters(app: Any, where: str) -> None:
    """Refuse at once what would fail with every request."""
    try:
        signature = inspect.signature(app)
    except ValueError:  # written in C, and says nothing of itself
        return
    try:
        signature.bind({}, None, None)
    except TypeError:
        raise StartError(
            f"{where!r} takes {signature}, and an ASGI application (scope, receive, send); "
            "with --factory it is called to make one"
        ) from None


def _find(module: Any, attribute: str, where: str) -> Any:
    found = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise StartError(
                f"{where!r}: {module.__name__} has no {attribute!r}; write module:attribute"
            )
        found = getattr(found, part)
    if not callable(found):
        raise StartError(f"{where!r} is {type(found).__name__}, which cannot be called")
    return found


def _import_module(name: str, where: str, app_dir: str) -> Any:
    if not all(name.split(".")):
        raise StartError(f"{where!r} names no module; write module:attribute")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise StartError(
                f"{where!r}: there is no module {error.name!r} in {Path(app_dir).resolve()} "
                f"nor among the installed ones; {_advice(where)}"
            ) from None
        raise


def _advice(where: str) -> str:
    module, _, attribute = where.partition(":")
    if module.endswith(".py"):
        return f"write the module, not its file: {module[:-3]}:{attribute or 'app'}"
    if "." in module and not attribute:
        return "write {}:{}, with a colon".format(*module.rsplit(".", 1))
    return "--app-dir names the folder to import from"


def find_parser(name: str | None = None) -> Any:
    """Load a parser.

    Args:
        name: of its entry point, or ``module:attribute`` of one of your own; None takes
            ``drystone``, or the first by name.

    Raises:
        StartError: there is none, or not that one.
    """
    if name is not None and ":" in name:
        module, _, attribute = name.partition(":")
        return _find(_import_module(module, name, "."), attribute, name)
    found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=PARSERS)}
    if not found:
        raise StartError(
            "no HTTP parser is installed; try: pip install 'drystone-server[parser]' "
            f"(any distribution with an entry point in the group {PARSERS!r} will do)"
        )
    if name is not None and name not in found:
        raise StartError(f"no parser is called {name!r}; installed: {', '.join(sorted(found))}")
    chosen = name or ("drystone" if "drystone" in found else min(found))
    return found[chosen].load()
