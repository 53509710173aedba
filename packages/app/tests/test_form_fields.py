# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Parameters that are filled from a form."""

import datetime
import enum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from drystone import (
    App,
    Body,
    Form,
    FormData,
    FormLimits,
    SignatureError,
    UploadFile,
)
from drystone.testing import Client


class Contact(msgspec.Struct):
    name: str
    age: int
    topics: list[str] = []


class Portrait(msgspec.Struct):
    name: str
    picture: UploadFile
    more: list[UploadFile] = []


class Colour(enum.Enum):
    RED = "red"


async def ask(handler: Any, url: str = "/", **options: Any) -> Any:
    app: App[None] = App()
    app.add_route("/", handler, ["POST"])
    async with Client(app) as client:
        return await client.post(url, **options)


def faults(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


async def test_forms() -> None:
    async def handler(contact: Annotated[Contact, Form]):
        return contact

    answer = await ask(handler, data={"name": "ada", "age": "36", "topics": ["a", "b"]})
    assert answer.json() == {"name": "ada", "age": 36, "topics": ["a", "b"]}
    bad = await ask(handler, data={"age": "x"})
    assert faults(bad) == [
        {"in": "form", "name": "name", "detail": "This form value is required"},
        {"in": "form", "name": "age", "detail": "Expected `int`"},
    ]


async def test_the_whole_form() -> None:
    async def handler(form: FormData):
        return [form.text("a"), [file.filename for file in form.files()]]

    answer = await ask(handler, data={"a": "1"}, files={"f": ("x.txt", b"hello")})
    assert answer.json() == ["1", ["x.txt"]]


async def test_a_file_by_its_type() -> None:
    async def handler(picture: UploadFile, other: UploadFile | None = None):
        return [picture.filename, (await picture.read()).decode(), other is None]

    answer = await ask(handler, files={"picture": ("x.txt", b"hello")})
    assert answer.json() == ["x.txt", "hello", True]
    missing = await ask(handler, files={"wrong": ("x.txt", b"hello")})
    assert faults(missing)[0]["name"] == "picture"


async def test_limits_of_a_form() -> None:
    small = FormLimits(file_size=3)

    async def one(picture: Annotated[UploadFile, Form(limits=small)]):
        return picture.size

    async def all_of_it(form: Annotated[FormData, Form(limits=small)]):
        return len(form.files())

    async def as_object(contact: Annotated[Contact, Form(limits=small)]):
        return contact

    for handler in (one, all_of_it, as_object):
        answer = await ask(handler, files={"picture": ("x", b"1234")})
        assert answer.status_code == 413
    answer = await ask(one, files={"picture": ("x", b"123")})
    assert answer.json() == 3


async def test_one_field_at_a_time() -> None:
    async def handler(
        name: Annotated[str, Form],
        age: Annotated[int, Form()],
        topics: Annotated[list[str], Form] = [],  # noqa: B006  # never changed
        colour: Annotated[Colour | None, Form(alias="favourite-colour")] = None,
        score: Annotated[float, msgspec.Meta(ge=0), Form] = 1.0,
    ):
        return [name, age, topics, colour, score]

    answer = await ask(handler, data={"name": "ada", "age": "36"})
    assert answer.json() == ["ada", 36, [], None, 1.0]
    everything = {"name": "", "age": "36", "topics": ["a", "b"], "favourite-colour": "red"}
    answer = await ask(handler, data={**everything, "score": "2.5"})
    assert answer.json() == ["", 36, ["a", "b"], "red", 2.5]
    assert faults(await ask(handler, data={"age": "x", "score": "-1"})) == [
        {"in": "form", "name": "name", "detail": "This form value is required"},
        {"in": "form", "name": "age", "detail": "Expected `int`"},
        {"in": "form", "name": "score", "detail": "Expected `float` >= 0.0"},
    ]


async def test_an_input_left_blank_counts_as_missing_unless_text_is_wanted() -> None:
    async def handler(
        age: Annotated[int | None, Form] = None,
        kind: Annotated[Literal["a", "b"], Form] = "a",
        name: Annotated[str, Form] = "nobody",
        many: Annotated[list[str], Form] = ["x"],  # noqa: B006  # never changed
    ):
        return [age, kind, name, many]

    blank = {"age": "", "kind": "", "name": "", "many": ""}
    assert (await ask(handler, data=blank)).json() == [None, "a", "", [""]]

    async def strict(age: Annotated[int, Form]):
        return age

    (fault,) = faults(await ask(strict, data={"age": ""}))
    assert fault["detail"] == "This form value is required"


async def test_an_input_left_blank_in_an_object_counts_as_missing_too() -> None:
    class Person(msgspec.Struct):
        name: str
        age: int | None = None
        kind: Literal["a", "b"] = "a"

    async def handler(person: Annotated[Person, Form]):
        return person

    answer = await ask(handler, data={"name": "", "age": "", "kind": ""})
    assert answer.json() == {"name": "", "age": None, "kind": "a"}


async def test_what_the_inputs_of_browsers_send() -> None:
    class Later(msgspec.Struct):
        since: Annotated[datetime.datetime, msgspec.Meta(tz=False)]
        urgent: bool = False

    async def as_object(later: Annotated[Later, Form], at: Annotated[datetime.time, Form]):
        return [later, at]

    async def as_fields(at: Annotated[datetime.time | None, Form], daily: Annotated[bool, Form]):
        return [at, daily]

    assert (await ask(as_fields, data={"at": "10:30", "daily": "on"})).json() == ["10:30:00", True]
    assert (await ask(as_fields, data={"at": "10:30:05", "daily": "1"})).json() == [
        "10:30:05",
        True,
    ]
    answer = await ask(as_object, data={"since": "2026-01-31T10:30", "urgent": "on", "at": "00:00"})
    assert answer.json() == [{"since": "2026-01-31T10:30:00", "urgent": True}, "00:00:00"]
    assert len(faults(await ask(as_fields, data={"at": "10:3", "daily": "off"}))) == 2

    async def as_text(said: Annotated[bool | str, Form]):
        return [said]

    assert (await ask(as_text, data={"said": "on"})).json() == ["on"]
    file = {"at": ("a.txt", b"10:30")}
    assert len(faults(await ask(as_fields, data={"daily": "on"}, files=file))) == 1


async def test_a_form_may_be_left_out() -> None:
    async def handler(name: Annotated[str, Form] = "nobody", file: UploadFile | None = None):
        return [name, file]

    assert (await ask(handler)).json() == ["nobody", None]
    assert (await ask(handler, json={})).status_code == 415


async def test_a_file_where_a_text_is_wanted() -> None:
    async def one(name: Annotated[str, Form]):
        return name

    async def as_object(contact: Annotated[Contact, Form]):
        return contact

    for handler in (one, as_object):
        answer = await ask(handler, files={"name": ("a.txt", b"x"), "age": ("b.txt", b"1")})
        assert faults(answer)[0] == {"in": "form", "name": "name", "detail": "Expected `str`"}


async def test_several_files() -> None:
    async def handler(files: list[UploadFile], more: list[UploadFile] | None = None):
        return [[file.filename for file in files], more]

    two = [("files", ("a", b"1")), ("files", ("b", b"2")), ("files", ("", b""))]
    assert (await ask(handler, files=two)).json() == [["a", "b"], None]
    assert faults(await ask(handler, files=[("files", ("", b""))]))[0]["name"] == "files"


async def test_files_among_the_fields_of_an_object() -> None:
    async def handler(portrait: Annotated[Portrait, Form]):
        return [portrait.name, portrait.picture.filename, [file.size for file in portrait.more]]

    files = [("picture", ("p.png", b"x")), ("more", ("1", b"1")), ("more", ("2", b"22"))]
    answer = await ask(handler, data={"name": "ada"}, files=files)
    assert answer.json() == ["ada", "p.png", [1, 2]]
    bad = await ask(handler, data={"name": "ada", "picture": "text"})
    assert faults(bad)[0]["name"] == "picture"


def test_what_no_form_can_be() -> None:
    async def thing(thing: Annotated[object, Form]): ...

    async def nameless(values: Annotated[dict[str, int], Form]): ...

    async def two_files(files: Annotated[UploadFile | list[UploadFile], Form]): ...

    async def both(a: Annotated[str, Form], b: Annotated[bytes, Body]): ...

    app: App[None] = App()
    for handler in (thing, nameless, two_files, both):
        with pytest.raises(SignatureError, match=handler.__name__):
            app.add_route("/", handler)
