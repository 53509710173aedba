"""Taking all of a handler's arguments out of the head of a request at once.

msgspec makes a conversion ready at each call for a plain type, but once for a Struct. So the values
of a handler are the fields of a Struct made for it: all are converted by one call, which costs less
than a single value by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from msgspec.structs import asdict

from drystone._validation import is_measure, uses_pydantic

from .values import MISSING, Extract, Value, default_of, is_finite

if TYPE_CHECKING:
    from drystone._request import Request

ReadHead: TypeAlias = "Callable[[Request[Any]], dict[str, Any]]"
"""Gives the arguments that stand in the head, by parameter; raises `ValidationError`."""

Collect: TypeAlias = "Callable[[Request[Any]], Mapping[str, Any]]"
"""Gives the texts of those that a request holds, by parameter."""


def head_reader(extracts: Mapping[str, Extract]) -> ReadHead:
    """Join the extracts of a call to one function.

    Args:
        extracts: by parameter; what is no `Value`, or one for pydantic, is asked one by one.
    """
    values = {
        name: value
        for name, value in extracts.items()
        if isinstance(value, Value) and not uses_pydantic(value.type)
    }
    others = [(name, extract) for name, extract in extracts.items() if name not in values]
    read = _value_reader(values) if values else read_nothing
    if not others:
        return read

    def read_with_others(request: Request[Any]) -> dict[str, Any]:
        arguments = read(request)
        for name, extract in others:
            arguments[name] = extract(request)
        return arguments

    return read_with_others


def read_nothing(request: Request[Any]) -> dict[str, Any]:
    """The arguments of a call that takes none from the head."""
    return {}


def _value_reader(values: Mapping[str, Value]) -> ReadHead:
    shape = _shape(values)
    collect = _collector(values)
    convert = msgspec.convert
    measures = [name for name, value in values.items() if is_measure(value.type)]

    def read(request: Request[Any]) -> dict[str, Any]:
        try:
            arguments = asdict(convert(collect(request), shape, strict=False))
        except msgspec.ValidationError:
            return one_by_one(request)
        if measures and not all(is_finite(arguments[name]) for name in measures):
            return one_by_one(request)
        return arguments

    def one_by_one(request: Request[Any]) -> dict[str, Any]:
        """Say which is wrong, in words of ours."""
        return {name: value(request) for name, value in values.items()}

    return read


def _shape(values: Mapping[str, Value]) -> type[msgspec.Struct]:
    """A Struct with a field for each parameter."""
    fields: list[Any] = []
    for name, value in values.items():
        type = Any if value.is_raw else value.type
        if value.default is MISSING:
            fields.append((name, type))
        else:
            fields.append((name, type, _default(value.default)))
    return msgspec.defstruct("Head", fields, kw_only=True, gc=False)


def _default(default: Any) -> Any:
    """A default, which every request gets anew where it can be changed."""
    if default is None or type(default) in (bool, int, float, str):
        return default
    return msgspec.field(default_factory=lambda: default_of(default))


def _collector(values: Mapping[str, Value]) -> Collect:
    """How to find the values, by the parts of the head that they stand in."""
    paths = [name for name, value in values.items() if value.where == "path"]
    if len(paths) == len(values):
        return lambda request: request.path_params  # whose names are those of the parameters
    queries = [(n, v.name, v.many) for n, v in values.items() if v.where == "query"]
    singly = [(n, v) for n, v in values.items() if v.where not in ("path", "query")]

    def collect(request: Request[Any]) -> Mapping[str, Any]:
        in_path = request.path_params
        found = {name: in_path[name] for name in paths}
        if request.query_string and queries:
            find = request.query.find
            for parameter, name, many in queries:
                texts = find(name)
                if texts is not None:
                    found[parameter] = texts if many else texts[0]
        for parameter, value in singly:
            text = value.find(request)
            if text is not None:
                found[parameter] = text
        return found

    return collect
