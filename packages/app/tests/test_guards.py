from collections.abc import AsyncIterator
from typing import Annotated, Any, Protocol

import pytest
from drystone import App, Depends, Group, Header, HTTPError, Request, SignatureError
from drystone._commands.route_table import explain_match
from drystone._handlers import Guard
from drystone.openapi import describe
from drystone.testing import Client


class HasMethod(Protocol):
    method: str


def by_marker(token: Annotated[str, Header]) -> None: ...


def by_default(token: str = Depends(lambda: "")) -> None: ...


def by_type(token: str) -> None: ...


def beside_the_request(request: Request, token: Annotated[str, Header] = "") -> None:
    if not token:
        raise HTTPError(403)


@pytest.mark.parametrize("guard", [by_marker, by_default, by_type, beside_the_request])
def test_a_guard_that_asks_for_a_value_would_be_given_the_request(guard: Any) -> None:
    app: App[None] = App()
    group = Group(guards=[guard])
    group.add_route("/", lambda request: "")
    app.include(group)
    with pytest.raises(SignatureError, match=r"'token': a guard is given the request"):
        app.build()


def plain(request, level: int = 3) -> None: ...  # type: ignore[no-untyped-def]


def typed(request: Request[None]) -> None: ...


def loosely_typed(request: Any) -> None: ...


def by_protocol(request: HasMethod) -> None: ...


def unresolved(request: "NoSuchName") -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize("guard", [plain, typed, loosely_typed, by_protocol, unresolved, str])
def test_guards_that_take_the_request(guard: Guard) -> None:
    app: App[None] = App(guards=[guard])
    app.add_route("/", lambda request: "")
    app.build()


def token(x_token: Annotated[str, Header] = "") -> str:
    if not x_token:
        raise HTTPError(401, "Who are you?")
    return x_token


class TestProvidersAmongGuards:
    async def test_they_are_asked_first_and_share_with_the_handler(self) -> None:
        asked: list[str] = []

        async def outer() -> AsyncIterator[str]:
            asked.append("outer")
            yield "value"
            asked.append("left")

        def inner(value: Annotated[str, Depends(outer)], id: int) -> None:
            asked.append(f"inner {value} {id}")

        app: App[None] = App(guards=[Depends(outer)])
        group = app.group("/{id}", guards=[Depends(inner)])

        @group.get("")
        async def show(request: Request, id: str, value: Annotated[str, Depends(outer)]) -> str:
            asked.append(f"handler {value} {id}")
            return ""

        async with Client(app) as client:
            assert (await client.get("/7")).status_code == 200
        assert asked == ["outer", "inner value 7", "handler value 7", "left"]

    async def test_one_refuses_before_the_body_is_read(self) -> None:
        app: App[None] = App()

        @app.post("/", guards=[Depends(token)])
        async def add(note: dict[str, int]) -> dict[str, int]:
            return note

        async with Client(app) as client:
            wrong = await client.post("/", content="no JSON")
            assert (wrong.status_code, wrong.json()["detail"]) == (401, "Who are you?")
            taken = await client.post("/", json={"a": 1}, headers={"x-token": "t"})
            assert taken.json() == {"a": 1}

    async def test_one_is_added_later(self) -> None:
        app: App[None] = App()
        group = app.group("/notes")
        group.add_route("", lambda request: "notes")

        async with Client(app) as client:
            assert (await client.get("/notes")).text == "notes"
            group.add_guard(Depends(token))
            assert (await client.get("/notes")).status_code == 401

    async def test_it_can_be_replaced_in_tests(self) -> None:
        app: App[None] = App(guards=[Depends(token)])
        app.add_route("/", lambda request: "home")

        async with Client(app, overrides={token: lambda: "ada"}) as client:
            assert (await client.get("/")).text == "home"

    async def test_one_that_gives_false_lets_nobody_in(self) -> None:
        app: App[None] = App(guards=[Depends(lambda: False)])
        app.add_route("/", lambda request: "home")

        async with Client(app, raise_errors=True) as client:
            with pytest.raises(TypeError, match="to refuse, it must raise"):
                await client.get("/")

    async def test_all_faults_are_told_together(self) -> None:
        def check(level: Annotated[int, Header]) -> None: ...

        app: App[None] = App(guards=[Depends(check)])

        @app.get("/")
        async def home(page: int) -> str:
            return str(page)

        async with Client(app) as client:
            wrong = await client.get("/?page=x", headers={"level": "high"})
        faults = [(fault["in"], fault["name"]) for fault in wrong.json()["errors"]]
        assert faults == [("query", "page"), ("header", "level")]

    def test_one_that_cannot_be_filled_is_refused_at_start(self) -> None:
        def check(thing: object) -> None: ...

        app: App[None] = App(guards=[Depends(check)])
        with pytest.raises(SignatureError, match="check.*'thing'"):
            app.add_route("/", lambda request: "home")
        app = App(guards=[Depends()])
        with pytest.raises(SignatureError, match="guards"):
            app.add_route("/", lambda request: "home")

    def test_they_are_described_and_explained(self) -> None:
        app: App[None] = App()
        app.add_route("/", lambda request: "home")
        app.add_guard(Depends(token))

        parameters = describe(app)["paths"]["/"]["get"]["parameters"]
        assert [parameter["name"] for parameter in parameters] == ["x-token"]
        assert "provider among the guards: " in explain_match(app, "GET", "/")
