# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Handlers whose parameters are filled by name, type and marker."""

import dataclasses
import datetime
import enum
import uuid
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, NewType, NotRequired, TypedDict

import msgspec
import pytest
from drystone import (
    App,
    Body,
    Cookie,
    Depends,
    Form,
    Header,
    Query,
    QueryParams,
    Request,
    SignatureError,
    UploadFile,
)
from drystone.testing import Client

JSON = {"content-type": "application/json"}


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Item(msgspec.Struct):
    name: str
    price: float
    tags: list[str] = []


class Order(msgspec.Struct, rename="camel"):
    order_id: int
    items: list[Item]
    note: str | None = None


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0
    label: list[str] = dataclasses.field(default_factory=list)


class Person(TypedDict):
    name: str
    age: NotRequired[int]


UserId = NewType("UserId", int)


async def ask(handler: Any, url: str, path: str = "/", method: str = "GET", **options: Any) -> Any:
    app: App[None] = App()
    app.add_route(path, handler, [method])
    async with Client(app) as client:
        return await client.request(method, url, **options)


def faults(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    assert answer.headers.get("content-type") == "application/problem+json"
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


async def test_query_values_by_type() -> None:
    async def handler(
        a: int,
        b: float,
        c: bool,
        d: Colour,
        e: datetime.date,
        f: uuid.UUID,
        g: Literal["x", "y"],
        h: Decimal,
        i: UserId,
        j: Annotated[int, msgspec.Meta(ge=1)],
        k: list[int],
        l_: Annotated[str, Query(alias="l-l")],
        m: int | None = None,
        n: str = "default",
    ):
        return [a, b, c, d, e, f, g, h, i, j, k, l_, m, n]

    answer = await ask(
        handler,
        "/?a=1&b=2.5&c=true&d=red&e=2026-01-02&f=12345678123456781234567812345678"
        "&g=x&h=1.10&i=7&j=1&k=1&k=2&l-l=hi",
    )
    assert answer.json() == [
        1, 2.5, True, "red", "2026-01-02", "12345678-1234-5678-1234-567812345678", "x", "1.10",
        7, 1, [1, 2], "hi", None, "default",
    ]  # fmt: skip


async def test_every_fault_is_reported_with_its_place() -> None:
    async def handler(
        id: int,
        page: int,
        size: Annotated[int, msgspec.Meta(le=100)],
        x_token: Annotated[str, Header],
        session: Annotated[int, Cookie()],
        item: Item,
    ):
        return "never"

    answer = await ask(
        handler,
        "/a?page=x&size=500",
        "/{id}",
        "POST",
        json={"price": "dear", "tags": [1]},
        cookies={"session": "s"},
    )
    assert faults(answer) == [
        {"in": "path", "name": "id", "detail": "Expected `int`"},
        {"in": "query", "name": "page", "detail": "Expected `int`"},
        {"in": "query", "name": "size", "detail": "Expected `int` <= 100"},
        {"in": "header", "name": "x-token", "detail": "This header value is required"},
        {"in": "cookie", "name": "session", "detail": "Expected `int`"},
        {"in": "body", "pointer": "#/name", "detail": "This field is required"},
        {"in": "body", "pointer": "#/price", "detail": "Expected `float`, got `str`"},
        {"in": "body", "pointer": "#/tags/0", "detail": "Expected `str`, got `int`"},
    ]


async def test_faults_on_a_page_for_browsers() -> None:
    async def handler(page: int):
        return "never"

    answer = await ask(handler, "/?page=<b>", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "<li><code>page</code> Expected `int`</li>" in answer.text


async def test_headers_and_cookies() -> None:
    async def handler(
        user_agent: Annotated[str, Header],
        forwarded: Annotated[list[str], Header(alias="x-forwarded-for")],
        theme: Annotated[str, Cookie] = "light",
        size: Annotated[int, Cookie(alias="font-size")] = 12,
        depth: Annotated[int, Header()] = 3,
    ):
        return [user_agent, forwarded, theme, size, depth]

    answer = await ask(
        handler,
        "/",
        headers={"User-Agent": "test", "X-Forwarded-For": "a"},
        cookies={"font-size": "14"},
    )
    assert answer.json() == ["test", ["a"], "light", 14, 3]
    missing = await ask(handler, "/")
    assert [fault["name"] for fault in faults(missing)] == ["user-agent", "x-forwarded-for"]


async def test_a_header_field_without_a_value_is_there() -> None:
    async def handler(note: Annotated[str, Header], depth: Annotated[int, Header] = 3):
        return [note, depth]

    assert (await ask(handler, "/", headers={"note": ""})).json() == ["", 3]
    wrong = await ask(handler, "/", headers={"note": "", "depth": ""})
    assert [fault["name"] for fault in faults(wrong)] == ["depth"]


async def test_a_cookie_that_is_required() -> None:
    async def handler(session: Annotated[str, Cookie]):
        return session

    assert [fault["in"] for fault in faults(await ask(handler, "/"))] == ["cookie"]


@pytest.mark.parametrize(
    ("annotation", "sent", "seen"),
    [
        (Item, {"name": "a", "price": 1}, {"name": "a", "price": 1.0, "tags": []}),
        (Point, {"x": 1, "y": 2}, {"x": 1, "y": 2, "label": []}),
        (Person, {"name": "a"}, {"name": "a"}),
        (list[Point], [{"x": 1, "y": 2}], [{"x": 1, "y": 2, "label": []}]),
        (dict[str, int], {"a": 1}, {"a": 1}),
        (Any, [1, "x"], [1, "x"]),
        (Item | None, None, None),
        (Annotated[int, Body()], 3, 3),
    ],
)
async def test_bodies(annotation: Any, sent: Any, seen: Any) -> None:
    async def handler(body):
        return ["got", body]

    handler.__annotations__["body"] = annotation
    answer = await ask(handler, "/", method="POST", content=msgspec.json.encode(sent), headers=JSON)
    assert answer.json() == ["got", seen], answer.text


async def test_nested_faults() -> None:
    async def handler(order: Order):
        return order

    good = {"orderId": 1, "items": [{"name": "a", "price": 1}]}
    answer = await ask(handler, "/", method="POST", json=good)
    assert answer.json()["orderId"] == 1
    bad = {"orderId": "x", "items": [{"name": 1, "price": 1}, {"name": "b"}], "note": 4}
    assert [f["pointer"] for f in faults(await ask(handler, "/", method="POST", json=bad))] == [
        "#/orderId",
        "#/items/0/name",
        "#/items/1/price",
        "#/note",
    ]
    broken = await ask(handler, "/", method="POST", content=b"{", headers=JSON)
    assert faults(broken)[0]["pointer"] == "#"
    assert "Not JSON" in faults(broken)[0]["detail"]
    assert faults(await ask(handler, "/", method="POST", content=b'"\xff"', headers=JSON))


async def test_a_union_of_kinds_is_a_body() -> None:
    answer = await ask(one_or_many, "/", method="POST", json={"a": 1})
    assert answer.status_code == 200


async def test_a_body_may_be_left_out() -> None:
    async def handler(item: Item | None = None):
        return ["got", item]

    assert (await ask(handler, "/", method="POST")).json() == ["got", None]


async def test_what_is_given_by_type_alone() -> None:
    async def handler(query: QueryParams, app: App[Any], asked: Request[Any], *, page: int = 1):
        return [query.get("a"), app is asked.app, page]

    assert (await ask(handler, "/?a=1&page=2")).json() == ["1", True, 2]


async def test_path_values() -> None:
    async def handler(year: int, month: int, day: int = 1):
        return [year, month, day]

    assert (await ask(handler, "/2026/7/4", "/{year}/{month}/{day?}")).json() == [2026, 7, 4]
    assert (await ask(handler, "/2026/7", "/{year}/{month}/{day?}")).json() == [2026, 7, 1]
    assert [f["name"] for f in faults(await ask(handler, "/x/y", "/{year}/{month}"))] == [
        "year",
        "month",
    ]


async def test_the_request_by_any_name_when_it_is_first() -> None:
    async def handler(req, /, id):
        return [req.path, id]

    assert (await ask(handler, "/a", "/{id}")).json() == ["/a", "a"]


async def test_objects_and_partials_as_handlers() -> None:
    class Handler:
        def __init__(self, word: str) -> None:
            self.word = word

        async def __call__(self, page: int = 1) -> Any:
            return [self.word, page]

        def plain(self, page: int) -> Any:
            return [self.word, "plain", page]

    async def function(word: str, page: int) -> Any:
        return [word, page]

    assert (await ask(Handler("a"), "/?page=2")).json() == ["a", 2]
    assert (await ask(Handler("a").plain, "/?page=2")).json() == ["a", "plain", 2]
    assert (await ask(partial(function, word="p"), "/?page=2")).json() == ["p", 2]


class Opaque:
    pass


def complain(handler: Any, path: str = "/") -> str:
    app: App[None] = App()
    with pytest.raises(SignatureError) as caught:
        app.add_route(path, handler)
    return str(caught.value)


async def no_annotation(request, page):
    return ""


async def opaque(thing: Opaque):
    return ""


async def opaque_query(thing: Annotated[Opaque, Query]):
    return ""


async def opaque_body(thing: Annotated[Opaque, Body]):
    return ""


async def two_structs(thing: Item | Order):
    return ""


async def one_or_many(thing: int | list[int] | dict[str, int]):
    return ""


async def two_bodies(one: Item, two: Order):
    return ""


def from_json(item: Item):
    return ""


async def form_beside_json(name: Annotated[str, Form], item: Annotated[str, Depends(from_json)]):
    return ""


async def pieces(request):
    yield b"piece"


def plain_pieces(request):
    yield b"piece"


async def positional(request, *args):
    return ""


async def positional_only(request, page: int, /):
    return ""


async def unresolved(thing: "NoSuchName"):  # type: ignore[name-defined]  # noqa: F821
    return ""


async def not_callable(thing: Annotated[int, Depends(3)]):
    return ""


def itself(again: Annotated[int, Depends(lambda: 1)]) -> int:
    return again


async def circle(one: Annotated[int, Depends(itself)]):
    return ""


@pytest.mark.parametrize(
    ("handler", "path", "complaint"),
    [
        (no_annotation, "/", "'page' has no annotation and is not in the path"),
        (opaque, "/", "nothing of a request is a Opaque"),
        (opaque_query, "/", "'thing'"),
        (opaque_body, "/", "'thing'"),
        (two_structs, "/", "'thing'"),
        (pieces, "/", "is a generator: return stream"),
        (plain_pieces, "/", "is a generator: return stream"),
        (two_bodies, "/", "'one' and 'two' would both be the whole JSON body"),
        (form_beside_json, "/", "asks for the body both as JSON and as a form"),
        (positional, "/", "has *args"),
        (positional_only, "/", "'page' is positional-only"),
        (unresolved, "/", "NoSuchName"),
        (not_callable, "/", "3 is no provider"),
        (no_annotation, "/{page}/{more}", "does not take the path parameter {more}"),
    ],
)
def test_mistakes_fail_at_registration(handler: Any, path: str, complaint: str) -> None:
    message = complain(handler, path)
    assert complaint in message
    line = handler.__code__.co_firstlineno
    assert f"test_typed.{handler.__name__}" in message
    assert f"test_typed.py:{line})" in message


def test_a_provider_that_needs_itself() -> None:
    itself.__annotations__["again"] = Annotated[int, Depends(itself)]
    assert "itself needs itself" in complain(circle)


def test_what_has_no_signature() -> None:
    assert "no signature" in complain(type)


def test_a_mistake_in_a_provider_names_the_provider() -> None:
    def provider(request, x):
        return 1

    async def handler(value: Annotated[int, Depends(provider)]):
        return value

    assert "provider" in complain(handler)
    assert "'x' has no annotation" in complain(handler)


def test_a_file_next_to_json_is_refused() -> None:
    async def handler(item: Item, picture: UploadFile):
        return ""

    assert "both" in complain(handler)


async def test_what_json_has_no_number_for_is_no_number_elsewhere() -> None:
    async def handler(
        a: float = 0,
        b: Annotated[Decimal | None, msgspec.Meta(description="a price")] = None,
        c: list[float] = [],  # noqa: B006  # never changed
        d: float | str = "",
    ):
        return [a, b, c, d]

    good = await ask(handler, "/?a=-1.5e3&b=1.10&c=1&c=2&d=nan")
    assert good.json() == [-1500.0, "1.10", [1.0, 2.0], "nan"]
    for text in ("nan", "NaN", "-inf", "Infinity"):
        for name in "abc":
            assert faults(await ask(handler, f"/?{name}={text}")) == [
                {"in": "query", "name": name, "detail": "Expected a finite number"}
            ]

    async def in_path(x: float):
        return x

    assert (await ask(in_path, "/1.5", "/{x}")).json() == 1.5
    assert (await ask(in_path, "/1.5", "/{x:float}")).json() == 1.5
    assert faults(await ask(in_path, "/inf", "/{x}"))
