"""How an error is shown: Problem Details for programs (RFC 9457), a plain page for browsers."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from ._errors import HTTPError
from ._response import Response, encode_json

if TYPE_CHECKING:
    from ._request import Request


def problem_response(request: Request[Any], error: HTTPError) -> Response:
    """Answer an error in the form that the client prefers, with the id of the request."""
    if request.accepts("application/json", "text/html") == "text/html":
        response = Response(_page(request, error).encode(), error.status)
        content_type = "text/html; charset=utf-8"
    else:
        response = Response(encode_json(_problem(request, error)), error.status)
        content_type = "application/problem+json"
    headers = response.headers
    headers["content-type"] = content_type
    if content_type.startswith("text/html"):
        headers["content-security-policy"] = _policy()
    headers["x-request-id"] = request.id
    headers["cache-control"] = "no-store"
    for name, _ in error.headers:
        headers.remove(name)
    for name, value in error.headers:
        headers.add(name, value)
    headers.vary("accept")
    return response


def _problem(request: Request[Any], error: HTTPError) -> dict[str, Any]:
    problem: dict[str, Any] = {"type": error.type, "title": error.title, "status": error.status}
    if error.detail:
        problem["detail"] = error.detail
    problem["request_id"] = request.id
    return problem | error.extra


def _page(request: Request[Any], error: HTTPError) -> str:
    faults = "".join(
        f"<li><code>{escape(fault.get('name') or fault.get('pointer', ''))}</code> "
        f"{escape(fault.get('detail', ''))}</li>"
        for fault in error.extra.get("errors", ())
    )
    return _TEMPLATE.format(
        style=_STYLE,
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


@cache
def _policy() -> str:
    """What the page may do: show its own style, known by its hash (CSP level 3, 2.3.1).

    It stays where a middleware sets the application's policy by default only; under one that
    forbids the style the page is plain, and readable.
    """
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


_TEMPLATE = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status} {title}</title>
<style>{style}</style>
<h1>{status} {title}</h1>
{detail}{faults}
<p><small>Request {request_id}</small></p>
</html>
"""
