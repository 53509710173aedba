"""Pydantic models as bodies and results, where pydantic is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticError

from ._errors import ValidationError
from ._faults import pointer
from ._kinds import is_many
from ._multidict import MultiDict


def pydantic_decoder(type: Any) -> Callable[[bytes], Any]:
    """A function from JSON to that model, or whatever annotation it is part of."""
    adapter = TypeAdapter(type)

    def decode_or_refuse(body: bytes) -> Any:
        try:
            return adapter.validate_json(body)
        except PydanticError as error:
            raise ValidationError(
                [
                    {"in": "body", "pointer": pointer(place), "detail": message}
                    for place, message in _faults(error)
                ]
            ) from None

    return decode_or_refuse


def pydantic_builder(where: str, type: Any) -> Callable[[MultiDict[Any]], Any]:
    """A function from the values of a query or form to that model.

    Raises:
        TypeError: the type is no single model.
    """
    fields = getattr(type, "__pydantic_fields__", None)
    if fields is None:
        raise TypeError(f"a {where} cannot become a {type}, which names no fields")
    adapter = TypeAdapter(type)
    many = {_given_name(name, f) for name, f in fields.items() if is_many(f.annotation)}

    def build(values_by_name: MultiDict[Any]) -> Any:
        members = {
            name: values_by_name.get_all(name) if name in many else value
            for name, value in values_by_name.items()
        }
        try:
            return adapter.validate_python(members)
        except PydanticError as error:
            raise ValidationError(
                [_fault(where, place, message) for place, message in _faults(error)]
            ) from None

    return build


def _given_name(name: str, field: Any) -> str:
    """What a field is called by those who fill it."""
    alias = field.validation_alias
    return alias if isinstance(alias, str) else name


def _faults(error: PydanticError) -> list[tuple[tuple[str | int, ...], str]]:
    """The place and the message of each fault."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return [(fault["loc"], fault["msg"]) for fault in faults]


def _fault(where: str, place: tuple[str | int, ...], message: str) -> dict[str, str]:
    """A fault of a named value; of all of them, where a validator of the whole model refused."""
    name = {"name": str(place[0])} if place else {}
    return {"in": where, **name, "detail": message}
