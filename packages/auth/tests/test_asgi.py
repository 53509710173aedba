"""The ASGI middleware, driven by bare ASGI messages."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from drystone_auth import (
    AccessTokens,
    APIKey,
    Authenticator,
    Basic,
    Bearer,
    CrossOriginProtection,
    FreshLoginRequired,
    MemoryStore,
    Principal,
    RouteGuards,
    Sessions,
    StoreUnavailable,
    Unauthorized,
    anyone,
    authenticated,
    fresh,
    roles,
    scopes,
)
from drystone_auth.asgi import AuthMiddleware, guarded, principal_of, require, session_of
from drystone_auth.testing import Recorder

App = Callable[..., Awaitable[None]]


class Client:
    """Speaks ASGI to an application, and keeps cookies."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.cookie = ""
        self.sent: list[dict[str, Any]] = []

    async def request(
        self,
        path: str = "/",
        method: str = "GET",
        *,
        kind: str = "http",
        extensions: dict[str, Any] | None = None,
        headers: list[tuple[str, str]] | None = None,
        raw_path: bytes | None = None,
    ) -> int:
        fields = [*(headers or []), ("Host", "notes.example")]
        if self.cookie:
            fields.append(("Cookie", self.cookie))
        scope = {
            "type": kind,
            "method": method,
            "path": path,
            "raw_path": raw_path,
            "query_string": b"api_key=in-query",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in fields],
            "extensions": extensions,
        }
        if kind == "websocket":
            del scope["method"]
        self.sent = []
        await self.app(scope, self.receive, self.send)
        return int(self.sent[0].get("status", 0))

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.debug":
            return  # frameworks send such things before the response begins
        self.sent.append(message)
        for value in self.values("set-cookie"):
            self.cookie = value.partition(";")[0]

    def values(self, name: str) -> list[str]:
        return [
            value.decode("latin-1")
            for found, value in self.sent[0].get("headers", [])
            if found == name.encode()
        ]

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


