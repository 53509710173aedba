"""Every fault of a value against a type, each with its place as a JSON pointer (RFC 6901).

>>> list(find_faults({"ids": [1, "x"]}, dict[str, list[int]]))
[{'in': 'body', 'pointer': '#/ids/1', 'detail': 'Expected `int`, got `str`'}]
"""

from __future__ import annotations

import builtins
import dataclasses
import re
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    NamedTuple,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import msgspec

MAX_FAULTS = 100
"""Faults of one value that are told at most."""

Fault: TypeAlias = dict[str, str]
Place: TypeAlias = tuple[str | int, ...]

_WHERE = re.compile(r" - at `(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


class Field(NamedTuple):
    """A member of an object type, under the name it has in JSON."""

    name: str
    type: Any
    required: bool


def find_faults(value: Any, type: Any, place: Place = ()) -> Iterator[Fault]:
    """Compare a value, as JSON gives it, with a type.

    Args:
        value: of builtin types.
        type: what it should be.
        place: where the value stands in the document.
    """
    try:
        msgspec.convert(value, type, str_keys=True)
    except msgspec.ValidationError as error:
        inner = list(_inner_faults(value, _strip(type), place))
        if inner:
            yield from inner
        else:
            yield fault_of(error, place)


def _inner_faults(value: Any, type: Any, place: Place) -> Iterator[Fault]:
    """The faults of the parts; none where the fault is in the value itself."""
    origin, arguments = get_origin(type), get_args(type)
    if origin in (Union, UnionType):
        parts = [part for part in arguments if part is not NoneType]
        if len(parts) == 1:
            yield from _inner_faults(value, _strip(parts[0]), place)
    elif isinstance(value, list) and origin in (list, set, frozenset, tuple):
        if origin is not tuple or arguments[1:] == (...,):
            for index, item in enumerate(value):
                yield from find_faults(item, arguments[0], (*place, index))
    elif isinstance(value, dict) and origin is dict:
        for key, item in value.items():
            yield from find_faults(item, arguments[1], (*place, key))
    elif isinstance(value, dict):
        yield from _field_faults(value, type, place)


def _field_faults(value: Mapping[str, Any], type: Any, place: Place) -> Iterator[Fault]:
    for field in fields_of(type):
        if field.name in value:
            yield from find_faults(value[field.name], field.type, (*place, field.name))
        elif field.required:
            where = pointer((*place, field.name))
            yield {"in": "body", "pointer": where, "detail": "This field is required"}


def fields_of(type: Any) -> list[Field]:
    """The members of a Struct, dataclass or TypedDict; empty for any other type."""
    if isinstance(type, msgspec.StructMeta):
        struct = cast("builtins.type[msgspec.Struct]", type)
        return [
            Field(field.encode_name, field.type, field.required)
            for field in msgspec.structs.fields(struct)
        ]
    if not dataclasses.is_dataclass(type) and not is_typeddict(type):
        return []
    hints = get_type_hints(type, include_extras=True)
    if is_typeddict(type):
        required = type.__required_keys__
        return [Field(name, _strip(hint), name in required) for name, hint in hints.items()]
    return [
        Field(
            field.name,
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(type)
    ]


def _strip(type: Any) -> Any:
    """The type inside Annotated, Required and NotRequired."""
    while get_origin(type) in (Annotated, Required, NotRequired):
        type = get_args(type)[0]
    return type


def fault_of(error: msgspec.ValidationError, place: Place) -> Fault:
    """Msgspec's message, its path moved into the pointer."""
    message = str(error)
    where = _WHERE.search(message)
    if where is not None:
        message = message[: where.start()]
        place = (*place, *(name or int(index) for name, index in _STEP.findall(where["path"])))
    return {"in": "body", "pointer": pointer(place), "detail": message}


def pointer(place: Place) -> str:
    """A JSON pointer as a URI fragment, the form of RFC 9457's example.

    >>> pointer(("items", 0, "a/b"))
    '#/items/0/a~1b'
    """
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in place)
    return "#" + "".join(f"/{step}" for step in steps)
