"""A handler's parameter made of the body as it is, or of the JSON in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from drystone._errors import ValidationError
from drystone._validation import json_decoder, pointer

from .values import MISSING, default_of

if TYPE_CHECKING:
    from drystone._request import Request

ReadBody: TypeAlias = "Callable[[Request[Any]], Awaitable[Any]]"
"""Reads the body of a request, once for all arguments that are made of it."""

Take: TypeAlias = "Callable[[Request[Any], Any], Any]"
"""Makes an argument of the body, which was read before; raises `ValidationError`."""


def body_taker(type: Any, default: Any) -> Take:
    """A function that makes a value of a type of the whole body.

    Args:
        type: bytes and str are the body as it is; anything else is read as JSON.
        default: the value where there is no body.

    Raises:
        TypeError: there is no way from a body to this type.
    """
    if type is bytes:
        return lambda request, body: body
    if type is str:
        return _take_text
    return _json_taker(type, default)


def _take_text(request: Request[Any], body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        _refuse(f"Not UTF-8: {error}")


def _refuse(detail: str) -> NoReturn:
    raise ValidationError([{"in": "body", "pointer": pointer(()), "detail": detail}])


def _json_taker(type: Any, default: Any) -> Take:
    decode = json_decoder(None if type is Any else type)

    def take(request: Request[Any], body: bytes) -> Any:
        if not body:
            if default is MISSING:
                _refuse("A body is required")
            return default_of(default)
        request.require_json()
        return decode(body)

    return take
