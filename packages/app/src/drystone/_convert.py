"""What a handler returned becomes a response.

A `Response` is itself; ``str`` is text, ``bytes`` an octet stream, None is 204 (or what the handler
has sent by itself), anything else JSON.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ._response import Response, encode_json

if TYPE_CHECKING:
    from ._request import Request

_TEXT = (("content-type", "text/plain; charset=utf-8"),)
_JSON = (("content-type", "application/json"),)
_USUALLY_JSON = (Struct, dict, list)
_OCTETS = (("content-type", "application/octet-stream"),)


def as_response(result: Any, request: Request[Any], handler: Any) -> Response:
    """What a middleware gave, if it is a response, or the one that it sent by itself.

    Raises:
        TypeError: it is none.
    """
    if isinstance(result, Response):
        return result
    if result is None and request.answered is not None:
        return request.answered
    name = getattr(handler, "__qualname__", repr(handler))
    raise TypeError(
        f"{name} answered {result!r}, which is no Response: a middleware returns what the handler "
        "inside of it gave, or a Response of its own"
    )


def to_response(result: object, status: int = 200, request: Request[Any] | None = None) -> Response:
    """Make a response of a plain value.

    Args:
        result: what the handler returned.
        status: of the response, unless the handler made one itself.
        request: what it answers; it may have been answered already.

    Raises:
        TypeError: the value has no form in JSON, or is a plain tuple.
    """
    if type(result) is str:
        return Response(result.encode(), status, _TEXT)
    if isinstance(result, Response):
        return result
    if isinstance(result, _USUALLY_JSON):
        return Response(encode_json(result), status, _JSON)
    if type(result) is bytes:
        return Response(result, status, _OCTETS)
    if result is None:
        if request is not None and request.answered is not None:
            return request.answered
        return Response(b"", 204 if status == 200 else status)
    if isinstance(result, (bytes, bytearray, memoryview)):
        return Response(bytes(result), status, _OCTETS)
    if type(result) is tuple:
        raise TypeError(
            "A handler returned a tuple, which other frameworks take for (body, status): "
            "return json(value, status=...), text(...), html(...), or a list"
        )
    if isinstance(result, str) and not isinstance(result, Enum):
        return Response(str(result).encode(), status, _TEXT)  # markup of a template, for one
    return Response(encode_json(result), status, _JSON)
