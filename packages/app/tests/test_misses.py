# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""What a router raises in place of a match."""

from typing import Any

import pytest
from drystone import App
from drystone._route import Route
from drystone.testing import Client
from drystone_router import Router


async def test_redirects_and_automatic_options() -> None:
    router: Router[Route] = Router(trailing_slash="redirect", answer_options=True)
    inner: App[None] = App(router=router)

    @inner.get("/a")
    async def a(request):
        return "a"

    app: App[None] = App()
    app.mount("/inner", inner)
    async with Client(app) as client:
        answer = await client.get("/inner/a/?x=1")
        assert (answer.status_code, answer.headers.get("location")) == (308, "/inner/a?x=1")
        assert (await client.get("/inner/a/")).headers.get("location") == "/inner/a"
        answer = await client.options("/inner/a")
        assert answer.status_code == 204
        assert set((answer.headers.get("allow") or "").split(", ")) >= {"GET", "HEAD"}


async def test_a_router_that_is_broken(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def add_route(self, path: Any, value: Any, methods: Any = (), name: Any = None) -> None: ...

        def match(self, method: str, path: str) -> Any:
            raise ZeroDivisionError

        def url_for(self, name: str, /, **params: Any) -> str:
            return ""

    async with Client(App(router=Broken())) as client:
        assert (await client.get("/")).status_code == 500
    assert "ZeroDivisionError" in str(caplog.records[0].exc_info)


def test_numbers_fill_text_parameters() -> None:
    app: App[None] = App()

    async def handler(id: int):
        return id

    app.add_route("/{id}", handler, name="by-text")
    app.add_route("/n/{id:int}", handler, name="by-number")
    assert app.url_for("by-text", id=4) == "/4"
    assert app.url_for("by-number", id=4) == "/n/4"
    with pytest.raises(ValueError, match="absent"):
        app.url_for("absent", id=4)
    with pytest.raises(ValueError, match="id"):
        app.url_for("by-number", id="x")
