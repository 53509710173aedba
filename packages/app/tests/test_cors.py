# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Letting scripts of other sites read answers."""

from typing import Any

import pytest
from drystone import App, HTTPError, cors, text
from drystone.testing import Client

OURS = "https://app.example"
OTHER = "https://evil.example"
PREFLIGHT = {"access-control-request-method": "PUT"}


def make_app(origins: Any, **options: Any) -> App[None]:
    app: App[None] = App(middleware=[cors(origins, **options)])
    kept = text("kept")

    @app.get("/")
    async def home():
        return kept

    @app.put("/refused")
    async def refused():
        raise HTTPError(409)

    return app


async def ask(app: App[None], origin: str | None = None, method: str = "GET", **more: str) -> Any:
    headers = {**({"origin": origin} if origin else {}), **more}
    async with Client(app) as client:
        return (await client.request(method, "/", headers=headers)).headers


def fields(headers: Any) -> dict[str, str]:
    return {k: v for k, v in headers.items() if k.startswith("access-control") or k == "vary"}


async def test_named_origins() -> None:
    app = make_app([OURS], expose=["x-total", "etag"])
    assert fields(await ask(app, OURS)) == {
        "vary": "origin",
        "access-control-allow-origin": OURS,
        "access-control-expose-headers": "x-total, etag",
    }
    # Neither is told what the one before was told, though the handler keeps its response.
    assert fields(await ask(app, OTHER)) == {"vary": "origin"}
    assert fields(await ask(app)) == {"vary": "origin"}
    assert fields(await ask(app, "null")) == {"vary": "origin"}
    assert fields(await ask(app, OURS.upper())) == {"vary": "origin"}


async def test_a_preflight() -> None:
    app = make_app([OURS], credentials=True, methods=["get", "put"], max_age=5)
    async with Client(app) as client:
        headers = {"origin": OURS, **PREFLIGHT}
        answer = await client.options("/nowhere", headers=headers)
        assert answer.status_code == 204
        assert fields(answer.headers) == {
            "vary": "origin",
            "access-control-allow-origin": OURS,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "GET, PUT",
            "access-control-allow-headers": "authorization, content-type",
            "access-control-max-age": "5",
        }
        refused = await client.options("/", headers={"origin": OTHER, **PREFLIGHT})
        assert refused.status_code == 403
        assert fields(refused.headers) == {"vary": "origin, accept"}
        plain = await client.options("/", headers={"origin": OURS})
        assert plain.headers.get("allow") == "GET, HEAD, OPTIONS"
        assert plain.headers.get("access-control-allow-origin") == OURS


async def test_errors_can_be_read_too() -> None:
    async with Client(make_app([OURS])) as client:
        for method, path in (("PUT", "/refused"), ("GET", "/missing"), ("DELETE", "/")):
            answer = await client.request(method, path, headers={"origin": OURS})
            assert answer.status_code >= 400
            assert answer.headers.get("access-control-allow-origin") == OURS


async def test_everybody() -> None:
    app = make_app("*")
    assert fields(await ask(app, OTHER)) == {"access-control-allow-origin": "*"}
    asked = await ask(app, OTHER, "OPTIONS", **PREFLIGHT)
    assert asked.get("access-control-allow-origin") == "*"
    assert asked.get("vary") is None


async def test_a_function_that_judges() -> None:
    app = make_app(lambda origin: origin.endswith(".app.example"), credentials=True)
    allowed = fields(await ask(app, "https://x.app.example"))
    assert allowed["access-control-allow-origin"] == "https://x.app.example"
    assert fields(await ask(app, OTHER)) == {"vary": "origin"}


@pytest.mark.parametrize(
    "origins",
    [
        ["https://a.example/"],
        ["a.example"],
        ["*"],
        ["null"],
        ["https://*.a.example"],
        OURS,
        ["HTTP://A"],
    ],
)
def test_what_is_no_origin(origins: Any) -> None:
    with pytest.raises(ValueError, match="origin"):
        cors(origins)


def test_credentials_are_not_for_everybody() -> None:
    with pytest.raises(ValueError, match="cannot go to every origin"):
        cors("*", credentials=True)
