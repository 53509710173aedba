"""A Django application with a login, sessions and guards of drystone-auth, over ASGI.

Run it with ``uvicorn auth_django:app``. In a project, settings and views stand where they always
do; what is of drystone-auth is `Refusals` among the middleware and the last line of asgi.py.
"""

from typing import Any

import django
from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST
from drystone_auth import (
    Account,
    Authenticator,
    AuthError,
    LoginThrottle,
    MemoryStore,
    PasswordLogin,
    Passwords,
    Principal,
    SessionCookie,
    Sessions,
    authenticated,
    normalise_account,
)
from drystone_auth.asgi import AuthMiddleware, guarded, session_of


class Refusals:
    """Answers the `AuthError` of a view: Django would make it a 500 and let no wrapper see it."""

    sync_capable, async_capable = False, True

    def __init__(self, get_response: Any) -> None:
        self._get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> Any:
        return await self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, AuthError):
            return None
        response = HttpResponse(str(error), status=error.status, content_type="text/plain")
        for name, value in error.headers:  # a name may stand twice, and Django keeps one of each
            response[name] = f"{response[name]}, {value}" if name in response else value
        return response


settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["localhost"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", f"{__name__}.Refusals"],
)
django.setup()

store, passwords = MemoryStore(), Passwords()
accounts: dict[str, Account] = {}  # in a project: a model with the name and the hash


async def find_account(name: str) -> Account | None:
    return accounts.get(normalise_account(name))


async def save_hash(user_id: str, new_hash: str) -> None:
    accounts[user_id] = Account(Principal(user_id), new_hash)


sessions = Sessions(store.sessions, cookie=SessionCookie.for_localhost())
authenticator = Authenticator(sessions=sessions)
logins = PasswordLogin(
    find_account,
    passwords,
    save_hash=save_hash,
    throttle=LoginThrottle(store.attempts),
    challenges=authenticator.challenges,
)


@require_POST
async def log_in(request: HttpRequest) -> HttpResponse:
    address = request.META["REMOTE_ADDR"]
    user = await logins.check(request.POST["name"], request.POST["password"], address=address)
    await sessions.login(session_of(request), user.id, address=address)
    return HttpResponse("signed in")


@require_POST
async def log_out(request: HttpRequest) -> HttpResponse:
    await sessions.logout(session_of(request))
    return HttpResponse("signed out")


@guarded(authenticated)
async def visits(request: HttpRequest) -> HttpResponse:
    session = session_of(request)
    session["visits"] = session.get("visits", 0) + 1
    return HttpResponse(f"{session.user_id}: {session['visits']}")


urlpatterns = [path("log-in", log_in), path("log-out", log_out), path("visits", visits)]
app = AuthMiddleware(get_asgi_application(), authenticator=authenticator)
