from typing import Annotated, Any

import pytest
from drystone import App, Body, Cookie, Depends, Form, Header, Query, SignatureError
from drystone.testing import Client
from msgspec import Meta
from typing_extensions import TypeAliasType

Page = TypeAliasType("Page", Annotated[int, Meta(ge=1)])
Agent = TypeAliasType("Agent", Annotated[str, Header(alias="user-agent")])
Tenant = Annotated[str, Header]


async def test_aliases_of_types() -> None:
    app: App[None] = App()

    @app.get("/")
    async def handler(agent: Agent, page: Page, size: Annotated[Page, Query] = 5) -> list[Any]:
        return [agent, page, size]

    async with Client(app) as client:
        answer = await client.get("/?page=3", headers={"user-agent": "a"})
        assert answer.json() == ["a", 3, 5]
        answer = await client.get("/?page=0&size=0", headers={"user-agent": "a"})
        assert [fault["name"] for fault in answer.json()["errors"]] == ["page", "size"]


@pytest.mark.parametrize(
    ("hint", "default", "complaint"),
    [
        (Tenant | None, "", r"'x' has the marker Header\(alias=None\) inside another type"),
        (list[Tenant], [], r"'x' has the marker Header\(alias=None\) inside another type"),
        (dict[str, list[Tenant]], {}, "'x' has the marker"),
        (Annotated[int, Query, Cookie], 0, r"'x' has several markers, Query\(.*Cookie\("),
        (str, Query(), r"has a marker for its default: write x: Annotated\[str, Query\("),
        (str, Header("user-agent"), "has a marker for its default"),
        (dict[str, int], Body, "has a marker for its default"),
        (str, Form(), "has a marker for its default"),
        (Annotated[list[str], Cookie], [], "a cookie cannot become a list"),
        (Annotated[dict[str, str], Cookie], {}, "a cookie cannot become a dict"),
        (Annotated[dict[str, str], Header], {}, "a header field cannot become a dict"),
    ],
)
def test_markers_where_they_would_say_nothing(hint: Any, default: Any, complaint: str) -> None:
    async def handler(x: Any = default) -> None: ...

    handler.__annotations__["x"] = hint
    app: App[None] = App()
    with pytest.raises(SignatureError, match=complaint):
        app.add_route("/", handler)


@pytest.mark.parametrize("hint", [list[int], dict[str, int], complex])
def test_a_part_of_a_path_is_one_text(hint: Any) -> None:
    async def handler(x: Any) -> None: ...

    handler.__annotations__["x"] = hint
    with pytest.raises(SignatureError, match="a part of a path cannot become a"):
        App[None]().add_route("/{x}", handler)


def test_a_first_parameter_with_a_default_is_not_the_request() -> None:
    async def handler(value: Annotated[int, Depends(lambda role="admin": role)]) -> None: ...

    with pytest.raises(SignatureError, match="'role' has no annotation"):
        App[None]().add_route("/", handler)
