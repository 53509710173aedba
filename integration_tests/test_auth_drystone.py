"""Authentication in front of a Drystone application."""

from typing import Any

import pytest
from drystone import App
from drystone.auth import authentication
from drystone.testing import Client
from drystone_auth import (
    Authenticator,
    MemoryStore,
    RouteGuards,
    Sessions,
    SQLiteStore,
    anyone,
    authenticated,
)

SESSION = "__Host-session=" + "A" * 43


def serving(sessions: Sessions) -> App[Any]:
    routes = RouteGuards({"/public/": anyone, "/log-in": anyone, "/": authenticated})
    app: App[Any] = App(
        middleware=[authentication(Authenticator(sessions=sessions, routes=routes))]
    )

    @app.get("/{slug}")
    async def page(request: Any, slug: str) -> str:
        return f"{slug} for {request.principal.id}"

    @app.post("/log-in")
    async def log_in(request: Any) -> str:
        await sessions.login(request.session, "ann")
        return "signed in"

    @app.post("/log-out")
    async def log_out(request: Any) -> str:
        await sessions.logout(request.session)
        return "signed out"

    return app


async def test_log_in_guard_log_out() -> None:
    async with Client(serving(Sessions(MemoryStore().sessions))) as client:
        refused = await client.get("/notes")
        assert refused.status_code == 401
        assert str(refused.headers.get("www-authenticate")).startswith("Cookie ")

        answer = await client.post("/log-in", headers={"sec-fetch-site": "same-origin"})
        assert "; Secure; HttpOnly; SameSite=Lax" in str(answer.headers.get("set-cookie"))
        assert answer.headers.get("cache-control") == "no-store"
        assert (await client.get("/notes")).text == "notes for ann"

        forged = await client.post("/log-out", headers={"sec-fetch-site": "cross-site"})
        assert forged.status_code == 403
        assert (await client.post("/log-out")).status_code == 200
        assert (await client.get("/notes")).status_code == 401


async def test_an_encoded_slash_slips_under_no_guard() -> None:
    """The router reads one segment; the guard of "/public/" must not be asked about it."""
    async with Client(serving(Sessions(MemoryStore().sessions))) as client:
        assert (await client.get("/public%2Fnotes")).status_code == 401


async def test_a_store_that_is_down_lets_nobody_in(tmp_path: Any) -> None:
    store = SQLiteStore(tmp_path / "missing" / "auth.db")
    async with store, Client(serving(Sessions(store.sessions))) as client:
        answer = await client.get("/notes", headers={"cookie": SESSION})
        assert answer.status_code == 503
        assert "unable to open" not in answer.text


@pytest.mark.parametrize("host", ["notes.example", "localhost"])
async def test_requests_of_programs_pass(host: str) -> None:
    async with Client(serving(Sessions(MemoryStore().sessions))) as client:
        assert (await client.post("/log-in", headers={"host": host})).status_code == 200
