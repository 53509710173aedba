"""Pages from Jinja2 templates: ``pip install 'drystone[templates]'``.

One object for a folder of templates, and a response from each::

    templates = Templates(Path(__file__).parent / "templates")

    @app.get("/notes/{id}", name="note")
    async def note(request: Request, id: int):
        return templates.render(request, "note.html", note=notes[id])
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from ._headers import HeadersInit
from ._request import Request
from ._response import Response, encode_json, html

try:
    from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
except ModuleNotFoundError:
    raise ImportError(
        "drystone.templates needs Jinja2: pip install 'drystone[templates]'"
    ) from None

__all__ = ["Templates"]


class Templates:
    """Makes pages of the Jinja2 templates in a folder.

    Every value is escaped on its way into a page, whatever the template's file is called, unless
    the template says ``|safe``. A name that nobody gave is an error. Changed templates are read
    again where the application runs with ``debug=True``, and nowhere else.

    A template is code: it may call what it is given, so never make one of what somebody typed.

    Args:
        folder: where the templates are, ``Path(__file__).parent / "templates"``; or a loader of
            Jinja2, for templates in several folders, in a package or in memory.
        context: called with the request for each page; gives values for all of them.

    Raises:
        ValueError: there is no such folder.
        TypeError: ``context`` is a coroutine function, which nobody could await.

    Attributes:
        environment: Jinja2's own object, for what it can do beyond:
            ``templates.environment.filters["euro"] = euro``.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | BaseLoader,
        *,
        context: Callable[[Request[Any]], Mapping[str, Any]] | None = None,
    ) -> None:
        if iscoroutinefunction(context):
            raise TypeError(
                f"context={context.__qualname__} is async, but a page is made without waiting: "
                "ask the database in the handler, or in a provider or middleware for all of them"
            )
        self.environment = Environment(
            loader=folder if isinstance(folder, BaseLoader) else _loader(Path(folder)),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
        )
        # What JSON can say in an answer, `tojson` can say in a page.
        self.environment.policies["json.dumps_function"] = _dump_json
        self.environment.policies["json.dumps_kwargs"] = {}
        self._context = context

    def render(
        self,
        request: Request[Any],
        name: str,
        /,
        *,
        status: int = 200,
        headers: HeadersInit = (),
        **values: Any,
    ) -> Response:
        """Make a page, in the thread that calls it: a large one belongs in a plain ``def`` handler.

        Beside the values, a template finds ``request`` and ``url_for``, which is that of the
        request. A macro that uses them is imported ``with context``.

        Args:
            request: the request that is answered.
            name: of the template, with ``/`` between folders.
            status: of the response, so no name for a value.
            headers: of the response, no name for a value either; the content type is HTML's unless
                they say otherwise.
            values: what the template is given; they go before those of ``context``.

        Raises:
            TypeError: the status is no number; it was meant for the template.
            jinja2.TemplateNotFound: there is no such template.
            jinja2.TemplateSyntaxError: it, or one it includes, cannot be read.
            jinja2.UndefinedError: it uses a name that nobody gave.
        """
        if not isinstance(status, int):
            raise TypeError(
                f"status= is the status of the response, an int, not {status!r}: "
                "call the template's value something else"
            )
        environment = self._watching if request.app.debug else self.environment
        template = environment.get_template(name)
        given = {"request": request, "url_for": request.url_for}
        shared = self._context(request) if self._context is not None else {}
        return html(template.render({**given, **shared, **values}), status, headers)

    @cached_property
    def _watching(self) -> Environment:
        """The same environment, which looks each time whether a template has changed."""
        return self.environment.overlay(auto_reload=True)


def _loader(folder: Path) -> FileSystemLoader:
    root = folder.absolute()  # stays what it is if the program changes its folder
    if not root.is_dir():
        raise ValueError(
            f"There is no folder {root} to take templates from. A relative path begins where the "
            f'program was started; Path(__file__).parent / "{folder.name}" is beside its source'
        )
    return FileSystemLoader(root)


def _dump_json(value: Any) -> str:
    return encode_json(value).decode()
