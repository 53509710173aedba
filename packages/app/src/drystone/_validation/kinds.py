"""What kind of value an annotation asks for, so that its place in the request follows from it."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

import msgspec

from drystone._forms import files_wanted

from .checkers import is_model, is_of_pydantic

Kind = Literal["one", "many", "object", "unknown"]

Class = type  # the parameters below are called what they are

_SCALARS = (
    str,
    int,
    float,
    bool,
    bytes,
    decimal.Decimal,
    uuid.UUID,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    enum.Enum,
)


def kind_of(type: Any) -> Kind:
    """How the values of a type are written.

    Returns:
        ``one`` for what a single string can say, ``many`` for a collection of those, ``object``
        for what takes JSON, ``unknown`` for anything else.

    >>> kind_of(int | None), kind_of(list[int]), kind_of(dict[str, int])
    ('one', 'many', 'object')
    """
    origin, arguments = get_origin(type), get_args(type)
    if origin in (Annotated, Required, NotRequired):
        return kind_of(arguments[0])
    if isinstance(type, NewType):
        return kind_of(type.__supertype__)
    if origin in (Union, UnionType):
        return _kind_of_union(arguments)
    if origin is Literal:
        return "one"
    if origin in (list, set, frozenset, tuple):
        inner = [kind_of(argument) for argument in arguments if argument is not ...]
        return "many" if all(kind == "one" for kind in inner) else "object"
    if is_model(type) or origin is dict or type in (dict, list, Any):
        return "object"
    plain = origin or type
    if is_of_pydantic(plain) or (isinstance(plain, Class) and issubclass(plain, _SCALARS)):
        return "one"
    return "object" if _has_fields(plain) else "unknown"


def _has_fields(type: Any) -> bool:
    return isinstance(type, msgspec.StructMeta) or is_dataclass(type) or is_typeddict(type)


def _kind_of_union(members: tuple[Any, ...]) -> Kind:
    kinds = {kind_of(member) for member in members if member is not NoneType}
    if len(kinds) == 1:
        return kinds.pop()
    return "unknown" if "unknown" in kinds else "object"


def is_many(type: Any) -> bool:
    """Whether a type takes every value of a name, not the first alone."""
    return kind_of(type) == "many" or files_wanted(type) == "many"


def is_measure(type: Any) -> bool:
    """Whether a type is of numbers that texts may call not a number or infinite."""
    if type in (float, decimal.Decimal):
        return True
    arguments = get_args(type)
    return str not in arguments and any(map(is_measure, arguments))
