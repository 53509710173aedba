"""An exception becomes a response at the boundary where it was raised.

Such a boundary is around every handler and every middleware, so that the middleware outside of it
sees a response whatever happened: one that adds header fields adds them to each answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drystone._errors import ClientDisconnected, HTTPError, as_http_error
from drystone._handlers import Handler

from .log import log_error
from .problem import problem_response

if TYPE_CHECKING:
    from drystone._request import Request
    from drystone._response import Response

    from .catch import ErrorHandlers


def answering(handler: Handler, levels: Sequence[ErrorHandlers]) -> Handler:
    """Answer every exception of a handler.

    Args:
        handler: what is called.
        levels: the error handlers of the groups around it, the nearest first.
    """

    async def handle_or_answer(request: Request[Any]) -> Response:
        try:
            return await handler(request)
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
    return _default(request, error)


def _default(request: Request[Any], error: Exception) -> Response:
    log_error(request, error)
    known = as_http_error(error)
    if isinstance(error, ClientDisconnected):
        known = HTTPError(400, "The request is not complete")
    if known is None and request.app.debug:
        from .debug import debug_response

        return debug_response(request, error)
    return problem_response(
        request, known or HTTPError(500, "The server met an error it did not expect")
    )
