"""Our router in a Starlette application, by its example; through Starlette's own stack."""

import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "router_starlette.py"


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("router_starlette", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def client(example: ModuleType) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=example.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_values_parameters_and_reverse(client: httpx.AsyncClient) -> None:
    assert (await client.get("/users/7")).json() == {"id": 7}
    assert (await client.get("/users/me")).text == "you, beside /users/7"
    assert (await client.put("/files/a/b.txt")).json() == {"path": "a/b.txt"}
    assert (await client.get("/notes/a%2Fb%20c")).json() == {"title": "a/b c"}
    assert (await client.head("/users/7")).status_code == 200


async def test_what_starlette_alone_gets_wrong(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/files/x")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, PUT"
    missed = await client.get("/users/x")
    assert (missed.status_code, missed.text) == (404, "no pattern fits its segments")
    malformed = await client.get("/notes/%zz")
    assert malformed.status_code == 404
