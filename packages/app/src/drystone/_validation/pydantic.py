"""Pydantic models as bodies, where pydantic is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticError
from pydantic.errors import PydanticUserError
from pydantic_core import from_json

from drystone._errors import ValidationError

from .faults import MAX_FAULTS, pointer


def pydantic_decoder(type: Any, explained: int) -> Callable[[bytes], Any]:
    """A function from JSON to that model, or whatever annotation it is part of.

    Args:
        type: the annotation.
        explained: bytes of a body that is read once more, to tell the place of a fault exactly.

    Raises:
        TypeError: pydantic knows no way to this type.
    """
    adapter = adapter_of(type)

    def decode_or_refuse(body: bytes) -> Any:
        try:
            return adapter.validate_json(body)
        except PydanticError as error:
            sent = from_json(body) if len(body) <= explained and _is_json(error) else None
            raise ValidationError(
                [
                    {"in": "body", "pointer": pointer(_place(place, sent)), "detail": message}
                    for place, message in faults_of(error)
                ]
            ) from None

    return decode_or_refuse


def pydantic_converter(type: Any, where: str, name: str) -> Callable[[Any], Any]:
    """A function from a text or several to a type that pydantic checks.

    Raises:
        TypeError: pydantic knows no way to this type.
    """
    adapter = adapter_of(type)

    def to_type(value: Any) -> Any:
        try:
            return adapter.validate_python(value)
        except PydanticError as error:
            raise ValidationError(
                [{"in": where, "name": name, "detail": message} for _, message in faults_of(error)]
            ) from None

    return to_type


def adapter_of(type: Any) -> TypeAdapter[Any]:
    """What validates that type.

    Raises:
        TypeError: pydantic knows no way to this type.
    """
    try:
        return TypeAdapter(type)
    except PydanticUserError as error:
        raise TypeError(f"pydantic cannot check {type!r}: {error}") from error


def _is_json(error: PydanticError) -> bool:
    """Whether it was JSON at least."""
    return all(fault["type"] != "json_invalid" for fault in error.errors(include_url=False))


def _place(steps: tuple[str | int, ...], sent: Any) -> tuple[str | int, ...]:
    """The steps that lead somewhere: pydantic names the members of unions among them, too."""
    if sent is None:
        return steps
    place = []
    for index, step in enumerate(steps):
        try:
            sent = sent[step]
        except (LookupError, TypeError):
            if index + 1 < len(steps) or not isinstance(sent, dict):
                continue  # only a field that is missing leads nowhere
        place.append(step)
    return tuple(place)


def faults_of(error: PydanticError) -> list[tuple[tuple[str | int, ...], str]]:
    """The place and the message of each fault; their number, where nobody would read them all."""
    if error.error_count() > MAX_FAULTS:
        return [((), f"{error.error_count()} values do not fit")]
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return [(fault["loc"], fault["msg"]) for fault in faults]