class Asking:
    """A framework's request: it has the scope."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope


async def answer(send: Any, text: str, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.debug", "info": {}})
    await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
    await send({"type": "http.response.body", "body": text.encode()})


def serving(sessions: Sessions) -> App:
    """A small application: login, logout, and pages with guards."""

    @guarded(roles("admin") & fresh())
    async def admin(request: Any, send: Any) -> None:
        await answer(send, "admin")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        request, path = Asking(scope), scope["path"]
        if path == "/login":
            await sessions.login(session_of(request), "ann")
            await answer(send, "welcome")
        elif path == "/logout":
            await sessions.logout(session_of(request))
            await answer(send, "bye", (b"Cache-Control", b"private"))
        elif path == "/write":
            session_of(scope)["seen"] = 1
            await answer(send, "written")
        elif path == "/admin":
            await admin(request=request, send=send)
        elif path == "/write-then-refuse":
            session_of(scope)["seen"] = 2
            raise Unauthorized("because")
        elif path == "/late":
            await answer(send, "begun")
            raise Unauthorized("too late")
        elif path == "/scopes":
            principal = await require(request, scopes("write"))
            await answer(send, principal.id)
        else:
            who = principal_of(request)
            await answer(
                send, f"{who.id if who else 'stranger'} {who.scheme if who else ''}".strip()
            )

    return app


async def verify(token: str) -> Principal | None:
    allowed = {"good": frozenset({"read"}), "writer": frozenset({"write"})}
    return Principal("robot", scopes=allowed[token]) if token in allowed else None


async def password(username: str, word: str) -> Principal | None:
    return Principal(username) if word == "right" else None


async def find(user_id: str) -> Principal | None:
    return Principal(user_id, roles=frozenset({"admin"}))


def client(
    sessions: Sessions | None = None, *, routes: RouteGuards | None = None, app: App | None = None
) -> Client:
    sessions = sessions or Sessions(MemoryStore().sessions, observe=Recorder())
    authenticator = Authenticator(
        sessions=sessions,
        find_user=find,
        schemes=(Bearer(verify), Basic(password), APIKey(verify)),
        routes=routes,
        observe=Recorder(),
    )
    return Client(AuthMiddleware(app or serving(sessions), authenticator))


async def test_log_in_visit_log_out() -> None:
    browser = client()

    assert await browser.request("/whoami") == 200
    assert browser.body == "stranger"
    assert browser.values("cache-control") == []
    assert await browser.request("/login", "POST") == 200
    assert browser.values("set-cookie")[0].endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert browser.values("cache-control") == ["no-store"]
    assert await browser.request("/whoami") == 200
    assert browser.body == "ann session"
    assert await browser.request("/admin") == 200
    await browser.request("/logout", "POST")
    assert browser.values("cache-control") == ["private"]  # the application's own, which will do
    assert await browser.request("/whoami") == 200
    assert browser.body == "stranger"
    assert await browser.request("/admin") == 401
    assert [text.partition(" ")[0] for text in browser.values("www-authenticate")] == [
        "Bearer",
        "Basic",
        "ApiKey",
        "Cookie",
    ]


@pytest.mark.parametrize(
    ("name", "value", "who"),
    [
        ("Authorization", "Bearer good", "robot bearer"),
        ("Authorization", "Basic YW5uOnJpZ2h0", "ann basic"),
        ("X-API-KEY", "good", "robot api-key"),
    ],
)
async def test_other_schemes(name: str, value: str, who: str) -> None:
    api = client()

    assert await api.request("/whoami", headers=[(name, value)]) == 200
    assert api.body == who


@pytest.mark.parametrize(
    ("fields", "status", "challenges"),
    [
        ([("Authorization", "Bearer bad")], 401, ["Bearer", "Basic", "ApiKey", "Cookie"]),
        ([("Authorization", "Bearer good"), ("Authorization", "Bearer good")], 400, ["Bearer"]),
        ([("authorization", "Basic YW5uOnJpZ2h0"), ("Authorization", "Basic YW5uOnJpZ2h0")], 401,
         ["Basic", "Bearer", "ApiKey", "Cookie"]),
        ([("X-API-Key", "good"), ("X-API-Key", "good")], 400, ["ApiKey"]),
    ],
)  # fmt: skip
async def test_wrong_and_repeated_credentials(
    fields: list[tuple[str, str]], status: int, challenges: list[str]
) -> None:
    api = client()

    assert await api.request("/whoami", headers=fields) == status
    assert [text.partition(" ")[0] for text in api.values("www-authenticate")] == challenges
    assert "good" not in api.body


async def test_cookie_fields_are_joined_and_a_second_session_cookie_seen() -> None:
    browser = client()
    await browser.request("/login", "POST")

    await browser.request("/whoami", headers=[("Cookie", "a=b")])
    assert browser.body == "ann session"
    await browser.request("/whoami", headers=[("Cookie", browser.cookie)])
    assert browser.body == "stranger"


CROSS = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([], 403),
        ([("Authorization", "Basic YW5uOnJpZ2h0")], 403),
        ([("Authorization", "Bearer good")], 200),
        ([("X-API-Key", "good")], 200),
        ([("Authorization", "Bearer good"), ("Cookie", "a=b")], 403),
    ],
)
async def test_forgeries_are_refused_unless_the_credentials_were_sent_on_purpose(
    fields: list[tuple[str, str]], status: int
) -> None:
    api = client()

    assert await api.request("/write", "POST", headers=[*CROSS, *fields]) == status
    assert await api.request("/whoami", headers=[*CROSS, *fields]) == 200


async def test_a_role_is_looked_up_and_a_scope_is_the_tokens() -> None:
    api = client()

    assert await api.request("/scopes", headers=[("Authorization", "Bearer good")]) == 403
    assert api.values("www-authenticate") == ['Bearer error="insufficient_scope", scope="write"']
    assert api.body == "This is not allowed."
    assert await api.request("/scopes", headers=[("Authorization", "Bearer writer")]) == 200
    assert api.body == "robot"


async def test_path_guards_refuse_by_default() -> None:
    routes = RouteGuards({"/login": anyone, "/whoami": authenticated, "/admin": roles("admin")})
    browser = client(routes=routes)

    assert await browser.request("/whoami") == 401
    assert await browser.request("/forgotten") == 401
    assert await browser.request("/login", "POST") == 200
    assert await browser.request("/whoami") == 200
    assert await browser.request("/forgotten") == 403
    assert await browser.request("/whoami", raw_path=b"/whoami%2Fadmin") == 403


async def test_what_a_refused_request_wrote_is_kept() -> None:
    browser = client()

    assert await browser.request("/write-then-refuse") == 401
    assert browser.cookie.startswith("__Host-session=")
    assert browser.values("cache-control") == ["no-store"]


async def test_no_shared_cache_stores_a_session_cookie() -> None:
    """An application that calls its pages public would have a cache hand out the cookie."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        session_of(scope)["seen"] = 1
        await answer(send, "ok", (b"Cache-Control", b"public"), (b"cache-control", b"max-age=60"))

    browser = client(app=app)
    await browser.request()
    assert browser.values("cache-control") == ["no-store"]
    await browser.request()
    assert browser.values("set-cookie") == []
    assert browser.values("cache-control") == ["max-age=60"]  # no cookie, so it is theirs to say


