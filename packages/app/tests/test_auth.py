# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""drystone_auth in front of handlers."""

from typing import Any

import pytest
from drystone import App, Request, Response, compression, text, uncompressed
from drystone.auth import authentication, guarded
from drystone.testing import Client
from drystone_auth import (
    Authenticator,
    Basic,
    MemoryStore,
    Principal,
    SessionCookie,
    Sessions,
    Unauthorized,
    authenticated,
    roles,
)


async def check_password(name: str, password: str) -> Principal | None:
    if password != "secret":
        return None
    return Principal(id=name, roles=frozenset({"admin"} if name == "ada" else ()), scheme="basic")


def make_app() -> App[None]:
    store = MemoryStore()
    sessions = Sessions(store.sessions, cookie=SessionCookie.for_localhost())
    authenticator = Authenticator(sessions=sessions, schemes=(Basic(check_password),))
    app: App[None] = App(middleware=[compression(), authentication(authenticator)])

    @app.get("/who")
    async def who(request: Request[Any]):
        return request.principal.id if request.principal else "nobody"

    @app.get("/private", guards=[authenticated])
    async def private(request: Request[Any]):
        return "private"

    @app.get("/admin")
    @guarded(roles("admin"))
    async def admin():
        return "admin"

    @app.post("/login/{name}")
    async def login(request: Request[Any], name: str):
        await sessions.login(request.session, name)
        return ""

    @app.get("/count")
    async def count(request: Request[Any]):
        request.session["count"] = request.session.get("count", 0) + 1
        return {"count": request.session["count"]}

    @app.get("/fail")
    async def fail(request: Request[Any]):
        request.session["failed"] = True
        raise Unauthorized("no", challenges=['Cookie realm="x"'])

    @app.get("/cached")
    async def cached(request: Request[Any]):
        request.session["x"] = 1
        return text("", 200, {"cache-control": "private"})

    @app.get("/secret", middleware=[uncompressed])
    async def secret(request: Request[Any]):
        request.session["x"] = 2
        response = text("secret " * 1000, headers={"cache-control": "max-age=60"})
        response.headers.add("cache-control", "must-revalidate")
        return response

    kept = Response(status=303, headers={"location": "/who"})

    @app.post("/kept/{name}")
    async def keep_a_response(request: Request[Any], name: str):
        if name != "nobody":
            await sessions.login(request.session, name)
        return kept

    return app


ADA = {"authorization": "Basic YWRhOnNlY3JldA=="}
BOB = {"authorization": "Basic Ym9iOnNlY3JldA=="}
WRONG = {"authorization": "Basic Ym9iOndyb25n"}


async def test_principals_and_guards() -> None:
    async with Client(make_app(), headers={"sec-fetch-site": "same-origin"}) as client:
        assert (await client.get("/who")).text == "nobody"
        assert (await client.get("/who", headers=ADA)).text == "ada"
        refused = await client.get("/private")
        assert refused.status_code == 401
        assert any(
            value.startswith("Basic") for value in refused.headers.get_all("www-authenticate")
        )
        assert refused.headers.get("content-type") == "application/problem+json"
        assert (await client.get("/private", headers=BOB)).text == "private"
        assert (await client.get("/admin", headers=ADA)).text == "admin"
        assert (await client.get("/admin", headers=BOB)).status_code == 403
        assert (await client.get("/admin")).status_code == 401
        assert (await client.get("/who", headers=WRONG)).status_code == 401


async def test_a_new_session_lets_nothing_be_compressed_that_was_not_to_be() -> None:
    async with Client(make_app()) as client:
        secret = await client.get("/secret", headers={"accept-encoding": "gzip"})
        assert secret.headers.get_all("cache-control") == ["no-store, no-transform"]
        assert "content-encoding" not in secret.headers
        assert secret.headers["set-cookie"]


async def test_sessions() -> None:
    async with Client(make_app(), headers={"sec-fetch-site": "same-origin"}) as client:
        answer = await client.get("/count")
        assert answer.json() == {"count": 1}
        assert answer.headers.get("cache-control") == "no-store"
        assert (await client.get("/count")).json() == {"count": 2}
        assert (await client.post("/login/ada")).status_code == 200
        assert (await client.get("/who")).text == "ada"
        assert (await client.get("/cached")).headers.get("cache-control") == "private"
        answer = await client.get("/fail")
        assert answer.status_code == 401
        assert answer.headers.get("www-authenticate") == 'Cookie realm="x"'


async def test_forgeries_are_refused_before_any_handler() -> None:
    async with Client(make_app()) as client:
        headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
        assert (await client.post("/login/ada", headers=headers)).status_code == 403


async def test_errors_of_authentication_have_handlers_too() -> None:
    app = make_app()

    @app.error_handler(401)
    async def sign_in(request, error):
        return Response(b"", 303, {"location": "/sign-in"})

    async with Client(app) as client:
        answer = await client.get("/private")
        assert answer.status_code == 303
        assert "x-request-id" not in answer.headers


async def test_an_error_page_may_ask_who_was_refused() -> None:
    """The frame of all pages asks, also where the door itself refused: that must be no 500."""
    app = make_app()

    @app.error_handler(403)
    async def refused(request: Request[Any], error: Exception):
        request.session["told"] = "never stored"
        return f"{request.principal} {request.session.pop('told')} {len(request.session)}"

    async with Client(app, headers={"host": "localhost"}) as client:
        await client.post("/login/ada")
        answer = await client.post("/login/eve", headers={"sec-fetch-site": "cross-site"})
        assert (answer.status_code, answer.text) == (403, "None never stored 0")
        assert "set-cookie" not in answer.headers
        assert (await client.get("/who")).text == "ada"


def test_a_guard_above_the_route_would_guard_nothing() -> None:
    app: App[None] = App()

    with pytest.raises(TypeError, match=r"write @guarded below"):

        @guarded(authenticated)
        @app.get("/")
        async def home(request):
            return ""


async def test_guards_add_up_and_may_be_functions() -> None:
    app: App[None] = App()
    order: list[str] = []

    class Handlers:
        __slots__ = ()

        @guarded(lambda request: order.append("outer"))
        @guarded(lambda request: order.append("inner"))
        async def method(self) -> str:
            return "method"

    class Unreferable:
        __slots__ = ()

        async def __call__(self) -> str:
            return "object"

    app.add_route("/", Handlers().method, guards=[lambda request: order.append("route")])
    app.add_route("/object", Unreferable())
    async with Client(app) as client:
        assert (await client.get("/")).text == "method"
        assert order == ["route", "outer", "inner"]
        assert (await client.get("/object")).text == "object"


async def test_a_response_that_is_sent_twice_hands_no_session_on() -> None:
    app = make_app()
    async with Client(app) as ann:
        answer = await ann.post("/kept/ann", headers={"host": "localhost"})
        assert answer.status_code == 303
        assert len(answer.headers.get_all("set-cookie")) == 1
        assert answer.headers.get("location") == "/who"
    async with Client(app) as stranger:
        answer = await stranger.post("/kept/nobody", headers={"host": "localhost"})
        assert answer.headers.get("set-cookie") is None
        assert answer.headers.get("cache-control") is None
    async with Client(app) as bob:
        answer = await bob.post("/kept/bob", headers={"host": "localhost"})
        assert len(answer.headers.get_all("set-cookie")) == 1
