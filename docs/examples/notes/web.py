"""What the handlers of pages share: headers, redirects, and errors as pages."""

from urllib.parse import urlencode

from drystone import Handler, HTTPError, Request, Response, html, redirect
from drystone_auth import FreshLoginRequired, Unauthorized

from .identity import tell, visitor
from .pages import errors
from .services import Services
from .store import NoteNotFound

HEADERS = {
    # Everything comes from here, nothing is inline, nobody may frame the pages.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    # Nothing private stays behind in a cache. Static files say otherwise themselves.
    "cache-control": "no-store",
}


def with_headers(handler: Handler) -> Handler:
    """Middleware: the security headers on every response."""

    async def handle(request: Request[Services]) -> Response:
        response = await handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return handle


def go_on(location: str, default: str = "/notes") -> Response:
    """Lead to ``location``, which a request asked for, if it is a place of ours."""
    try:
        return redirect(location if location.startswith("/") else default)
    except ValueError:  # it leads away
        return redirect(default)


async def show_error(request: Request[Services], error: Exception) -> Response:
    """Errors: a page for a person, Problem Details for a program."""
    if isinstance(error, NoteNotFound):
        error = HTTPError(404, "There is no such note")
    if request.accepts("application/json", "text/html") != "text/html":
        raise error  # the framework answers it with Problem Details
    if isinstance(error, FreshLoginRequired):
        return redirect(f"/confirm?{came_from(request)}")
    if isinstance(error, Unauthorized):
        if request.method == "POST":
            tell(request, "You were signed out. Sign in, then go back to what you wrote.")
        return redirect(f"/sign-in?{came_from(request)}")
    status: int = getattr(error, "status", 500)
    return html(errors.error(status, user=visitor(request)), status, getattr(error, "headers", {}))


async def show_failure(request: Request[Services], error: Exception) -> Response:
    """What nobody expected: the log has the traceback already, the sender shall not."""
    return await show_error(request, HTTPError(500, "It is our fault, and it was written down"))


def came_from(request: Request[Services]) -> str:
    """The query that leads back to a page that was asked for; a form has to be sent again."""
    return urlencode({"next": request.target} if request.method == "GET" else {})