async def test_refusals_at_the_door_are_told_to_the_observer() -> None:
    audit = Recorder()
    app = AuthMiddleware(serving(Sessions(MemoryStore().sessions)), Authenticator(
        schemes=(Bearer(verify),), observe=audit
    ))  # fmt: skip
    await Client(app).request(headers=[("Authorization", "Bearer bad")])
    await Client(app).request(method="POST", headers=CROSS)

    assert [getattr(event, "reason", "") for event in audit.events] == [
        "bearer token did not verify",
        "Sec-Fetch-Site is 'cross-site', Origin 'https://evil.example'",
    ]


async def test_a_refusal_after_the_response_began_is_the_servers_matter() -> None:
    with pytest.raises(Unauthorized):
        await client().request("/late")


class Failing:
    """A session store that fails after a number of calls."""

    def __init__(self, good: int) -> None:
        self.left = good
        self.store = MemoryStore().sessions

    def __getattr__(self, name: str) -> Any:
        self.left -= 1
        if self.left < 0:
            raise StoreUnavailable("the store is down")
        return getattr(self.store, name)


@pytest.mark.parametrize(
    ("path", "good"), [("/write", 0), ("/write-then-refuse", 0), ("/login", 0)]
)
async def test_a_store_that_fails_is_503_and_sets_no_cookie(path: str, good: int) -> None:
    browser = client(Sessions(Failing(good), observe=Recorder()))

    assert await browser.request(path, "POST") == 503
    assert browser.values("set-cookie") == []
    assert browser.body == "The service is temporarily unavailable."


async def test_a_store_that_fails_before_the_handler_is_503_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing = Failing(1)
    browser = client(Sessions(failing, observe=Recorder()))
    await browser.request("/login", "POST")

    assert await browser.request("/whoami") == 503
    assert caplog.messages == ["answered 503: the store is down"]
    assert caplog.records[0].exc_info is not None


