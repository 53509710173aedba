"""Taking a handler's arguments out of the head of a request, one by one.

`_head` takes all of them at once; these say what is wrong where that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from drystone._errors import ValidationError
from drystone._validation import Fault, fields_of, is_measure, uses_pydantic

from .inputs import read_input

if TYPE_CHECKING:
    from drystone._request import Request

Extract: TypeAlias = "Callable[[Request[Any]], Any]"
"""Takes a value out of a request; raises `ValidationError`."""

Place: TypeAlias = Literal["path", "query", "header", "cookie"]

MISSING: Any = object()


def default_of(default: Any) -> Any:
    """The default for one request; what a handler adds to a list must not reach the next one."""
    return deepcopy(default) if _is_changeable(default) else default


def _is_changeable(default: Any) -> bool:
    return isinstance(default, (list, dict, set, bytearray)) or bool(fields_of(type(default)))


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a head: calling it takes it out of a request.

    Attributes:
        where: the part of the head.
        name: what it is called there.
        type: what it should be.
        default: where it is missing; `MISSING` has none.
        many: whether it is every value of the name.

    Raises:
        TypeError: a text cannot become a value of this type.
    """

    where: Place
    name: str
    type: Any
    default: Any = MISSING
    many: bool = False
    convert: Callable[[Any], Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "convert", converter(self.where, self.name, self.type))

    @property
    def is_raw(self) -> bool:
        """Whether it is taken as it is."""
        return self.type in (str, Any)

    def find(self, request: Request[Any]) -> Any:
        """What the request holds of it, a text or texts; None where it holds none."""
        if self.where == "path":
            return request.path_params.get(self.name)
        if self.where == "query":
            values = request.query.find(self.name)
            return values if self.many or values is None else values[0]
        if self.where == "cookie":
            return request.cookies.get(self.name)
        if self.many:
            return request.headers.get_all(self.name) or None
        return request.headers.get(self.name)

    def __call__(self, request: Request[Any]) -> Any:
        """Take it.

        Raises:
            ValidationError: it is missing, or cannot become what it should be.
        """
        found = self.find(request)
        if found is not None:
            return self.convert(found)
        return (
            absent(self.where, self.name) if self.default is MISSING else default_of(self.default)
        )


def converter(where: str, name: str, type: Any) -> Callable[[Any], Any]:
    """A function from a string (or list of them) to the type.

    Raises:
        TypeError: there is no conversion to this type. The function returned raises
            `ValidationError`.
    """
    if type in (str, Any):
        return _text_of(where, name) if where == "form" and type is str else _same
    to_type = _pydantic(type, where, name) if uses_pydantic(type) else _lax(type, where, name)
    if where == "form":
        to_type = read_input(type, to_type)
    return _finite(to_type, where, name) if is_measure(type) else to_type


def _pydantic(type: Any, where: str, name: str) -> Callable[[Any], Any]:
    from drystone._validation.pydantic import pydantic_converter

    return pydantic_converter(type, where, name)


def _lax(type: Any, where: str, name: str) -> Callable[[Any], Any]:
    msgspec.json.Decoder(type)  # says now what would fail at each request
    convert = msgspec.convert

    def to_type(value: Any) -> Any:
        try:
            return convert(value, type, strict=False)
        except msgspec.ValidationError as error:
            raise ValidationError([_fault(where, name, error)]) from None

    return to_type


def _finite(to_type: Callable[[Any], Any], where: str, name: str) -> Callable[[Any], Any]:
    """Refuse what JSON has no number for: it passes every comparison, or fails where none does."""

    def to_number(value: Any) -> Any:
        number = to_type(value)
        if not is_finite(number):
            detail = "Expected a finite number"
            raise ValidationError([{"in": where, "name": name, "detail": detail}])
        return number

    return to_number


def is_finite(value: Any) -> bool:
    """Whether none of the numbers in a value is infinite or not a number."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_finite, value))
    return True


def _same(value: Any) -> Any:
    return value


def _text_of(where: str, name: str) -> Callable[[Any], Any]:
    """Let texts pass; a form may bring a file in place of one."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError([{"in": where, "name": name, "detail": "Expected `str`"}])
        return value

    return check


def _fault(where: str, name: str, error: msgspec.ValidationError) -> Fault:
    # Everything here is a str at first, so that half of msgspec's message tells nothing.
    message = str(error).split(" - at `")[0].removesuffix(", got `str`")
    return {"in": where, "name": name, "detail": message}


def absent(where: str, name: str) -> Any:
    """Refuse a request for a value it lacks."""
    raise ValidationError(
        [{"in": where, "name": name, "detail": f"This {where} value is required"}]
    )


def gather_faults(request: Request[Any], extracts: Iterable[Extract]) -> list[Fault]:
    """Every fault of the values that can be taken out of a request at once."""
    faults: list[Fault] = []
    for extract in extracts:
        try:
            extract(request)
        except ValidationError as error:
            faults += [fault for fault in error.errors if fault not in faults]
    return faults
