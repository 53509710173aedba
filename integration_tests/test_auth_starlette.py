"""The Starlette example: sign up, sign in, guarded routes, API keys, sign out."""

import asyncio
import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import httpx
import pytest
import uvicorn

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "auth_starlette.py"
ANN = {"name": "Ann", "password": "correct horse"}
CROSS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("auth_starlette_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def browser(example: ModuleType) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application under uvicorn, over a real socket."""
    config = uvicorn.Config(example.app, port=0, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as client:
        yield client
    server.should_exit = True
    await serving


async def test_log_in_guard_log_out(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/sign-up", json=ANN)).status_code == 201
    refused = await browser.get("/visits")
    assert refused.status_code == 401
    assert refused.headers.get_list("www-authenticate") == [
        'ApiKey realm="Restricted", name="X-API-Key"',
        'Cookie realm="Restricted", cookie-name="session"',
    ]

    answer = await browser.post("/log-in", json=ANN)
    assert answer.status_code == 200
    assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    assert answer.headers["cache-control"] == "no-store"
    assert (await browser.get("/visits")).json() == {"user": "ann", "visits": 1}
    assert (await browser.get("/visits")).json() == {"user": "ann", "visits": 2}
    assert (await browser.get("/admin")).status_code == 403

    stolen = browser.cookies["session"]
    assert (await browser.post("/log-out")).status_code == 303
    assert "session" not in browser.cookies
    assert (await browser.get("/visits")).status_code == 401
    again = await browser.get("/visits", headers={"cookie": f"session={stolen}"})
    assert again.status_code == 401


async def test_wrong_passwords_are_refused_then_slowed_down(browser: httpx.AsyncClient) -> None:
    await browser.post("/sign-up", json=ANN)
    statuses = [
        (await browser.post("/log-in", json={**ANN, "password": f"guess {i}"})).status_code
        for i in range(6)
    ]

    assert statuses == [401] * 5 + [429]
    last = await browser.post("/log-in", json={**ANN, "name": "ANN"})
    assert last.status_code == 429
    assert last.headers["retry-after"] == "1"


async def test_another_site_cannot_sign_anybody_in_or_out(browser: httpx.AsyncClient) -> None:
    await browser.post("/sign-up", json=ANN)
    await browser.post("/log-in", json=ANN)

    for path in ("/log-out", "/log-in", "/keys"):
        assert (await browser.post(path, json=ANN, headers=CROSS)).status_code == 403
    assert (await browser.get("/visits")).status_code == 200


async def test_a_sign_up_takes_no_account_over_and_no_role(browser: httpx.AsyncClient) -> None:
    await browser.post("/sign-up", json={**ANN, "roles": ["admin"]})
    again = await browser.post("/sign-up", json={"name": " ann", "password": "an evil horse"})
    assert again.status_code == 409
    short = await browser.post("/sign-up", json={"name": "bob", "password": "short"})
    assert short.status_code == 422
    assert (await browser.post("/log-in", json=ANN)).status_code == 200
    assert (await browser.get("/admin")).status_code == 403


async def test_a_name_that_is_no_text_is_a_clear_refusal(browser: httpx.AsyncClient) -> None:
    """JSON lets half a UTF-16 pair through; no session begins for it, and there is no traceback."""
    odd = json.dumps({**ANN, "name": "Ann\ud800"})
    assert (await browser.post("/sign-up", content=odd)).status_code == 201

    answer = await browser.post("/log-in", content=odd)
    assert answer.status_code == 400
    assert answer.text == "The request holds text that is not valid Unicode."
    assert "session" not in browser.cookies


async def test_a_key_opens_what_the_session_opens(
    browser: httpx.AsyncClient, example: ModuleType
) -> None:
    await browser.post("/sign-up", json=ANN)
    account = example.accounts["ann"]
    admin = replace(account.principal, roles=frozenset({"admin"}))
    example.accounts["ann"] = replace(account, principal=admin)
    await browser.post("/log-in", json=ANN)
    made = await browser.post("/keys")
    assert made.status_code == 201
    browser.cookies.clear()

    assert (await browser.get("/admin")).status_code == 401
    opened = await browser.get("/admin", headers={"x-api-key": made.text})
    assert opened.status_code == 200
    # A key is no fresh login, so it cannot make further keys.
    more = await browser.post("/keys", headers={"x-api-key": made.text})
    assert more.status_code == 401
    wrong = await browser.get("/", headers={"x-api-key": "dst_" + "A" * 43})
    assert wrong.status_code == 401


async def test_two_hundred_parallel_requests_of_one_session(browser: httpx.AsyncClient) -> None:
    await browser.post("/sign-up", json=ANN)
    await browser.post("/log-in", json=ANN)
    cookies = {"cookie": f"session={browser.cookies['session']}"}

    answers = await asyncio.gather(*(browser.get("/", headers=cookies) for _ in range(200)))

    assert {answer.text for answer in answers} == {"hello ann"}


async def test_the_localhost_cookie_serves_no_other_host(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/", headers={"host": "notes.example"})

    assert answer.status_code == 500
    assert answer.text == "The session cookie is set up for localhost only."


async def test_over_tls_the_cookie_is_bound_to_the_host(example: ModuleType) -> None:
    """The default cookie, which httpx keeps to https as a browser does."""
    sessions = example.Sessions(example.store.sessions)
    authenticator = example.Authenticator(sessions=sessions)

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["path"] == "/log-in":
            await sessions.login(example.session_of(scope), "ann")
        user = example.principal_of(scope)
        response = example.PlainTextResponse(user.id if user else "stranger")
        await response(scope, receive, send)

    transport = httpx.ASGITransport(example.AuthMiddleware(app, authenticator))
    async with httpx.AsyncClient(transport=transport, base_url="https://notes.example") as client:
        await client.get("/log-in")
        assert list(client.cookies) == ["__Host-session"]
        assert (await client.get("/")).text == "ann"
        assert (await client.get("http://notes.example/")).text == "stranger"
