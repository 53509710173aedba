"""The description and its page as routes, and the way to the description without them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from drystone._app import App
from drystone._doc import HIDDEN
from drystone._group import Group
from drystone._handlers import Guard, Handler, Middleware
from drystone._request import Request
from drystone._response import Response, json

from .document import Info, make_document


class OpenAPI(Group):
    """Publishes the description of the application that includes it: ``GET /openapi.json``, and at
    ``GET /docs`` a page that shows it, without any script::

        app.include(OpenAPI(title="Notes", version="1.2.0"))

    The document is OpenAPI 3.1.1, made by the first request for it and kept.

    Args:
        title: of the application.
        version: of the application.
        description: what it is for, in CommonMark.
        servers: addresses where it is served; by default where the document came from.
        security: Security Scheme Objects by name, for what guards and authenticators do not show.
        path: where the document is.
        page: where the page is; None makes none.
        middleware: around both.
        guards: before both, where not everybody may see them.
    """

    def __init__(
        self,
        title: str = "API",
        version: str = "0",
        *,
        description: str = "",
        servers: Sequence[str] = (),
        security: Mapping[str, Mapping[str, Any]] | None = None,
        path: str = "/openapi.json",
        page: str | None = "/docs",
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
    ) -> None:
        super().__init__(middleware=middleware, guards=guards, doc=HIDDEN)
        if isinstance(servers, str):
            raise TypeError(f"OpenAPI(servers=...) takes several: write [{servers!r}]")
        self.info = Info(title, version, description, servers, dict(security or {}))
        self._document: dict[str, Any] | None = None
        self.add_route(path, self._answer_document)
        if page is not None:
            self._link = posixpath.relpath(path, posixpath.dirname(page))
            self.add_route(page, self._answer_page)

    async def _answer_document(self, request: Request[Any]) -> Response:
        return json(self._for(request), headers=_ASK_AGAIN)

    async def _answer_page(self, request: Request[Any]) -> Response:
        from .page import page

        response = page(self._for(request), self._link)
        response.headers.setdefault(*_ASK_AGAIN[0])
        return response

    def _for(self, request: Request[Any]) -> dict[str, Any]:
        """The document as it is true where the request came in: under a prefix, perhaps."""
        if self._document is None:
            *_, app = self.lineage()
            self._document = make_document(cast("App[Any]", app), self.info)
        if self.info.servers or not request.root_path:
            return self._document
        return {**self._document, "servers": [{"url": request.root_path}]}

    def enclose(self, handler: Handler) -> Handler:
        """Wrap a handler, as the application does when it is built: its routes may have changed."""
        self._document = None
        return super().enclose(handler)


_ASK_AGAIN = [("cache-control", "no-cache")]


def describe(app: App[Any]) -> dict[str, Any]:
    """The OpenAPI document of an application, for tests, files and generators of clients.

    Title, version and what else the application does not know itself are those of the `OpenAPI`
    that it includes; it need not include one.

    Raises:
        ValueError: a route names a security scheme that is not described.
    """
    app.build()  # whatever was added to groups since is planned now
    published = next((group for group in _groups(app) if isinstance(group, OpenAPI)), None)
    return make_document(app, published.info if published is not None else Info())


def _groups(group: Group) -> Iterator[Group]:
    for inner in group.groups:
        yield inner
        yield from _groups(inner)
