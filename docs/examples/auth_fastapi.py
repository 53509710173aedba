"""A FastAPI application with a login, sessions and guards as dependencies.

Run it with ``uvicorn auth_fastapi:app``.
"""

from typing import Annotated, Any

from drystone_auth import (
    Account,
    Authenticator,
    Guard,
    LoginThrottle,
    MemoryStore,
    PasswordLogin,
    PasswordRejected,
    Passwords,
    Principal,
    SessionCookie,
    Sessions,
    authenticated,
    normalise_account,
    roles,
)
from drystone_auth.asgi import AuthMiddleware, require, session_of
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel

store = MemoryStore()
passwords = Passwords()
accounts: dict[str, Account] = {}
sessions = Sessions(store.sessions, cookie=SessionCookie.for_localhost())


async def find_account(name: str) -> Account | None:
    return accounts.get(normalise_account(name))


async def save_hash(user_id: str, new_hash: str) -> None:
    accounts[user_id] = Account(accounts[user_id].principal, new_hash)


async def find_user(user_id: str) -> Principal | None:
    return accounts[user_id].principal if user_id in accounts else None


authenticator = Authenticator(sessions=sessions, find_user=find_user)
logins = PasswordLogin(
    find_account,
    passwords,
    save_hash=save_hash,
    throttle=LoginThrottle(store.attempts),
    challenges=authenticator.challenges,
)


def allowed(guard: Guard) -> Any:
    """Make a dependency that gives the principal, or answers 401 or 403."""

    async def check(request: Request) -> Principal:
        return await require(request, guard)

    return Depends(check)


class Credentials(BaseModel):
    name: str
    password: str


app = FastAPI()
app.add_middleware(AuthMiddleware, authenticator=authenticator)


@app.post("/sign-up", status_code=201)
async def sign_up(form: Credentials) -> str:
    name = normalise_account(form.name)
    try:
        account = Account(Principal(name), await passwords.hash(form.password))
    except PasswordRejected as error:  # too short, too long, too common
        raise HTTPException(422, str(error)) from None
    if accounts.setdefault(name, account) is not account:  # in a database: a unique name
        raise HTTPException(409, "this name is taken")
    return "welcome"


@app.post("/log-in")
async def log_in(form: Credentials, request: Request) -> str:
    address = request.client.host if request.client else ""
    user = await logins.check(form.name, form.password, address=address)
    await sessions.login(session_of(request), user.id, address=address)
    return "signed in"


@app.post("/log-out")
async def log_out(request: Request) -> str:
    await sessions.logout(session_of(request))
    return "signed out"


@app.get("/me")
async def me(user: Annotated[Principal, allowed(authenticated)]) -> str:
    return user.id


@app.get("/admin", dependencies=[allowed(roles("admin"))])
def admin() -> str:
    return "the keys of the house"
