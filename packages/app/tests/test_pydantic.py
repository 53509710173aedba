# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Models of pydantic, where it is installed."""

import asyncio
import sys
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import annotated_types
import msgspec
import pydantic
import pytest
from drystone import App, Body, Query, SignatureError
from drystone._validation import uses_pydantic
from drystone.testing import Client

JSON = {"content-type": "application/json"}


class Address(pydantic.BaseModel):
    city: str = pydantic.Field(min_length=2)


class User(pydantic.BaseModel):
    name: str
    age: int
    addresses: list[Address] = []


@pydantic.dataclasses.dataclass
class Point:
    x: int


async def test_bodies_and_results() -> None:
    app: App[None] = App()

    @app.post("/one")
    async def one(user: User):
        return {"user": user, "next": user.age + 1}

    @app.post("/many")
    async def many(users: Annotated[list[User], Body]):
        return users

    @app.post("/point")
    async def point(point: Point):
        return {"x": point.x, "seen": [point]}

    async with Client(app) as client:
        answer = await client.post("/one", json={"name": "ada", "age": 36})
        assert answer.json() == {"user": {"name": "ada", "age": 36, "addresses": []}, "next": 37}
        answer = await client.post("/many", json=[{"name": "ada", "age": 36}])
        assert answer.json()[0]["name"] == "ada"
        answer = await client.post("/point", json={"x": 1})
        assert answer.json() == {"x": 1, "seen": [{"x": 1}]}
        answer = await client.post("/one", json={"age": "x", "addresses": [{"city": "x"}]})
        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [
            "#/name",
            "#/age",
            "#/addresses/0/city",
        ]
        assert (await client.post("/one", content="{", headers=JSON)).status_code == 422


def test_without_pydantic_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert uses_pydantic(list[User])
    monkeypatch.delitem(sys.modules, "pydantic")
    monkeypatch.delitem(sys.modules, "annotated_types")
    assert not uses_pydantic(User)


async def test_what_has_no_form_in_json(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()

    @app.get("/")
    async def handler() -> Any:
        return object()

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
    assert "has no form in JSON" in str(caplog.records[0].exc_info)


async def test_more_faults_than_anybody_reads_are_counted() -> None:
    app: App[None] = App()

    @app.post("/")
    async def many(users: Annotated[list[User], Body]):
        return users

    async with Client(app) as client:
        answer = await client.post("/", json=[{}] * 51)
        assert answer.json()["errors"] == [
            {"in": "body", "pointer": "#", "detail": "102 values do not fit"}
        ]


class Circle(pydantic.BaseModel):
    kind: Literal["circle"]
    radius: float


class Square(pydantic.BaseModel):
    kind: Literal["square"]
    side: float


Shape = Annotated[Circle | Square, pydantic.Field(discriminator="kind")]


@dataclass
class Home:
    address: Address
    rooms: pydantic.PositiveInt
    next: "Home | None" = None


async def test_the_place_of_a_fault_in_a_union_is_one_of_the_body() -> None:
    app: App[None] = App()

    @app.post("/")
    async def handler(shapes: Annotated[list[Shape], Body]) -> int:
        return len(shapes)

    async with Client(app) as client:
        body = [{"kind": "circle", "radius": "x"}, {"kind": "square"}, {"kind": "cube"}, 5]
        answer = await client.post("/", json=body)
        places = [fault["pointer"] for fault in answer.json()["errors"]]
        assert places == ["#/0/radius", "#/1/side", "#/2", "#/3"]
        answer = await client.post("/", json=[{"kind": "circle", "radius": "x" * 2**17}])
        assert answer.json()["errors"][0]["pointer"] == "#/0/circle/radius"


async def test_constraints_of_pydantic_hold_outside_of_models() -> None:
    app: App[None] = App()

    @app.post("/{id}")
    async def handler(
        id: pydantic.PositiveInt,
        home: Home,
        page: Annotated[int, pydantic.Field(le=5)] = 1,
        tag: list[Annotated[str, annotated_types.MaxLen(2)]] = [],  # noqa: B006
        url: pydantic.HttpUrl | None = None,
        weight: Annotated[float, pydantic.Field(ge=0)] = 0.0,
    ) -> Any:
        return [id, home.address.city, home.rooms, page, tag, str(url)]

    home = {"address": {"city": "Bath"}, "rooms": 1}
    async with Client(app) as client:
        answer = await client.post("/1?page=2&tag=a&url=http://x.org", json=home)
        assert answer.json() == [1, "Bath", 1, 2, ["a"], "http://x.org/"]
        home = {"address": {"city": "B"}, "rooms": 0}
        answer = await client.post("/0?page=6&tag=abc&url=x&weight=inf", json=home)
        places = [f.get("name", f.get("pointer")) for f in answer.json()["errors"]]
        assert places == ["id", "page", "tag", "url", "weight", "#/address/city", "#/rooms"]


class Mixed(msgspec.Struct):
    address: Address


@pytest.mark.parametrize(
    ("hint", "complaint"),
    [
        (Mixed, "constraints of msgspec and of pydantic in one type"),
        (Annotated[int, msgspec.Meta(ge=1), pydantic.Field(le=5)], "of msgspec and of pydantic"),
        (list[Address] | complex, "nothing of a request is a"),
        (Annotated[pydantic.RootModel[list[int]], Query], "which names no fields"),
        (Annotated[list[Address], Query], "which names no fields"),
        (dict[str, Address | asyncio.Event], "pydantic cannot check"),
    ],
)
def test_what_neither_can_check_is_refused_at_start(hint: Any, complaint: str) -> None:
    async def handler(x: Any) -> None: ...

    handler.__annotations__["x"] = hint
    with pytest.raises(SignatureError, match=complaint):
        App[None]().add_route("/", handler)
