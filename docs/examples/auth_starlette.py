"""A Starlette application with a login, sessions, an API key and guards.

Run it with ``uvicorn auth_starlette:app``, and sign up first.
"""

from drystone_auth import (
    AccessTokens,
    Account,
    APIKey,
    Authenticator,
    LoginThrottle,
    MemoryStore,
    PasswordLogin,
    PasswordRejected,
    Passwords,
    Principal,
    SessionCookie,
    Sessions,
    authenticated,
    fresh,
    normalise_account,
    roles,
)
from drystone_auth.asgi import AuthMiddleware, guarded, principal_of, session_of
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

store = MemoryStore()  # or SQLiteStore("auth.db"), which outlives the process
passwords = Passwords()
accounts: dict[str, Account] = {}


async def find_account(name: str) -> Account | None:
    return accounts.get(normalise_account(name))


async def save_hash(user_id: str, new_hash: str) -> None:
    accounts[user_id] = Account(accounts[user_id].principal, new_hash)


async def find_user(user_id: str) -> Principal | None:
    account = accounts.get(user_id)
    return account.principal if account else None


# Over TLS leave the cookie out: the default is a __Host- cookie that needs TLS.
sessions = Sessions(store.sessions, cookie=SessionCookie.for_localhost())
keys = AccessTokens(store.access_tokens, find_user=find_user)
authenticator = Authenticator(
    sessions=sessions, find_user=find_user, schemes=(APIKey(keys.verify),)
)
logins = PasswordLogin(
    find_account,
    passwords,
    save_hash=save_hash,
    throttle=LoginThrottle(store.attempts),
    challenges=authenticator.challenges,
)


async def sign_up(request: Request) -> Response:
    form = await request.json()
    name = normalise_account(form["name"])
    try:
        account = Account(Principal(name), await passwords.hash(form["password"]))
    except PasswordRejected as error:  # too short, too long, too common
        return PlainTextResponse(str(error), 422)
    if accounts.setdefault(name, account) is not account:  # in a database: a unique name
        return PlainTextResponse("this name is taken", 409)
    return PlainTextResponse("welcome", 201)


async def log_in(request: Request) -> Response:
    form = await request.json()
    address = request.client.host if request.client else ""
    user = await logins.check(form["name"], form["password"], address=address)
    await sessions.login(
        session_of(request),
        user.id,
        remember=form.get("remember", False),
        user_agent=request.headers.get("user-agent", ""),
        address=address,
    )
    return PlainTextResponse("signed in")


async def log_out(request: Request) -> Response:
    await sessions.logout(session_of(request))
    return RedirectResponse("/", 303)


async def home(request: Request) -> Response:
    user = principal_of(request)
    return PlainTextResponse(f"hello {user.id if user else 'stranger'}")


@guarded(authenticated)
async def visits(request: Request) -> Response:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JSONResponse({"user": request.user.id, "visits": request.session["visits"]})


@guarded(authenticated & fresh(within=300))
async def new_key(request: Request) -> Response:
    secret, _ = await keys.issue(request.user.id, label="laptop", lifetime=30 * 86400)
    return PlainTextResponse(secret, 201)


@guarded(roles("admin"))
async def admin(request: Request) -> Response:
    return PlainTextResponse("the keys of the house")


app = Starlette(
    routes=[
        Route("/", home),
        Route("/sign-up", sign_up, methods=["POST"]),
        Route("/log-in", log_in, methods=["POST"]),
        Route("/log-out", log_out, methods=["POST"]),
        Route("/visits", visits),
        Route("/keys", new_key, methods=["POST"]),
        Route("/admin", admin),
    ],
    middleware=[Middleware(AuthMiddleware, authenticator=authenticator)],
)
