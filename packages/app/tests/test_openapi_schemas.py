"""Types as schemas, and those with names as components."""

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypedDict, TypeVar

import msgspec
import pydantic
import pytest
from drystone import UploadFile
from drystone._openapi.schemas import FILE, Schemas, union_of

T = TypeVar("T")


class Stone(msgspec.Struct):
    weight: Annotated[float, msgspec.Meta(gt=0)]
    below: list["Stone"] = []


@dataclass
class Wall:
    stones: list[Stone]
    height: int = 0


class Field(TypedDict):
    wall: Wall


class Sheep(pydantic.BaseModel):
    name: str = "Dolly"
    lambs: list["Sheep"] = []


class Flock(pydantic.BaseModel, Generic[T]):
    members: list[T]
    kind: Literal["flock"] = "flock"


class Pen(pydantic.BaseModel):
    sheep: Sheep = Sheep()


class Counted(pydantic.BaseModel):
    size: int = 0

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @property
    def double(self) -> int:
        return self.size * 2


class Goat(pydantic.BaseModel):
    kind: Literal["goat"]


class Cow(pydantic.BaseModel):
    kind: Literal["cow"]


class Owner:
    pass


class Uploaded(msgspec.Struct):
    files: list[UploadFile]
    owner: Owner | None = None


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def named_stone(**fields: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Stone", list(fields.items()))


def test_a_type_and_all_it_refers_to() -> None:
    schemas = Schemas({})

    assert schemas.of(list[Field]) == {"type": "array", "items": ref("Field")}
    assert set(schemas.components) == {"Field", "Wall", "Stone"}
    assert schemas.components["Stone"]["properties"]["below"]["items"] == ref("Stone")
    assert schemas.components["Stone"]["properties"]["weight"]["exclusiveMinimum"] == 0
    assert schemas.components["Wall"]["required"] == ["stones"]


def test_two_classes_of_one_name() -> None:
    schemas = Schemas({"Problem": {"type": "object"}})
    first, second = named_stone(a=int), named_stone(b=str)
    on_second = msgspec.defstruct("Heap", [("top", second)])
    on_first = msgspec.defstruct("Heap", [("top", first)])

    assert schemas.of(first, "input") == schemas.of(first) == ref("Stone")
    assert schemas.of(second, "input") == ref("Stone2")
    assert schemas.of(on_second, "input") == ref("Heap")
    assert schemas.components["Heap"]["properties"]["top"] == ref("Stone2")
    assert schemas.of(on_first, "input") == ref("Heap2")
    assert schemas.components["Heap2"]["properties"]["top"] == ref("Stone")
    assert schemas.of(msgspec.defstruct("Problem", []), "input") == ref("Problem2")
    assert schemas.of(msgspec.defstruct("Problem", [("x", int)])) == ref("ProblemOutput")


def test_models_of_pydantic() -> None:
    schemas = Schemas({})

    assert schemas.of(Pen, "input") == ref("Pen")
    assert schemas.of(list[Sheep], "input") == {"type": "array", "items": ref("Sheep")}
    assert schemas.of(Flock[Sheep], "input") == ref("Flock_Sheep_")
    assert schemas.of(dict[str, Sheep]) == schemas.of(dict[str, Sheep])
    assert set(schemas.components) == {"Pen", "Sheep", "Flock_Sheep_"}
    assert schemas.components["Flock_Sheep_"]["properties"]["members"]["items"] == ref("Sheep")


def test_a_model_that_looks_different_when_it_is_sent() -> None:
    schemas = Schemas({})

    assert schemas.of(Counted, "input") == ref("Counted")
    assert schemas.of(Counted) == ref("CountedOutput")
    assert "double" in schemas.components["CountedOutput"]["properties"]


def test_a_discriminator_is_led_to_the_names_in_the_document() -> None:
    schemas = Schemas({"Goat": {"type": "string"}})

    schema = schemas.of(Annotated[Goat | Cow, pydantic.Field(discriminator="kind")], "input")

    assert schema["discriminator"]["mapping"] == {
        "goat": "#/components/schemas/Goat2",
        "cow": "#/components/schemas/Cow",
    }
    assert schema["oneOf"] == [ref("Goat2"), ref("Cow")]


def test_two_models_of_one_title_stay_apart() -> None:
    inner = pydantic.create_model("Twin", x=(int, ...))
    outer = pydantic.create_model("Twin", inner=(inner, ...))
    schemas = Schemas({})

    assert schemas.of(outer, "input")["properties"]["inner"] == ref("Twin")
    assert schemas.components["Twin"]["properties"].keys() == {"x"}


@pytest.mark.parametrize("type", [Owner | int, list.__class_getitem__("NoSuchName")])
def test_what_has_no_schema_is_any_value(type: Any) -> None:
    assert Schemas({}).of(type) == {}


def test_what_pydantic_has_no_schema_for() -> None:
    model = pydantic.create_model("Odd", call=(Callable[[], None], ...))

    assert Schemas({}).of(model, "input") == {}


def test_files_and_parts_without_a_schema() -> None:
    schemas = Schemas({})
    schemas.of(Uploaded)

    members = schemas.components["Uploaded"]["properties"]
    assert schemas.of(object) == {"title": "object"}
    assert schemas.of(AsyncIterator[bytes]) == {"title": "AsyncIterator"}
    assert members["files"]["items"] == FILE
    assert members["owner"]["anyOf"] == [{"title": "Owner"}, {"type": "null"}]


def test_what_is_referred_to_and_what_is_used() -> None:
    schemas = Schemas({"Lonely": {"type": "string"}})
    wall = schemas.of(Wall)

    assert schemas.resolved(wall)["title"] == "Wall"
    assert schemas.resolved({"type": "string"}) == {"type": "string"}
    assert list(schemas.used_by({"content": [wall]}, "text")) == ["Stone", "Wall"]


def test_an_annotation_that_cannot_be_hashed() -> None:
    assert Schemas({}).of(Annotated[str, ["of another library"]]) == {"type": "string"}


def test_a_union() -> None:
    assert union_of([int]) is int
    assert union_of([int, list[Stone]]) == int | list[Stone]


def test_pydantic_is_not_imported_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pydantic")

    assert Schemas({}).of(int) == {"type": "integer"}
    assert "pydantic" not in sys.modules
