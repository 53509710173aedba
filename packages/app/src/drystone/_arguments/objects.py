"""One object made of strings by name: all query parameters, or all fields of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from drystone._errors import ValidationError
from drystone._forms import is_left_empty
from drystone._multidict import MultiDict
from drystone._validation import Fault, closed_to, fields_of, is_many, is_model

from .inputs import takes_blank
from .values import absent, converter

Build: TypeAlias = "Callable[[MultiDict[Any]], Any]"


def object_builder(where: str, type: Any) -> Build:
    """A function from a multi-dict to an object; it reports every fault.

    Args:
        where: what the values are called in a fault, ``query`` or ``form``.
        type: a Struct, dataclass, TypedDict or pydantic model.

    Raises:
        TypeError: the type has no fields, or one that a string cannot become.
    """
    if is_model(type):
        from .pydantic_objects import pydantic_builder

        return pydantic_builder(where, type)
    fields = [
        (
            f.name,
            is_many(f.type),
            f.required,
            _blank(where, f.type),
            converter(where, f.name, f.type),
        )
        for f in fields_of(type)
    ]
    if not fields:
        raise TypeError(f"a {where} cannot become a {type}, which names no fields")
    known = closed_to(type)

    def build(values_by_name: MultiDict[Any]) -> Any:
        members: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, many, required, blank, convert in fields:
            given = values_by_name.find(name) or ()
            values = [v for v in given if v != blank and not is_left_empty(v)]
            try:
                if values:
                    members[name] = convert(values if many else values[0])
                elif required:
                    absent(where, name)
            except ValidationError as error:
                faults += error.errors
        if known is not None:
            faults += _unknown(where, values_by_name, known)
        if faults:
            raise ValidationError(faults)
        return _finish(where, members, type)

    return build


def _blank(where: str, type: Any) -> str | None:
    """What counts as missing: in a form an input left blank, unless the field takes a text."""
    return "" if where == "form" and not (is_many(type) or takes_blank(type)) else None


def _unknown(where: str, values_by_name: MultiDict[Any], known: set[str]) -> list[Fault]:
    detail = f"There is no {where} value of this name"
    return [
        {"in": where, "name": name, "detail": detail}
        for name in values_by_name
        if name not in known
    ]


def _finish(where: str, members: dict[str, Any], type: Any) -> Any:
    """Make the object; what its own ``__post_init__`` refuses concerns all of it."""
    try:
        return msgspec.convert(members, type)
    except msgspec.ValidationError as error:
        raise ValidationError([{"in": where, "detail": str(error)}]) from None
