"""Where a handler's parameter comes from, said by its annotation::

    async def search(q: str, page: int = 1, agent: Annotated[str, Header(alias="user-agent")] = ""):

``q`` and ``page`` are query parameters by their type, ``agent`` a header field by its marker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from ._errors import ValidationError
from ._faults import Fault

if TYPE_CHECKING:
    from ._forms import FormLimits
    from ._request import Request

Extract: TypeAlias = "Callable[[Request[Any]], Any]"
"""Takes a value out of a request; raises `ValidationError`."""

MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Query:
    """A query parameter; with an object type, all query parameters at once.

    Args:
        alias: its name in the URL, where that is not the parameter's.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A header field.

    Args:
        alias: its name; by default the parameter's with ``-`` for ``_``.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie.

    Args:
        alias: its name, where that is not the parameter's.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The body: bytes or str as it is, any other type read as JSON."""


@dataclass(frozen=True, slots=True)
class Form:
    """The body as a form: a field, an `UploadFile` or a list of them, all fields as an object type.

    Args:
        alias: the name of the field, where that is not the parameter's.
        limits: how much to take; None is what the application says.
    """

    alias: str | None = None
    limits: FormLimits | None = None


Marker: TypeAlias = Query | Header | Cookie | Body | Form


@dataclass(frozen=True, slots=True)
class RawPathValue:
    """Takes a path parameter as the router gives it."""

    name: str

    def __call__(self, request: Request[Any]) -> Any:
        """Take it."""
        return request.path_params[self.name]


def from_path(name: str, type: Any, default: Any) -> Extract:
    """A path parameter, converted where its type is not what the router gives."""
    convert = converter("path", name, type)
    if default is not MISSING:
        return lambda request: convert(request.path_params.get(name, default))
    if convert is _same:
        return RawPathValue(name)
    return lambda request: convert(request.path_params[name])


def from_query(name: str, type: Any, default: Any, many: bool) -> Extract:
    """A query parameter; ``many`` takes each value of the name."""
    convert = converter("query", name, type)

    def extract(request: Request[Any]) -> Any:
        values = request.query.find(name)
        if values is not None:
            return convert(values if many else values[0])
        return absent("query", name) if default is MISSING else default

    return extract


def from_header(name: str, type: Any, default: Any, many: bool) -> Extract:
    """A header field; ``many`` takes the value of each line."""
    convert = converter("header", name, type)

    def extract(request: Request[Any]) -> Any:
        value = request.headers.get_all(name) if many else request.headers.get(name)
        if value:
            return convert(value)
        return absent("header", name) if default is MISSING else default

    return extract


def from_cookie(name: str, type: Any, default: Any) -> Extract:
    """A cookie."""
    convert = converter("cookie", name, type)

    def extract(request: Request[Any]) -> Any:
        value = request.cookies.get(name)
        if value is not None:
            return convert(value)
        return absent("cookie", name) if default is MISSING else default

    return extract


def converter(where: str, name: str, type: Any) -> Callable[[Any], Any]:
    """A function from a string (or list of them) to the type.

    Raises:
        TypeError: msgspec knows no conversion to this type. The function returned raises
            `ValidationError`.
    """
    if type in (str, Any):
        return _text_of(where, name) if where == "form" and type is str else _same
    msgspec.json.Decoder(type)  # says now what would fail at each request
    convert = msgspec.convert

    def to_type(value: Any) -> Any:
        try:
            return convert(value, type, strict=False)
        except msgspec.ValidationError as error:
            raise ValidationError([_fault(where, name, error)]) from None

    return to_type


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
