"""Finding the application that a command line names."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

from ._import_string import StartError, import_string, raised_by_application

__all__ = ["StartError", "import_app"]


def import_app(where: str, app_dir: str | Path = ".", *, factory: bool = False) -> Any:
    """Import an ASGI application, or anything that can be called as one.

    Args:
        where: ``module:attribute``; dots lead into the attribute, and without a colon it is
            ``app``.
        app_dir: a folder to import from, before all others.
        factory: call what is found, and take what it gives.

    Raises:
        StartError: there is no such module or attribute, or it cannot be called as an application;
            the message says what to write instead. Or importing it raised an exception, which is
            the cause.
    """
    folder = Path(app_dir).resolve()
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
    found = import_string(where, folder, _is_application)
    if not callable(found):
        raise StartError(f"{where!r} is of type {type(found).__name__}, which cannot be called")
    if factory:
        return _call_factory(found, where)
    if not _takes(found, 3):
        raise StartError(f"{where!r} takes {inspect.signature(found)}, and {_advice(found)}")
    return found


def _call_factory(found: Any, where: str) -> Any:
    if not _takes(found, 0):
        raise StartError(
            f"{where!r} takes {inspect.signature(found)}, and a factory nothing"
            + ("; it is an application: leave out --factory" if _takes(found, 3) else "")
        )
    try:
        app = found()
    except Exception as error:
        raise raised_by_application(error, f"calling {where!r}") from error
    if inspect.iscoroutine(app):
        app.close()
        raise StartError(f"{where!r} is async; a factory is an ordinary function")
    if not callable(app) or not _takes(app, 3):
        raise StartError(f"what {where!r} gives is of type {type(app).__name__}, no application")
    return app


def _is_application(value: Any) -> bool:
    """Whether it surely is one: what may be called like one, such as a type, need not be."""
    if inspect.isclass(value) or not callable(value):
        return False
    function = value if inspect.isroutine(value) else type(value).__call__
    return inspect.iscoroutinefunction(function) and _takes(value, 3)


def _takes(function: Any, count: int) -> bool:
    """Whether it can be called with so many arguments, as far as can be seen."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # written in C, and says nothing of itself
        pass
    return True


def _advice(found: Any) -> str:
    asgi = "an ASGI application (scope, receive, send)"
    if _takes(found, 2) and not inspect.isclass(found):
        return f"{asgi}; one of WSGI becomes one in a2wsgi.WSGIMiddleware"
    return f"{asgi}; with --factory it is called to make one" if _takes(found, 0) else asgi
