"""`drystone_auth` in front of handlers: who asks, their session, and guards.

One middleware, and guards where they are needed::

    authenticator = Authenticator(sessions=Sessions(SQLiteStore("auth.db").sessions))
    app = App(middleware=[authentication(authenticator)])

    @app.get("/notes", guards=[authenticated])
    async def notes(request: Request):
        return f"{request.principal.id} was here {request.session['visits']} times"
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from drystone_auth import Authenticator, Session, Visit, keep_from_caches

from ._handlers import Guard, Handler, Middleware
from ._headers import ResponseHeaders
from ._marks import add_guards, is_registered, note_authenticator
from ._request import Request
from ._response import Response

__all__ = ["authentication", "guarded"]

F = TypeVar("F", bound=Callable[..., Any])


def authentication(authenticator: Authenticator) -> Middleware:
    """Middleware that recognises who asks and keeps their session.

    Handlers find ``request.principal`` and ``request.session``; a changed session is stored when
    the response is known, errors included. Forged requests from other sites are refused before any
    handler; to the function that answers such an error, nobody asks, and the session is empty.

    Args:
        authenticator: schemes, sessions, and what else `drystone_auth.Authenticator` takes.
    """

    def middleware(handler: Handler) -> Handler:
        async def authenticate_then_handle(request: Request[Any]) -> Response:
            # The raw path too: the router reads "%2F" as part of a segment, a guard by path as "/".
            try:
                visit = await authenticator.admit(request, request.path, request.raw_path)
            except Exception:
                request.visit = _nobody(authenticator)
                raise
            request.visit = visit
            response = await handler(request)
            cookies = await visit.commit()
            return _with_cookies(response, cookies) if cookies else response

        return authenticate_then_handle

    note_authenticator(middleware, authenticator)
    return middleware


def _nobody(authenticator: Authenticator) -> Visit:
    """What an error page finds where nobody was let in; its session is never stored."""
    return Visit(authenticator, None, None, Session())


def _with_cookies(response: Response, cookies: list[str]) -> Response:
    """Return a copy: a response that a handler keeps would hand one user's session to the next."""
    answer = copy.copy(response)
    answer.headers = ResponseHeaders(response.headers)
    for cookie in cookies:
        answer.headers.add("set-cookie", cookie)
    # A shared cache must not hand it on either.
    said = ", ".join(response.headers.get_all("cache-control"))
    answer.headers["cache-control"] = keep_from_caches(said or None)
    return answer


def guarded(*guards: Guard) -> Callable[[F], F]:
    """Guard a handler, as a decorator below the one that registers it::

        @app.get("/admin")
        @guarded(roles("admin"))
        async def admin(): ...

    Args:
        guards: those of `drystone_auth`, or functions of the request that raise to refuse.

    Raises:
        TypeError: the handler is registered already, so that the guard would guard nothing.
    """

    def mark(handler: F) -> F:
        if is_registered(handler):
            raise TypeError(
                f"{handler.__qualname__} is registered already and would stay open: "
                "write @guarded below @app.get and its kin"
            )
        add_guards(handler, guards)
        return handler

    return mark
