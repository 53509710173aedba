"""Which function answers an exception: by status, then by type, the nearest class first."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from ._convert import to_response
from ._errors import as_http_error
from ._interfaces import ErrorHandler, Handler
from ._response import Response

if TYPE_CHECKING:
    from ._request import Request


class ErrorHandlers:
    """The exception handlers of one group."""

    def __init__(self) -> None:
        self._by_status: dict[int, ErrorHandler] = {}
        self._by_type: dict[type[BaseException], ErrorHandler] = {}

    def __bool__(self) -> bool:
        return bool(self._by_status or self._by_type)

    def add(self, kind: int | type[Exception], handler: ErrorHandler) -> None:
        """Have a function answer a status of `HTTPError`, or a type of exception.

        Raises:
            TypeError: neither a status nor a type of exception.
        """
        if isinstance(kind, int):
            self._by_status[kind] = handler
        elif _is_exception_type(kind):
            self._by_type[kind] = handler
        else:
            raise TypeError(f"{kind!r} is neither a status nor a type of exception")

    def find(self, error: Exception) -> ErrorHandler | None:
        """The function for this exception, or None."""
        known = as_http_error(error)
        if known is not None and (handler := self._by_status.get(known.status)):
            return handler
        for kind in type(error).__mro__:
            handler = self._by_type.get(kind)
            if handler is not None:
                return handler
        return None

    async def answer(self, request: Request[Any], error: Exception) -> Response | None:
        """Answer the exception; None where no function is for it."""
        handler = self.find(error)
        if handler is None:
            return None
        result = handler(request, error)
        if isawaitable(result):
            result = await result
        known = as_http_error(error)
        response = to_response(result, known.status if known is not None else 500)
        if response.status >= 400:
            response.headers.setdefault("x-request-id", request.id)
        return response


def _is_exception_type(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


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
