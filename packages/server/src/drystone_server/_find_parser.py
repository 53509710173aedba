"""Finding the parser of HTTP among those that are installed."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

from ._import_string import StartError, import_string

PARSERS: Final = "drystone_server.parsers"
"""The entry point group of parsers: each names a class that takes ``make_request``."""


def find_parser(name: str | None = None) -> Any:
    """Load a parser.

    Args:
        name: of its entry point, or ``module:attribute`` of one of your own; None takes
            ``drystone``, or the first by name.

    Raises:
        StartError: there is none, or not that one.
    """
    if name is not None and ":" in name:
        found = import_string(name, Path.cwd())
        if not callable(found):
            raise StartError(f"{name!r} is of type {type(found).__name__}, which makes no parser")
        return found
    installed: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=PARSERS)}
    if not installed:
        raise StartError(
            "no HTTP parser is installed; try: pip install 'drystone-server[parser]' "
            f"(any distribution with an entry point in the group {PARSERS!r} will do)"
        )
    if name is not None and name not in installed:
        raise StartError(f"no parser is called {name!r}; installed: {', '.join(sorted(installed))}")
    chosen = name or ("drystone" if "drystone" in installed else min(installed))
    return installed[chosen].load()
