"""Finding an application by its import string, ``package.module:name``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from typing import Any


class ImportStringError(Exception):
    """An import string that leads to no application; the message says what to change."""


def import_app(spec: str, app_dir: str | Path = ".", *, factory: bool = False) -> Any:
    """Import an application.

    Args:
        spec: ``module:attribute``; the attribute may be dotted and is ``app`` where left out.
        app_dir: a folder to import from, before all others.
        factory: call what is found, and take what it gives.

    Raises:
        ImportStringError: there is no such module or attribute. An error inside the module itself
            is raised as it is.
    """
    module_name, _, attributes = spec.partition(":")
    if not module_name or module_name.endswith(".py") or "/" in module_name:
        raise ImportStringError(
            f"{spec!r} is no import string: write module:app, with dots in place of slashes "
            "and without .py"
        )
    folder = str(Path(app_dir).resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    found = _attribute(_import_module(module_name, folder), attributes or "app", spec)
    if factory:
        return _checked(found(), f"what {spec!r} gives")
    if not _takes(found, 3):
        raise ImportStringError(
            f"{spec!r} is called with scope, receive and send like any ASGI application, and does "
            "not take them" + (": add --factory, as it makes one" if _takes(found, 0) else "")
        )
    return found


def _import_module(name: str, folder: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name == error.name or name.startswith(f"{error.name}.")):
            raise  # the module was found, and imports something that is missing
        raise ImportStringError(
            f"There is no module {error.name!r} in {folder} or on the Python path; "
            "--app-dir names another folder to look in"
        ) from None


def _attribute(module: Any, attributes: str, spec: str) -> Any:
    found = module
    for attribute in attributes.split("."):
        if not hasattr(found, attribute):
            raise ImportStringError(
                f"{module.__name__!r} has no attribute {attribute!r}{_suggestion(module)}"
            )
        found = getattr(found, attribute)
    return _checked(found, repr(spec))


def _checked(found: Any, what: str) -> Any:
    if not callable(found):
        raise ImportStringError(
            f"{what} is a {type(found).__name__}, neither a drystone App nor an ASGI application"
        )
    return found


def _takes(function: Any, count: int) -> bool:
    """Whether it can be called with so many arguments, as far as can be seen."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # it has no signature
        pass
    return True


def _suggestion(module: Any) -> str:
    from drystone._app import App

    names = [name for name, value in vars(module).items() if isinstance(value, App)]
    return f"; did you mean {module.__name__}:{names[0]}?" if names else ""
