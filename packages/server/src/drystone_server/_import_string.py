"""What an import string leads to: ``package.module:attribute``."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any


class StartError(Exception):
    """The server cannot start; the message says why and what to do.

    What the application itself raised is its cause, with a traceback that begins there.
    """


def import_string(
    where: str, folder: Path, fits: Callable[[Any], bool] = lambda value: False
) -> Any:
    """Import ``module:attribute``.

    Args:
        where: the module and, after the colon, the attribute; dots lead into it. Without a colon
            it is ``app``.
        folder: what to call the place where modules are searched first.
        fits: whether something in the module would do, to be suggested in place of what is not
            there.

    Raises:
        StartError: there is no such module or attribute, or the module raised an exception.
    """
    name, _, attributes = where.partition(":")
    _check_name(where, name)
    module = found = _import_module(name, where, folder)
    for attribute in (attributes or "app").split("."):
        if not hasattr(found, attribute):
            raise StartError(
                f"{where!r}: the module {name} of {getattr(module, '__file__', None)} has no "
                f"{attribute!r}{_suggestion(module, attribute, fits)}"
            )
        found = getattr(found, attribute)
    return found


def _check_name(where: str, name: str) -> None:
    module, _, attribute = where.partition(":")
    path = module.removesuffix(".py").replace("\\", "/")
    if path != module or "/" in path:
        dotted = ".".join(part for part in path.split("/") if part not in ("", "."))
        raise StartError(
            f"{where!r}: write the module, not its file: {dotted}:{attribute or 'app'} "
            "(--app-dir names the folder to import from)"
        )
    if not all(part.isidentifier() for part in name.split(".")):
        raise StartError(f"{where!r} names no module; write module:attribute")


def _import_module(name: str, where: str, folder: Path) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not error.name or not f"{name}.".startswith(f"{error.name}."):
            raise raised_by_application(error, f"importing {name!r}") from error
        raise StartError(
            f"{where!r}: there is no module {error.name!r} in {folder} "
            f"nor among the installed ones; {_advice(where)}"
        ) from None
    except Exception as error:
        raise raised_by_application(error, f"importing {name!r}") from error


def raised_by_application(error: Exception, doing: str) -> StartError:
    """Make what is raised for an exception of the application, whose frames alone are kept."""
    trace = error.__traceback__
    while trace is not None and _is_foreign(trace):
        trace = trace.tb_next
    error.__traceback__ = trace
    return StartError(f"{doing} raised {type(error).__name__}")


def _is_foreign(trace: TracebackType) -> bool:
    """Whether a frame is of this package or of the import system."""
    name = trace.tb_frame.f_globals.get("__name__", "")
    return bool(name.startswith(("importlib.", "drystone_server."))) or name == "importlib"


def _suggestion(module: Any, attribute: str, fits: Callable[[Any], bool]) -> str:
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    likely = [name for name, value in public.items() if fits(value)]
    spelt = {name.lower(): name for name in reversed(likely or list(public))}
    close = [spelt[name] for name in difflib.get_close_matches(attribute.lower(), spelt, 1, 0.7)]
    chosen = (close or likely)[:1]
    return f"; did you mean {module.__name__}:{chosen[0]}?" if chosen else ""


def _advice(where: str) -> str:
    module, _, attribute = where.partition(":")
    if "." in module and not attribute:
        return "write {}:{}, with a colon".format(*module.rsplit(".", 1))
    return "--app-dir names another folder to import from"
