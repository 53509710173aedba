"""Pydantic models as bodies, where pydantic is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticError

from drystone._errors import ValidationError

from .faults import MAX_FAULTS, pointer


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
                    for place, message in faults_of(error)
                ]
            ) from None

    return decode_or_refuse


def faults_of(error: PydanticError) -> list[tuple[tuple[str | int, ...], str]]:
    """The place and the message of each fault; their number, where nobody would read them all."""
    if error.error_count() > MAX_FAULTS:
        return [((), f"{error.error_count()} values do not fit")]
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return [(fault["loc"], fault["msg"]) for fault in faults]
