"""What a handler returned becomes a response.

A `Response` is itself; ``str`` is text, ``bytes`` an octet stream, None is 204 (or what the handler
has sent by itself), anything else JSON.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import StructMeta

from ._response import Response, encode_json, plain

if TYPE_CHECKING:
    from ._request import Request

_TEXT = ("content-type", "text/plain; charset=utf-8")
_JSON = ("content-type", "application/json")
_OCTETS = ("content-type", "application/octet-stream")


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


def to_response(result: Any, status: int = 200, request: Request[Any] | None = None) -> Response:
    """Make a response of a plain value.

    Args:
        result: what the handler returned.
        status: of the response, unless the handler made one itself.
        request: what it answers; it may have been answered already.

    Raises:
        TypeError: the value has no form in JSON, or is a plain tuple.
    """
    kind = type(result)
    if kind is str:
        return plain(result.encode(), status, _TEXT)
    if type(kind) is StructMeta or kind is dict or kind is list:
        return plain(encode_json(result), status, _JSON)
    if isinstance(result, Response):
        return result
    if kind is bytes:
        return plain(result, status, _OCTETS)
    if result is None:
        if request is not None and request.answered is not None:
            return request.answered
        return Response(b"", 204 if status == 200 else status)
    if isinstance(result, (bytes, bytearray, memoryview)):
        return plain(bytes(result), status, _OCTETS)
    if kind is tuple:
        raise TypeError(
            "A handler returned a tuple, which other frameworks take for (body, status): "
            "return json(value, status=...), text(...), html(...), or a list"
        )
    if isinstance(result, str) and not isinstance(result, Enum):
        return plain(str(result).encode(), status, _TEXT)  # markup of a template, for one
    return plain(encode_json(result), status, _JSON)