async def test_lifespan_passes_through() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await AuthMiddleware(app, Authenticator())({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    assert seen == ["lifespan"]


async def test_starlettes_names_are_these_objects() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        assert scope["session"] is session_of(scope)
        await answer(send, "ok")

    await client(app=app).request(headers=[("X-API-Key", "good")])
    assert seen["user"].id == "robot"


async def test_without_sessions_there_is_none() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert "session" not in scope
        with pytest.raises(RuntimeError, match=r"Authenticator\(sessions=...\)"):
            session_of(scope)
        with pytest.raises(RuntimeError, match="admits anyone"):
            await require(scope, anyone)
        await answer(send, "ok")

    assert await Client(AuthMiddleware(app, Authenticator())).request() == 200


async def test_without_the_middleware_the_error_says_so() -> None:
    for act in (principal_of, session_of):
        with pytest.raises(RuntimeError, match="AuthMiddleware is not installed"):
            act(Asking({}))


def test_guarded_refuses_what_it_cannot_guard() -> None:
    def plain(request: Any) -> None: ...

    async def without() -> None: ...

    for endpoint in (plain, without):
        with pytest.raises(TypeError, match="async endpoint with a parameter request"):
            guarded(authenticated)(endpoint)  # type: ignore[arg-type]


async def test_guarded_finds_the_request_by_name_or_place() -> None:
    @guarded(authenticated)
    async def endpoint(first: int, request: Any) -> int:
        return first

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert await endpoint(1, Asking(scope)) == 1
        assert await endpoint(request=Asking(scope), first=2) == 2
        await answer(send, "ok")

    browser = client(app=app)
    assert await browser.request() == 401
    assert await browser.request(headers=[("X-API-Key", "good")]) == 200


# --- WebSockets


def channel(*, write: bool = True, accept: bool = True) -> App:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        session = session_of(scope)
        if write:
            session["opened"] = 1
        if not accept:
            raise Unauthorized("no")
        await send({"type": "websocket.accept"})
        session["later"] = 2
        await send({"type": "websocket.send", "text": "hi"})

    return app


async def test_a_websocket_gets_the_cookie_and_keeps_what_it_writes_later() -> None:
    store = MemoryStore()
    sessions = Sessions(store.sessions, observe=Recorder())
    browser = client(sessions, app=channel())
    await browser.request(kind="websocket")

    assert browser.sent[0]["type"] == "websocket.accept"
    assert browser.cookie.startswith("__Host-session=")
    ((_, data),) = store.sessions._by_handle.values()
    assert data == {"opened": "1", "later": "2"}


async def test_a_websocket_from_another_site_is_not_opened() -> None:
    """Cross-site WebSocket hijacking: no CORS there, and the cookies would come along."""
    browser = client(app=channel())

    await browser.request(kind="websocket", headers=CROSS)
    assert browser.sent == [
        {
            "type": "websocket.close",
            "code": 1008,
            "reason": "Requests from other sites are not allowed.",
        }
    ]
    await browser.request(kind="websocket", headers=[("Origin", "https://notes.example")])
    assert browser.sent[0]["type"] == "websocket.accept"


async def test_a_websocket_is_refused_with_a_status_where_the_server_can() -> None:
    browser = client(app=channel(accept=False))

    await browser.request(kind="websocket", extensions={"websocket.http.response": {}})
    assert browser.sent[0]["type"] == "websocket.http.response.start"
    assert browser.sent[0]["status"] == 401
    assert browser.sent[1]["type"] == "websocket.http.response.body"


async def test_a_token_store_serves_too() -> None:
    tokens = AccessTokens(MemoryStore().access_tokens, observe=Recorder())
    secret, _ = await tokens.issue("ann")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, str(principal_of(scope)))

    authenticator = Authenticator(schemes=(Bearer(tokens.verify),), csrf=CrossOriginProtection())
    api = Client(AuthMiddleware(app, authenticator))
    assert await api.request(headers=[("Authorization", f"Bearer {secret}")]) == 200
    assert "id='ann'" in api.body


async def test_fresh_login_required_is_401() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await require(scope, fresh(within=0))

    api = client(app=app)
    assert await api.request(headers=[("X-API-Key", "good")]) == 401
    assert api.body == FreshLoginRequired.public
