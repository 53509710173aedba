"""The FastAPI example: sign up, sign in, guards as dependencies, sign out."""

import importlib.util
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import httpx
import pytest

pytestmark = pytest.mark.frameworks

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "auth_fastapi.py"
ANN = {"name": "Ann", "password": "correct horse"}


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("auth_fastapi_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def browser(example: ModuleType) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(example.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_log_in_guard_log_out(browser: httpx.AsyncClient, example: ModuleType) -> None:
    assert (await browser.post("/sign-up", json=ANN)).status_code == 201
    refused = await browser.get("/me")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Cookie ")
    wrong = await browser.post("/log-in", json={**ANN, "password": "wrong horse"})
    assert (wrong.status_code, wrong.text) == (401, "The name or the password is wrong.")

    assert (await browser.post("/log-in", json=ANN)).json() == "signed in"
    assert (await browser.get("/me")).json() == "ann"
    assert (await browser.get("/admin")).status_code == 403
    account = example.accounts["ann"]
    admin = replace(account.principal, roles=frozenset({"admin"}))
    example.accounts["ann"] = replace(account, principal=admin)
    assert (await browser.get("/admin")).status_code == 200  # a new role counts at once

    assert (await browser.post("/log-out")).json() == "signed out"
    assert (await browser.get("/me")).status_code == 401


async def test_another_site_is_refused(browser: httpx.AsyncClient) -> None:
    forged = await browser.post("/log-in", json=ANN, headers={"sec-fetch-site": "cross-site"})

    assert forged.status_code == 403


async def test_guards_stay_out_of_the_openapi_parameters(browser: httpx.AsyncClient) -> None:
    schema = (await browser.get("/openapi.json")).json()

    assert "parameters" not in schema["paths"]["/me"]["get"]
