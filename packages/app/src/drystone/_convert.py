"""What a handler returned becomes a response.

A `Response` is itself; ``str`` is text, ``bytes`` an octet stream, None is 204, anything else JSON.
"""

from __future__ import annotations

from ._response import Response, json, text

_OCTETS = (("content-type", "application/octet-stream"),)


def to_response(result: object, status: int = 200) -> Response:
    """Make a response of a plain value.

    Args:
        result: what the handler returned.
        status: of the response, unless the handler made one itself.

    Raises:
        TypeError: the value has no form in JSON.
    """
    kind = type(result)
    if kind is str:
        return text(result, status)  # type: ignore[arg-type]  # `type is` is no narrowing to mypy
    if isinstance(result, Response):
        return result
    if kind is bytes:
        return Response(result, status, _OCTETS)  # type: ignore[arg-type]
    if result is None:
        return Response(b"", 204 if status == 200 else status)
    return json(result, status)
