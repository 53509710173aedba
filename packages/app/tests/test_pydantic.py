# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Models of pydantic, where it is installed."""

import sys
from typing import Annotated, Any

import pydantic
import pytest
from drystone import App, Body
from drystone._validation.decoding import uses_pydantic
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
