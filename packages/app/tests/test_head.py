# mypy: disable-error-code="no-untyped-def"
import datetime
import enum
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
import pytest
from drystone import App, Cookie, Depends, Header, Query, Request, ValidationError
from drystone._arguments.head import head_reader
from drystone._arguments.values import MISSING, Place, Value
from drystone.testing import Client
from drystone_parser import Headers
from hypothesis import given
from hypothesis import strategies as st


class Colour(enum.Enum):
    RED = "red"


ONE: list[Any] = [
    *(str, Any, int, float, bool, int | None, Colour, datetime.date),
    Annotated[int, msgspec.Meta(ge=1, le=9)],
]
MANY: list[Any] = [list[int], set[str]]
DEFAULTS: list[Any] = [MISSING, None, 7, "x", [1], Colour.RED]
TEXTS = st.sampled_from(
    ["", "1", "-3", "07", "1.5", "true", "red", "2026-01-31", "null", "nan", "x", "é"]
)


def values(where: Place, defaults: list[Any], many: bool) -> st.SearchStrategy[Value]:
    """Parameters that stand in one part of the head, under its own name."""
    name, default = st.just(where), st.sampled_from(defaults)
    one = st.builds(Value, name, name, st.sampled_from(ONE), default)
    if not many:
        return one
    return one | st.builds(Value, name, name, st.sampled_from(MANY), default, st.just(True))


HEADS = st.fixed_dictionaries(
    {
        "path": values("path", [MISSING], many=False),
        "query": values("query", DEFAULTS, many=True),
        "header": values("header", DEFAULTS, many=True),
        "cookie": values("cookie", DEFAULTS, many=False),
    }
)
REQUESTS = st.fixed_dictionaries(
    {"path": TEXTS},
    optional={name: st.lists(TEXTS, max_size=2) for name in ("query", "header", "cookie")},
)


def make_request(**parts: Any) -> Request[Any]:
    request: Request[Any] = Request()
    request.path_params = {"path": parts["path"]} if "path" in parts else {}
    request.query_string = urlencode([("query", text) for text in parts.get("query", ())])
    request.headers = Headers(
        [("Header", text) for text in parts.get("header", ())]
        + [("Cookie", f"cookie={text}") for text in parts.get("cookie", ())]
    )
    return request


@given(head=HEADS, parts=REQUESTS)
def test_all_at_once_gives_what_each_gives_by_itself(head, parts) -> None:
    request = make_request(**parts)
    try:
        expected = {name: value(request) for name, value in head.items()}
    except ValidationError as error:
        fault = error.errors
    else:
        assert head_reader(head)(request) == expected
        return
    with pytest.raises(ValidationError) as raised:
        head_reader(head)(request)
    assert raised.value.errors == fault


async def test_each_request_has_a_default_of_its_own_where_it_can_be_changed() -> None:
    app: App[None] = App()
    seen: list[Any] = []

    @app.get("/")
    async def handler(
        numbers: list[int] = [],  # noqa: B006  # what is asked here
        day: datetime.date = datetime.date(2026, 1, 31),
    ) -> None:
        seen.append((list(numbers), day))
        numbers.append(0)

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 204
        assert (await client.get("/")).status_code == 204
        assert (await client.get("/?numbers=1&numbers=2&day=2026-02-01")).status_code == 204
    assert seen[0] == seen[1] == ([], datetime.date(2026, 1, 31))
    assert seen[2:] == [([1, 2], datetime.date(2026, 2, 1))]


async def test_a_marked_parameter_does_not_take_what_the_path_has_of_its_name() -> None:
    app: App[None] = App()

    def of_path(id: int) -> int:
        return id

    @app.get("/{id}/{name}")
    async def handler(
        name: str,
        found: Annotated[int, Depends(of_path)],
        id: Annotated[int, Query()] = 0,
        agent: Annotated[str, Header(alias="user-agent")] = "",
        theme: Annotated[str, Cookie()] = "light",
    ) -> list[Any]:
        return [found, id, name, agent, theme]

    async with Client(app) as client:
        assert (await client.get("/5/ada")).json() == [5, 0, "ada", "", "light"]
        answer = await client.get("/5/ada?id=6", headers={"User-Agent": "a", "Cookie": "theme=d"})
        assert answer.json() == [5, 6, "ada", "a", "d"]
