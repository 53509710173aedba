"""A handler's parameter made of the body as it is, or of the JSON in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from drystone._errors import ValidationError
from drystone._validation import json_decoder, pointer

from .values import MISSING, Extract, default_of

if TYPE_CHECKING:
    from drystone._request import Request


def read_body_as(type: Any, default: Any) -> Extract:
    """A function that reads the body as a type.

    Args:
        type: bytes and str are the body as it is; anything else is read as JSON.
        default: the value where there is no body.

    Raises:
        TypeError: there is no way from a body to this type.
    """
    if type is bytes:
        return _read_bytes
    if type is str:
        return _read_text
    return _json_reader(type, default)


async def _read_bytes(request: Request[Any]) -> bytes:
    return await request.body()


async def _read_text(request: Request[Any]) -> str:
    body = await request.body()
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        _refuse(f"Not UTF-8: {error}")


def _refuse(detail: str) -> NoReturn:
    raise ValidationError([{"in": "body", "pointer": pointer(()), "detail": detail}])


def _json_reader(type: Any, default: Any) -> Extract:
    decode = json_decoder(None if type is Any else type)

    async def read(request: Request[Any]) -> Any:
        body = await request.body()
        if not body:
            if default is MISSING:
                _refuse("A body is required")
            return default_of(default)
        request.require_json()
        return decode(body)

    return read
