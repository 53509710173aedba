# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Bodies as they are, and bodies that are not there or not right."""

from typing import Annotated, Any

import msgspec
from drystone import App, Body
from drystone.testing import Client

JSON = {"content-type": "application/json"}


class Item(msgspec.Struct):
    name: str


async def ask(handler: Any, content: bytes, headers: dict[str, str] = JSON) -> Any:
    app: App[None] = App()
    app.add_route("/", handler, ["POST"])
    async with Client(app) as client:
        return await client.post("/", content=content, headers=headers)


def faults(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


async def test_bodies_as_they_are() -> None:
    async def handler(raw: Annotated[bytes, Body], text: Annotated[str, Body()]):
        return [len(raw), text]

    assert (await ask(handler, "hé".encode(), {})).json() == [3, "hé"]
    (fault,) = faults(await ask(handler, b"\xff", {}))
    assert fault["pointer"] == "#"
    assert "Not UTF-8" in fault["detail"]


async def test_no_body_at_all() -> None:
    async def handler(item: Item):
        return item

    assert faults(await ask(handler, b"", {})) == [
        {"in": "body", "pointer": "#", "detail": "A body is required"}
    ]


async def test_a_fault_that_only_the_text_shows_is_reported_too() -> None:
    async def typed(item: Item):
        return item

    async def untyped(thing: Annotated[Any, Body]):
        return thing

    twice = faults(await ask(typed, b'{"name": 1, "name": "a"}'))
    assert twice == [{"in": "body", "pointer": "#/name", "detail": "Expected `str`, got `int`"}]
    huge = faults(await ask(untyped, b"1e400"))
    assert huge == [{"in": "body", "pointer": "#", "detail": "Number out of range"}]


async def test_a_refusal_costs_no_more_than_a_body_is_worth() -> None:
    async def numbers(numbers: Annotated[list[int], Body]):
        return len(numbers)

    wrong = faults(await ask(numbers, b"[" + b'"x",' * 999 + b"1]"))
    assert [fault["pointer"] for fault in wrong] == [f"#/{index}" for index in range(100)]
    for large in (b"[" + b'"x",' * 500_000 + b"1]", b"[" + b"1," * 500_000 + b'"x"]'):
        (fault,) = faults(await ask(numbers, large))
        assert fault["pointer"] in ("#/0", "#/500000")
