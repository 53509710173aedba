"""Folding middleware and guards around a handler. Done once, when the application is built."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from inspect import isawaitable
from typing import Any, TypeVar

from ._convert import as_response
from ._depends import Dependency
from ._errors import HTTPError
from ._handlers import Guard, Handler, Middleware
from ._problems import ErrorHandlers, answering
from ._request import Request
from ._response import Response

T = TypeVar("T")


def several(name: str, given: Iterable[T]) -> list[T]:
    """The middleware or the guards of a layer or a route, as a list.

    Raises:
        TypeError: it is one, and no list of them.
    """
    if not isinstance(given, Iterable):
        raise TypeError(f"{name}={given!r} is not several: write {name}=[...], for one, too")
    return list(given)


def fold(
    handler: Handler, middleware: Iterable[Middleware], levels: Sequence[ErrorHandlers]
) -> Handler:
    """Wrap a handler: the first middleware is the outermost.

    What a handler or a middleware raises is answered before the middleware around it goes on.

    Args:
        handler: what is innermost.
        middleware: what goes around it.
        levels: the error handlers of the groups that these stand in, the nearest first.

    Raises:
        TypeError: a middleware gave something that cannot be called.
    """
    for wrap in reversed(list(middleware)):
        handler = wrap(answering(handler, levels))
        if not callable(handler):
            raise TypeError(
                f"Middleware {wrap!r} returned {handler!r}: it must return a handler, "
                "an async function from request to response"
            )
    return handler


def responding(handler: Handler) -> Handler:
    """Refuse what the outermost middleware of a route may give that is no response."""

    async def respond(request: Request[Any]) -> Response:
        response = await handler(request)
        return (
            response if response.__class__ is Response else as_response(response, request, handler)
        )

    return respond


def guarded(handler: Handler, guards: Sequence[Guard]) -> Handler:
    """Call each guard before the handler; one that raises refuses the request.

    Those made by `Depends` are no matter of this function: the endpoint asks them.
    """
    checks = [_check(guard) for guard in guards if not isinstance(guard, Dependency)]
    if not checks:
        return handler

    async def guard_then_handle(request: Request[Any]) -> Response:
        for check in checks:
            verdict = check(request)
            if isawaitable(verdict):
                verdict = await verdict
            if verdict is not None:  # False would let in whom it is to keep out
                raise TypeError(f"Guard {check!r} returned {verdict!r}: to refuse, it must raise")
        return await handler(request)

    return guard_then_handle


def _check(guard: Guard) -> Callable[[Request[Any]], Any]:
    """A guard as a function; those of `drystone_auth` ask who the request comes from.

    Raises:
        TypeError: it is no guard.
    """
    if callable(guard):
        return guard
    if not hasattr(guard, "denial"):
        raise TypeError(f"{guard!r} is no guard: a guard is called with the request")
    of_auth: Any = guard

    async def enforce(request: Request[Any]) -> None:
        await request.known_visit.enforce(of_auth, request)

    return enforce


def with_max_body(handler: Handler, size: int) -> Handler:
    """Let the handler read bodies of at most so many bytes."""

    async def limited(request: Request[Any]) -> Response:
        request.max_body = size
        return await handler(request)

    return limited


def with_timeout(handler: Handler, seconds: float) -> Handler:
    """Cancel the handler after so many seconds and answer 503 (RFC 9110, 15.6.4)."""

    async def timed(request: Request[Any]) -> Response:
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                return await handler(request)
        except TimeoutError:
            if not deadline.expired():
                raise  # the handler's own
            raise HTTPError(503, f"No answer within {seconds:g} seconds") from None

    return timed
