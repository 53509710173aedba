"""Which library checks a type: msgspec, or pydantic where anything of it stands in the type.

Each ignores the constraints of the other, so a type with both is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec

from .faults import fields_of

_OF_PYDANTIC = ("pydantic", "annotated_types")  # the latter has the constraints of the former


def uses_pydantic(type: Any) -> bool:
    """Whether pydantic is to check a type; it is not imported to find out.

    Raises:
        TypeError: msgspec would have to check it, too.
    """
    if not any(module in sys.modules for module in _OF_PYDANTIC):
        return False
    found = {checker for part in _parts(type, []) if (checker := _checker(part))}
    if len(found) > 1:
        raise TypeError(
            f"{type!r} has constraints of msgspec and of pydantic in one type, where one of them "
            "would not be checked: say all with msgspec.Meta, or make it a pydantic model"
        )
    return "pydantic" in found


def is_model(type: Any) -> bool:
    """Whether it is a model or dataclass of pydantic."""
    return hasattr(type, "__pydantic_validator__")


def is_of_pydantic(type: Any) -> bool:
    """Whether it is a class that pydantic knows how to make, of a single value or of several."""
    return hasattr(type, "__get_pydantic_core_schema__")


def _checker(part: Any) -> str | None:
    if is_model(part) or is_of_pydantic(part):
        return "pydantic"
    if type(part).__module__.partition(".")[0] in _OF_PYDANTIC:
        return "pydantic"
    is_struct = isinstance(get_origin(part) or part, msgspec.StructMeta)
    return "msgspec" if is_struct or isinstance(part, msgspec.Meta) else None


def _parts(type: Any, seen: list[Any]) -> Iterator[Any]:
    """A type, its arguments, its annotations and the types of its fields, all the way down."""
    if any(type is part for part in seen):
        return
    seen.append(type)
    yield type
    if is_model(type):
        return  # pydantic's own affair
    inner = [*get_args(type), *(field.type for field in fields_of(type))]
    for part in inner:
        yield from _parts(part, seen)
