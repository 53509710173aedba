"""Who may do what, and how the handlers ask who it is.

The middleware in ``app.py`` has recognised the sender before any of this: ``request.principal`` and
``request.session`` are there, and what another site's page made a browser send is refused.
"""

from drystone import Request
from drystone_auth import fresh, predicate, scopes

from .services import Services
from .users import READ, WRITE

# Pages are for people with a browser; an API key opens the API only.
in_person = predicate(lambda principal, request: principal.scheme == "session", "no session")
in_person_lately = in_person & fresh(within=600)
may_read = scopes(READ)
may_write = scopes(READ, WRITE)


def visitor(request: Request[Services]) -> str | None:
    """The name of who is signed in, None for a stranger or a program."""
    found = request.principal
    return str(found.attributes["name"]) if found and found.scheme == "session" else None


def user_id(request: Request[Services]) -> str:
    """The id of the user, behind a guard."""
    if request.principal is None:
        raise RuntimeError(f"{request.path} has no guard")
    return request.principal.id


def owner(request: Request[Services]) -> int:
    """The same id as the notes have it."""
    return int(user_id(request))


def user_name(request: Request[Services]) -> str:
    """The name of the user, behind a guard."""
    return visitor(request) or ""


def tell(request: Request[Services], message: str) -> None:
    """Have the next page say this once."""
    request.session["message"] = message


def told(request: Request[Services]) -> str | None:
    """What the page before wanted to be said."""
    message: str | None = request.session.pop("message", None)
    return message
