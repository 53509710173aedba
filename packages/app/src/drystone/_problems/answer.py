"""An exception becomes a response at the boundary where it was raised.

Such a boundary is around every handler and every middleware, so that the middleware outside of it
sees a response whatever happened: one that adds header fields adds them to each answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drystone._convert import as_response
from drystone._errors import ClientDisconnected, HTTPError, as_http_error
from drystone._handlers import Handler
from drystone._response import Response

from .catch import only_error
from .log import log_error
from .problem import problem_response

if TYPE_CHECKING:
    from drystone._request import Request

    from .catch import ErrorHandlers


def answering(handler: Handler, levels: Sequence[ErrorHandlers]) -> Handler:
    """Answer every exception of a handler.

    Args:
        handler: what is called.
        levels: the error handlers of the groups around it, the nearest first.
    """

    async def handle_or_answer(request: Request[Any]) -> Response:
        try:
            response = await handler(request)
            if response.__class__ is Response:
                return response
            return as_response(response, request, handler)
        except Exception as error:
            return await answer_error(request, error, levels)

    return handle_or_answer


def catching(handler: Handler, errors: ErrorHandlers) -> Handler:
    """Answer the exceptions of a handler that the group has functions for; the others go on."""

    async def handle_or_answer(request: Request[Any]) -> Response:
        try:
            return await handler(request)
        except Exception as error:
            response = await errors.answer(request, error)
            if response is None:
                raise
            return response

    return handle_or_answer


async def answer_error(
    request: Request[Any], error: Exception, levels: Sequence[ErrorHandlers]
) -> Response:
    """The response to an exception: by the nearest function for it, at last the default.

    What such a function raises goes on outward; to raise what it was given is to pass.
    """
    for errors in levels:
        try:
            response = await errors.answer(request, error)
        except Exception as another:
            error = another
        else:
            if response is not None:
                return response
    try:
        return _default(request, error)
    except Exception as another:  # its words have no form in UTF-8 or JSON
        log_error(request, another)
        return problem_response(request, _unexpected())


def _default(request: Request[Any], error: Exception) -> Response:
    known = as_http_error(only := only_error(error))
    log_error(request, only if known else error)
    if isinstance(error, ClientDisconnected):
        known = HTTPError(400, "The request is not complete")
    if known is None and request.app.debug:
        from .debug import debug_response

        return debug_response(request, error)
    return problem_response(request, known or _unexpected())


def _unexpected() -> HTTPError:
    return HTTPError(500, "The server met an error it did not expect")
