"""What authentication costs per request: session checks, guards, tokens, and a password hash.

Each figure is the best of several rounds, in microseconds a call, beside an empty coroutine as the
floor. The requests carry three cookies, as a browser's do. Starlette's SessionMiddleware (a signed
cookie, no server side) is measured the same way, where it is installed, for scale.

Run it with `nox -s bench -- auth`; `--quick` for fewer rounds.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from drystone_auth import (
    AccessTokens,
    Authenticator,
    Bearer,
    Event,
    MemoryStore,
    Passwords,
    Sessions,
    SQLiteStore,
    authenticated,
    roles,
)
from drystone_auth.asgi import AuthMiddleware
from drystone_auth.testing import FakeRequest

Call = Callable[[], Awaitable[object]]


def silent(event: Event) -> None:
    """Keep the audit log out of the figures."""


async def microseconds(call: Call, rounds: int, calls: int) -> float:
    """The best round's time per call."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(calls):
            await call()
        best = min(best, time.perf_counter() - begun)
    return best / calls * 1e6


async def logged_in(sessions: Sessions) -> FakeRequest:
    """A browser's request with a living session."""
    session = await sessions.load(FakeRequest())
    session["theme"] = "dark"
    await sessions.login(session, "ann")
    (line,) = await sessions.commit(session)
    cookie = f"consent=yes; {line.partition(';')[0]}; lang=en"
    return FakeRequest("GET", host="notes.example", cookie=cookie)


async def empty() -> None:
    """The floor: what calling a coroutine costs."""


def guarding(authenticator: Authenticator, request: FakeRequest) -> Call:
    """All that an adapter does for a guarded request."""
    guard = authenticated & ~roles("banned")

    async def call() -> None:
        visit = await authenticator.admit(request, "/notes")
        await visit.enforce(guard, request)
        await visit.commit()

    return call


def loading(sessions: Sessions, request: FakeRequest) -> Call:
    return lambda: sessions.load(request)


def writing(sessions: Sessions, request: FakeRequest) -> Call:
    async def call() -> None:
        session = await sessions.load(request)
        session["seen"] = session.get("seen", 0) + 1
        await sessions.commit(session)

    return call


async def answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def asgi(app: Any, request: FakeRequest) -> Call:
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]

    async def nothing(*message: object) -> None: ...

    async def call() -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/notes",
            "query_string": b"",
            "headers": headers,
        }
        await app(scope, nothing, nothing)

    return call


def starlette_sessions() -> Call | None:
    """Starlette's signed-cookie sessions, reading one."""
    try:
        from itsdangerous import TimestampSigner
        from starlette.middleware.sessions import SessionMiddleware
    except ImportError:
        return None
    data = TimestampSigner("x" * 32).sign("eyJ1c2VyIjogImFubiJ9").decode()
    request = FakeRequest(cookie=f"consent=yes; session={data}; lang=en")
    return asgi(SessionMiddleware(answer, "x" * 32), request)


async def measure(folder: Path, rounds: int) -> None:
    memory = Sessions(MemoryStore().sessions, observe=silent)
    store = SQLiteStore(folder / "auth.db")
    sqlite = Sessions(store.sessions, observe=silent)
    tokens = AccessTokens(MemoryStore().access_tokens, observe=silent)
    secret, _ = await tokens.issue("ann")
    bearing = FakeRequest("POST", authorization=f"Bearer {secret}", host="notes.example")
    passwords = Passwords()
    stored = await passwords.hash("correct horse")
    in_memory, in_sqlite = await logged_in(memory), await logged_in(sqlite)
    guarded = AuthMiddleware(answer, Authenticator(sessions=memory))
    peer = starlette_sessions()

    by_memory = guarding(Authenticator(sessions=memory), in_memory)
    by_sqlite = guarding(Authenticator(sessions=sqlite), in_sqlite)
    by_token = guarding(Authenticator(schemes=(Bearer(tokens.verify),)), bearing)
    table: list[tuple[str, Call | None, int]] = [
        ("an empty coroutine", empty, 20_000),
        ("memory: load a session", loading(memory, in_memory), 20_000),
        ("memory: session, CSRF, guard, commit", by_memory, 20_000),
        ("memory: load, change one name, commit", writing(memory, in_memory), 5_000),
        ("SQLite: load a session", loading(sqlite, in_sqlite), 1_000),
        ("SQLite: session, CSRF, guard, commit", by_sqlite, 1_000),
        ("SQLite: load, change one name, commit", writing(sqlite, in_sqlite), 500),
        ("memory: bearer token, guard", by_token, 20_000),
        ("ASGI application alone", asgi(answer, in_memory), 20_000),
        ("ASGI application behind AuthMiddleware, memory", asgi(guarded, in_memory), 20_000),
        ("ASGI application behind Starlette's SessionMiddleware", peer, 20_000),
        ("argon2id at RFC 9106's cost", lambda: passwords.verify("correct horse", stored), 3),
    ]
    print(f"{'':55} microseconds")
    for name, call, calls in table:
        if call is not None:
            print(f"{name:55} {await microseconds(call, rounds, calls):12.2f}")
    await store.close()
    passwords.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), rounds=2 if quick else 7))


if __name__ == "__main__":
    main()
