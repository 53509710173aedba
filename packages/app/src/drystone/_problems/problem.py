"""How an error is shown: Problem Details for programs (RFC 9457), a plain page for browsers."""

from __future__ import annotations

import logging
from html import escape
from typing import Any

from drystone._errors import HTTPError, ValidationError
from drystone._page import plain_page
from drystone._request import Request
from drystone._response import Response, encode_json

logger = logging.getLogger("drystone")


def problem_response(request: Request[Any], error: HTTPError) -> Response:
    """Answer an error in the form that the client prefers, with the id of the request."""
    if request.accepts("application/json", "text/html") == "text/html":
        title = f"{error.status} {error.title}"
        response = plain_page(title, _STYLE, _content(request, error), error.status)
    else:
        response = Response(encode_json(_problem(request, error)), error.status)
        response.headers["content-type"] = "application/problem+json"
    headers = response.headers
    headers["x-request-id"] = request.id
    headers["cache-control"] = "no-store"
    for name, _ in error.headers:
        headers.remove(name)
    for name, value in error.headers:
        headers.add(name, value)
    headers.vary("accept")
    return response


def server_problem(status: int, detail: str) -> Response:
    """Answer what the server refuses before there is a request, or could not send after it."""
    from drystone_parser import Headers

    request: Request[Any] = Request()
    request.headers = Headers(())
    error = HTTPError(status, detail)
    level = logging.ERROR if status >= 500 else logging.INFO
    logger.log(level, "The server answered %s (request %s)", error, request.id)
    return problem_response(request, error)


def _problem(request: Request[Any], error: HTTPError) -> dict[str, Any]:
    problem: dict[str, Any] = {"type": error.type, "title": error.title, "status": error.status}
    if error.detail:
        problem["detail"] = error.detail
    problem["request_id"] = request.id
    return problem | error.extra


def _content(request: Request[Any], error: HTTPError) -> str:
    faults = ""
    if isinstance(error, ValidationError):
        faults = "".join(
            f"<li><code>{escape(fault.get('name') or fault.get('pointer', ''))}</code> "
            f"{escape(fault.get('detail', ''))}</li>"
            for fault in error.errors
        )
    return _CONTENT.format(
        status=error.status,
        title=escape(error.title),
        detail=f"<p>{escape(error.detail)}</p>" if error.detail else "",
        faults=f"<ul>{faults}</ul>" if faults else "",
        request_id=escape(request.id),
    )


_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem;
       color-scheme: light dark; }
h1 { font-size: 1.5rem; font-weight: 600; }
small { opacity: .6; }
"""

_CONTENT = """<h1>{status} {title}</h1>
{detail}{faults}
<p><small>Request {request_id}</small></p>"""
