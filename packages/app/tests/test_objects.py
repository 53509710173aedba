# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""One object made of all query parameters."""

import dataclasses
from typing import Annotated, Any, Literal, TypedDict

import msgspec
import pydantic
import pytest
from drystone import App, Form, Query, SignatureError
from drystone.testing import Client


class Paging(msgspec.Struct):
    page: int = 1
    tags: list[str] = []
    sort: Literal["name", "age"] = "name"


class Span(msgspec.Struct, forbid_unknown_fields=True):
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("first comes before last")


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Person(TypedDict):
    name: str


class Filter(pydantic.BaseModel, extra="forbid"):
    limit: int = pydantic.Field(100, gt=0)
    order: str = pydantic.Field("name", alias="order-by")
    tags: list[str] = []

    @pydantic.model_validator(mode="after")
    def check(self) -> "Filter":
        if self.limit == 13:
            raise ValueError("13 is no limit")
        return self


async def ask(handler: Any, url: str, method: str = "GET", **options: Any) -> Any:
    app: App[None] = App()
    app.add_route("/", handler, [method])
    async with Client(app) as client:
        return await client.request(method, url, **options)


def faults(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


async def test_all_query_parameters_as_one_object() -> None:
    async def handler(paging: Annotated[Paging, Query]):
        return paging

    answer = await ask(handler, "/?page=3&tags=a&tags=b")
    assert answer.json() == {"page": 3, "tags": ["a", "b"], "sort": "name"}
    assert [f["name"] for f in faults(await ask(handler, "/?page=x&sort=z"))] == ["page", "sort"]


async def test_dataclasses_and_typed_dicts() -> None:
    async def handler(point: Annotated[Point, Query], person: Annotated[Person, Query]):
        return [point.x, point.y, person]

    assert (await ask(handler, "/?x=1&name=a")).json() == [1, 0, {"name": "a"}]
    assert [f["name"] for f in faults(await ask(handler, "/"))] == ["x", "name"]


async def test_what_an_object_refuses_by_itself() -> None:
    async def handler(span: Annotated[Span, Query]):
        return span

    assert (await ask(handler, "/?first=1&last=2")).json() == {"first": 1, "last": 2}
    wrong = await ask(handler, "/?first=2&last=1")
    assert faults(wrong) == [{"in": "query", "detail": "first comes before last"}]
    page = await ask(handler, "/?first=2&last=1", headers={"accept": "text/html"})
    assert "first comes before last" in page.text
    unknown = await ask(handler, "/?first=1&last=2&step=3")
    assert [f["name"] for f in faults(unknown)] == ["step"]


async def test_pydantic_models() -> None:
    async def by_query(filter: Annotated[Filter, Query]):
        return filter

    async def by_form(filter: Annotated[Filter, Form]):
        return filter

    seen = {"limit": 5, "order": "age", "tags": ["a", "b"]}
    answer = await ask(by_query, "/?limit=5&order-by=age&tags=a&tags=b")
    assert answer.json() == seen
    fields = {"limit": "5", "order-by": "age", "tags": ["a", "b"]}
    assert (await ask(by_form, "/", "POST", data=fields)).json() == seen
    wrong = faults(await ask(by_query, "/?limit=0&other=1"))
    assert [(f["in"], f["name"]) for f in wrong] == [("query", "limit"), ("query", "other")]
    assert faults(await ask(by_query, "/?limit=13")) == [
        {"in": "query", "detail": "Value error, 13 is no limit"}
    ]


def test_what_names_no_fields_is_refused() -> None:
    async def mapping(values: Annotated[dict[str, str], Query]): ...

    async def models(filters: Annotated[list[Filter], Query]): ...

    app: App[None] = App()
    for handler in (mapping, models):
        with pytest.raises(SignatureError, match="names no fields"):
            app.add_route("/", handler)
