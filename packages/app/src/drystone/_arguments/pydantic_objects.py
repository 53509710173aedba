"""Pydantic models made of all query parameters, or of all fields of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError as PydanticError

from drystone._errors import ValidationError
from drystone._multidict import MultiDict
from drystone._validation import is_many
from drystone._validation.pydantic import adapter_of, faults_of


def pydantic_builder(where: str, type: Any) -> Callable[[MultiDict[Any]], Any]:
    """A function from the values of a query or form to that model.

    Raises:
        TypeError: the model names no fields, or pydantic knows no way to it.
    """
    if getattr(type, "__pydantic_root_model__", False):
        raise TypeError(f"a {where} cannot become a {type}, which names no fields")
    adapter = adapter_of(type)
    fields = type.__pydantic_fields__
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
                [_fault(where, place, message) for place, message in faults_of(error)]
            ) from None

    return build


def _given_name(name: str, field: Any) -> str:
    """What a field is called by those who fill it."""
    alias = field.validation_alias
    return alias if isinstance(alias, str) else name


def _fault(where: str, place: tuple[str | int, ...], message: str) -> dict[str, str]:
    """A fault of a named value; of all of them, where a validator of the whole model refused."""
    name = {"name": str(place[0])} if place else {}
    return {"in": where, **name, "detail": message}
