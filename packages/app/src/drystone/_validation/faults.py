"""Every fault of a value against a type, each with its place as a JSON pointer (RFC 6901).

>>> list(find_faults({"ids": [1, "x"]}, dict[str, list[int]]))
[{'in': 'body', 'pointer': '#/ids/1', 'detail': 'Expected `int`, got `str`'}]
"""

from __future__ import annotations

import builtins
import dataclasses
import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import (
    Annotated,
    Any,
    NamedTuple,
    NotRequired,
    Required,
    TypeAlias,
    TypeVar,
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
        for part in _meant(value, [_strip(part) for part in arguments]):
            yield from _inner_faults(value, part, place)
    elif isinstance(value, list) and origin in (list, set, frozenset, tuple):
        fixed = origin is tuple and arguments[1:] != (...,)
        if not fixed or len(value) == len(arguments):
            for index, item in enumerate(value):
                yield from find_faults(item, arguments[index if fixed else 0], (*place, index))
    elif isinstance(value, dict) and origin is dict:
        for key, item in value.items():
            yield from find_faults(item, arguments[1], (*place, key))
    elif isinstance(value, dict):
        yield from _field_faults(value, type, place)


def _meant(value: Any, parts: list[Any]) -> list[Any]:
    """The member of a union that a value should be, as far as it says: by its tag, or alone."""
    if isinstance(value, list):
        return [part for part in parts if get_origin(part) in (list, set, frozenset, tuple)]
    objects = [part for part in parts if get_origin(part) is dict or fields_of(part)]
    if len(objects) == 1 or not isinstance(value, dict):
        return objects
    tagged = []
    for part in objects:
        config = (get_origin(part) or part).__struct_config__  # what msgspec takes several of
        if value.get(config.tag_field) == config.tag:
            tagged.append(part)
    return tagged


def _field_faults(value: Mapping[str, Any], type: Any, place: Place) -> Iterator[Fault]:
    fields = fields_of(type)
    for field in fields:
        if field.name in value:
            yield from find_faults(value[field.name], field.type, (*place, field.name))
        elif field.required:
            where = pointer((*place, field.name))
            yield {"in": "body", "pointer": where, "detail": "This field is required"}
    known = closed_to(type)
    if known is not None:
        for name in (name for name in value if name not in known):
            where = pointer((*place, name))
            yield {"in": "body", "pointer": where, "detail": "There is no field of this name"}


def closed_to(type: Any) -> set[str] | None:
    """The names that a Struct takes where it forbids any other; None where it does not."""
    plain = get_origin(type) or type
    if not isinstance(plain, msgspec.StructMeta):
        return None
    config = cast("builtins.type[msgspec.Struct]", plain).__struct_config__
    if not config.forbid_unknown_fields:
        return None
    return {field.name for field in fields_of(type)} | {config.tag_field or ""}


def fields_of(type: Any) -> list[Field]:
    """The members of a Struct, dataclass or TypedDict; empty for any other type."""
    plain = get_origin(type) or type
    if isinstance(plain, msgspec.StructMeta):
        return [
            Field(field.encode_name, field.type, field.required)
            for field in msgspec.structs.fields(type)
        ]
    if not dataclasses.is_dataclass(plain) and not is_typeddict(plain):
        return []
    hints = _hints(plain, get_args(type))
    if is_typeddict(plain):
        required = plain.__required_keys__
        return [Field(name, _strip(hint), name in required) for name, hint in hints.items()]
    return [
        Field(
            field.name,
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(plain)
    ]


def _hints(type: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The annotations of a class, the arguments of a generic one in their places."""
    known = dict(zip(getattr(type, "__parameters__", ()), arguments, strict=False))
    hints = get_type_hints(type, include_extras=True)
    return {name: _filled(hint, known) for name, hint in hints.items()}


def _filled(hint: Any, known: Mapping[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return known.get(hint, Any)
    parameters = getattr(hint, "__parameters__", ())
    return (
        hint[tuple(known.get(parameter, Any) for parameter in parameters)] if parameters else hint
    )


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
