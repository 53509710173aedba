"""Who is asking: the session around every request, and the guards in front of what is private."""

from drystone import Guard, Handler, Key, Request, Response
from drystone_auth import (
    CrossOriginProtection,
    Principal,
    Session,
    authenticated,
    enforce,
    fresh,
    scopes,
)
from drystone_auth import Guard as Condition

from .services import Services
from .users import READ, WRITE

SESSION: Key[Session] = Key("session")
PRINCIPAL: Key[Principal] = Key("principal")

protection = CrossOriginProtection()


def with_session(handler: Handler) -> Handler:
    """Middleware: load the session before the handler, store what it changed afterwards."""

    async def handle(request: Request[Services]) -> Response:
        sessions = request.app.state.sessions
        session = request.state[SESSION] = await sessions.load(request)
        response = await handler(request)
        for cookie in await sessions.commit(session):
            response.headers.add("set-cookie", cookie)
        return response

    return handle


def same_site(request: Request[Services]) -> None:
    """Guard: refuse what another site's page makes a browser send."""
    protection.check(request)


def person(condition: Condition) -> Guard:
    """Guard: somebody who is signed in with a browser, and for whom the condition holds."""

    async def check(request: Request[Services]) -> None:
        await enforce(
            condition,
            await find_person(request),
            request,
            challenges=request.app.state.by_session.challenges,
        )

    return check


def program(condition: Condition) -> Guard:
    """Guard: an API key, or else a person, for whom the condition holds."""

    async def check(request: Request[Services]) -> None:
        services = request.app.state
        found = await services.by_token.authenticate(request)
        if found is not None:
            request.state[PRINCIPAL] = found
        await enforce(
            condition,
            found or await find_person(request),
            request,
            challenges=services.by_token.challenges + services.by_session.challenges,
        )

    return check


signed_in = person(authenticated)
signed_in_recently = person(fresh(within=600))
may_read = program(scopes(READ))
may_write = program(scopes(READ, WRITE))


async def find_person(request: Request[Services]) -> Principal | None:
    """Who is signed in by the session, looked up once for each request."""
    session = request.state.get(SESSION)
    if PRINCIPAL not in request.state and session is not None:
        found = await request.app.state.by_session.principal_of(session)
        if found is not None:
            request.state[PRINCIPAL] = found
    return request.state.get(PRINCIPAL)


def owner(request: Request[Services]) -> int:
    """The id of the user, behind a guard."""
    return int(request.state[PRINCIPAL].id)


def user_name(request: Request[Services]) -> str:
    """The name of the user, behind a guard."""
    return str(request.state[PRINCIPAL].attributes["name"])


def tell(request: Request[Services], message: str) -> None:
    """Have the next page say this once."""
    request.state[SESSION]["message"] = message


def told(request: Request[Services]) -> str | None:
    """What the page before wanted to be said."""
    message: str | None = request.state[SESSION].pop("message", None)
    return message
