"""Which function answers an exception: by status, then by type, the nearest class first."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from drystone._convert import to_response
from drystone._errors import ClientDisconnected, as_http_error
from drystone._handlers import ErrorHandler
from drystone._response import Response

from .log import log_error

if TYPE_CHECKING:
    from drystone._request import Request


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
        return self._of_its_kind(error) or self._for_anything(error)

    def _of_its_kind(self, error: Exception) -> ErrorHandler | None:
        """The function for the nearest class; ``Exception`` is no kind but anything."""
        kinds = type(error).__mro__
        for kind in kinds[: kinds.index(Exception)]:
            if (handler := self._by_type.get(kind)) is not None:
                return handler
        return None

    def _for_anything(self, error: Exception) -> ErrorHandler | None:
        """The function for what nobody expected, under 500 or ``Exception``."""
        is_unexpected = as_http_error(error) is None and not isinstance(error, ClientDisconnected)
        handler = self._by_status.get(500) if is_unexpected else None
        return handler or self._by_type.get(Exception)

    async def answer(self, request: Request[Any], error: Exception) -> Response | None:
        """Answer the exception; None where no function is for it.

        It is logged first, unless it is of a kind that the application answers by name.
        """
        if self._of_its_kind(error) is None:
            error = only_error(error)
        handler = self.find(error)
        if handler is None:
            return None
        known = as_http_error(error)
        if known is not None or self._of_its_kind(error) is None:
            log_error(request, error)
        result = handler(request, error)
        if isawaitable(result):
            result = await result
        response = to_response(result, known.status if known is not None else 500)
        if response.status >= 400:
            response.headers.setdefault("x-request-id", request.id)
        return response


def only_error(error: Exception) -> Exception:
    """What a group of exceptions holds, if that is one: a `TaskGroup` wraps what a task raised."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        (error,) = error.exceptions
    return error


def _is_exception_type(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)
