"""What a router raises in place of a match, as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import HTTPError
from ._response import Response

if TYPE_CHECKING:
    from ._request import Request


async def answer_miss(request: Request[Any], error: Exception) -> Response:
    """Answer a redirect or an OPTIONS that the router worked out.

    Raises:
        HTTPError: 404, or 405 with ``Allow``.
        Exception: what the router raised, where it is not about the request.
    """
    status = getattr(error, "status", None)
    if status in (301, 302, 307, 308):
        location = request.root_path + getattr(error, "location", "/")
        query = f"?{request.query_string}" if request.query_string else ""
        return Response(b"", status, {"location": location + query})
    if status == 204:
        return Response(b"", 204, {"allow": _allowed(error)})
    raise as_miss(error) or error from None


def as_miss(error: Exception) -> HTTPError | None:
    """A router's 404 or 405 as an `HTTPError`; None for anything else."""
    status = getattr(error, "status", None)
    if status == 404:
        return HTTPError(404, "Nothing is found at this address")
    if status == 405:
        allowed = _allowed(error)
        return HTTPError(405, f"This address answers {allowed}", headers={"allow": allowed})
    return None


def _allowed(error: Exception) -> str:
    return ", ".join(getattr(error, "allowed", ()))
