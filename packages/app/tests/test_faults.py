"""Every fault of a value, with its place."""

import dataclasses
from typing import Annotated, Any, Generic, NotRequired, Required, TypedDict, TypeVar

import msgspec
import pytest
from drystone import ValidationError
from drystone._validation import json_decoder
from drystone._validation.faults import find_faults, pointer

T = TypeVar("T")


@dataclasses.dataclass
class Data:
    a: int
    b: list[int] = dataclasses.field(default_factory=list)
    c: int = 3


class Typed(TypedDict, total=False):
    a: Required[int]
    b: NotRequired[str]
    c: Annotated[int, msgspec.Meta(ge=1)]


class Struct(msgspec.Struct, forbid_unknown_fields=True):
    a: int
    inner: "Struct | None" = None


class Cat(msgspec.Struct, tag="cat"):
    lives: int
    name: str


class Dog(msgspec.Struct, tag="dog", forbid_unknown_fields=True):
    tricks: int


class Page(msgspec.Struct, Generic[T]):
    items: list[T]
    total: int


@dataclasses.dataclass
class DataPage(Generic[T]):
    items: list[T]
    first: T


@pytest.mark.parametrize(
    ("value", "kind", "places"),
    [
        (1, int, []),
        ("x", int, ["#"]),
        ({"a": "x", "b": [1, "y"], "c": "z"}, Data, ["#/a", "#/b/1", "#/c"]),
        ({}, Data, ["#/a"]),
        ([], Data, ["#"]),
        ({"a": "x", "b": 1, "c": "x"}, Typed, ["#/a", "#/b", "#/c"]),
        ({"a": 1, "c": 0}, Typed, ["#/c"]),
        ({}, Typed, ["#/a"]),
        ({"a": "x", "z": 2, "y": 2}, Struct, ["#/a", "#/z", "#/y"]),
        ({"a": 1, "inner": {"a": "x"}}, Struct, ["#/inner/a"]),
        ({"a": 1, "inner": 5}, Struct, ["#/inner"]),
        ({"a": 1, "b": "x"}, dict[str, int], ["#/b"]),
        ({"1": "x"}, dict[int, int], ["#/1"]),
        ([1, "x", 2, "y"], set[int], ["#/1", "#/3"]),
        ([1, "x"], tuple[int, ...], ["#/1"]),
        (["x", "x"], tuple[int, int], ["#/0", "#/1"]),
        ([1], tuple[int, int], ["#"]),
        ({"type": "cat", "lives": "x"}, Cat | Dog, ["#/lives", "#/name"]),
        ({"type": "dog", "tricks": "x", "a": 1}, Cat | Dog, ["#/tricks", "#/a"]),
        ({"type": "cow"}, Cat | Dog, ["#/type"]),
        ({"a": "x", "b": ["y"]}, int | Data, ["#/a", "#/b/0"]),
        (["x", "y"], int | list[int] | dict[str, int], ["#/0", "#/1"]),
        ({"items": ["x", 1, "y"], "total": "z"}, Page[int], ["#/items/0", "#/items/2", "#/total"]),
        ({"items": ["x", 1], "first": "y"}, DataPage[int], ["#/items/0", "#/first"]),
        ({"items": [1], "first": 2}, DataPage, []),
        ([[1], ["x"]], list[list[int]], ["#/1/0"]),
        ([5], Annotated[list[int], msgspec.Meta(min_length=2)], ["#"]),
        ({"a/b~c": "x"}, dict[str, int], ["#/a~1b~0c"]),
        ("x", int | float, ["#"]),
        ({"x": 1}, list[int], ["#"]),
    ],
)
def test_places(value: Any, kind: Any, places: list[str]) -> None:
    faults = list(find_faults(value, kind))
    assert [fault["pointer"] for fault in faults] == places
    assert all(fault["detail"] and " - at " not in fault["detail"] for fault in faults)


def test_pointers() -> None:
    assert pointer(()) == "#"
    assert pointer(("a", 0)) == "#/a/0"


class Node(msgspec.Struct):
    next: "Node | None" = None
    value: int = 0


def test_a_fault_deeper_than_we_walk_is_told_by_itself() -> None:
    depth = 400
    body = b'{"next":' * depth + b'{"value":"x"}' + b"}" * depth
    with pytest.raises(ValidationError) as caught:
        json_decoder(Node)(body)
    (fault,) = caught.value.errors
    assert fault["detail"] == "Expected `int`, got `str`"
    assert fault["pointer"] == "#" + "/next" * depth + "/value"
