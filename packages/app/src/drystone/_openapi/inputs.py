"""What an operation takes: its parameters and its body, from the planned call of the handler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from drystone._arguments import MISSING, Ask, Call, Value
from drystone._forms import FormData, files_wanted

from .paths import Template
from .schemas import FILE, Schema, Schemas, union_of

# Security schemes and content types say these (OpenAPI 3.1.1, 4.8.12.1).
_SAID_ELSEWHERE = frozenset(("accept", "content-type", "authorization"))


def parameters(calls: Iterable[Call], template: Template, schemas: Schemas) -> list[dict[str, Any]]:
    """The parameters of a handler and of its providers, each once, those of the path first.

    Args:
        calls: of the handler and its providers.
        template: the path.
        schemas: of the document.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    given = dict(template.parameters)
    for name, schema in given.items():
        found["path", name] = {"name": name, "in": "path", "required": True, "schema": schema}
    for call in calls:
        for extract in call.extracts.values():
            if isinstance(extract, Value):
                _add_value(found, extract, schemas)
        for ask in call.asks:
            if ask.where == "query":
                for parameter in _spread(ask.type, schemas):
                    found.setdefault(("query", parameter["name"]), parameter)
    return list(found.values())


def _add_value(
    found: dict[tuple[str, str], dict[str, Any]], value: Value, schemas: Schemas
) -> None:
    place = value.where, value.name
    if value.where == "path":
        if place in found and not value.is_raw:  # an optional end may not be in this path
            found[place]["schema"] = schemas.of(value.type, "input")
    elif value.where != "header" or value.name.lower() not in _SAID_ELSEWHERE:
        described = {"name": value.name, "in": value.where, "required": value.default is MISSING}
        found.setdefault(place, {**described, "schema": _with_default(value, schemas)})


def _with_default(value: Value | Ask, schemas: Schemas) -> Schema:
    """The schema of a text; there is none for null, which is only what is taken without one."""
    schema = schemas.of(_without_none(value.type), "input")
    if value.default is MISSING or value.default is None:
        return schema
    try:
        return {**schema, "default": msgspec.to_builtins(value.default)}
    except (TypeError, ValueError):
        return schema


def _without_none(type: Any) -> Any:
    origin, arguments = get_origin(type), get_args(type)
    if origin is Annotated:
        return Annotated[(_without_none(arguments[0]), *arguments[1:])]
    if origin in (Union, UnionType) and NoneType in arguments:
        return union_of(member for member in arguments if member is not NoneType)
    return type


def _spread(type: Any, schemas: Schemas) -> Iterator[dict[str, Any]]:
    """An object made of all query parameters is a parameter for each of its members."""
    whole = schemas.resolved(schemas.of(type, "input"))
    required = whole.get("required", ())
    for name, schema in whole.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in required, "schema": schema}


def request_body(calls: Iterable[Call], schemas: Schemas) -> dict[str, Any] | None:
    """The body that an operation takes; None where it takes none."""
    asks = [ask for call in calls for ask in call.asks if ask.where != "query"]
    if not asks:
        return None
    if any(ask.where == "form" for ask in asks):
        return _form(asks, schemas)
    in_json = [ask for ask in asks if ask.type not in (bytes, str)]
    if in_json:  # one at most; what asks for the body as it is sees its text
        ask = in_json[0]
        required = ask.default is MISSING
        return _whole("application/json", schemas.of(ask.type, "input"), required)
    if any(ask.type is str for ask in asks):
        return _whole("text/plain", {"type": "string"}, required=False)
    return _whole("application/octet-stream", FILE, required=False)


def _whole(kind: str, schema: Schema, required: bool) -> dict[str, Any]:
    return {"required": required, "content": {kind: {"schema": schema}}}


def _form(asks: Iterable[Ask], schemas: Schemas) -> dict[str, Any]:
    """One object of all fields that are asked for, as a form of either kind; files need one."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for ask in asks:
        if ask.type is FormData:
            continue  # any field
        members, needed = _fields(ask, schemas)
        properties.update(members)
        required += [name for name in needed if name not in required]
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    kinds = ["multipart/form-data"]
    if not any(map(_is_file, properties.values())):
        kinds.append("application/x-www-form-urlencoded")
    content = {kind: {"schema": schema} for kind in kinds}
    return {"required": bool(required), "content": content}


def _fields(ask: Ask, schemas: Schemas) -> tuple[Mapping[str, Schema], Iterable[str]]:
    """The fields that one parameter is made of, and which of them must be there."""
    if files := files_wanted(ask.type):
        schema = FILE if files == "one" else {"type": "array", "items": FILE}
    else:
        schema = _with_default(ask, schemas)
        whole = schemas.resolved(schema)
        if "properties" in whole:
            return whole["properties"], whole.get("required", ())
    return {ask.name: schema}, [ask.name] if ask.default is MISSING else []


def _is_file(schema: Schema) -> bool:
    parts = [schema, schema.get("items") or {}, *schema.get("anyOf", ())]
    return any(part.get("format") == "binary" for part in parts)


def may_be_refused(calls: Iterable[Call]) -> bool:
    """Whether a request can come whose values do not fit."""
    return any(
        any(ask.type is not bytes for ask in call.asks)
        or any(_can_be_wrong(extract) for extract in call.extracts.values())
        for call in calls
    )


def _can_be_wrong(extract: Any) -> bool:
    if not isinstance(extract, Value):
        return False
    return not extract.is_raw or (extract.where != "path" and extract.default is MISSING)
