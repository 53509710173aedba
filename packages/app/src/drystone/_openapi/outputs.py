"""What an operation answers: by its return annotation, by what can be refused, by declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from drystone._arguments import MISSING, hints_of
from drystone._errors import HTTPError, ValidationError, phrase
from drystone._response import Response
from drystone._route import Route

from .schemas import FILE, Schema, Schemas, union_of

PROBLEM: Schema = {
    "title": "Problem",
    "description": "Problem Details (RFC 9457)",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "default": "about:blank"},
        "title": {"type": "string", "description": "The kind of problem, in few words"},
        "status": {"type": "integer", "description": "The status code"},
        "detail": {"type": "string", "description": "What went wrong with this request"},
        "request_id": {"type": "string", "description": "What the log calls the request"},
        "errors": {
            "type": "array",
            "description": "Each value of the request that does not fit",
            "items": {"$ref": "#/components/schemas/Fault"},
        },
    },
    "required": ["type", "title", "status", "request_id"],
}
FAULT: Schema = {
    "title": "Fault",
    "description": "A value of a request that does not fit",
    "type": "object",
    "properties": {
        "in": {"enum": ["path", "query", "header", "cookie", "body", "form"]},
        "name": {"type": "string", "description": "Of a parameter, or a field of a form"},
        "pointer": {"type": "string", "description": "Into the body (RFC 6901)"},
        "detail": {"type": "string"},
    },
    "required": ["in", "detail"],
}
ERROR_SCHEMAS = {"Problem": PROBLEM, "Fault": FAULT}

_PROBLEM_CONTENT = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}


def responses(
    route: Route,
    declared: Mapping[int, Any],
    schemas: Schemas,
    *,
    refuses: bool,
    guarded: bool,
) -> dict[str, Any]:
    """The responses of an operation.

    Args:
        route: what answers.
        declared: types of bodies by status.
        schemas: of the document.
        refuses: whether values of the request may not fit.
        guarded: whether someone has to be recognised.
    """
    found = {status: _answer(status, _returns(type), schemas) for status, type in declared.items()}
    for status, members in _by_status(route).items():
        found.setdefault(status, _answer(status, members, schemas))
    if refuses:
        found.setdefault(422, _problem(route, ValidationError([])))
    if guarded:
        found.setdefault(401, _problem(route, HTTPError(401)))
        found.setdefault(403, _problem(route, HTTPError(403)))
    described = {str(status): found[status] for status in sorted(found)}
    # Which errors a function raises nobody can know; how they look, unless it was changed.
    others: dict[str, Any] = {"description": "Any error"}
    if not any(route.group.error_levels()):
        others["content"] = _PROBLEM_CONTENT
    return {**described, "default": others}


def _by_status(route: Route) -> dict[int, list[Any]]:
    """The types that the function may return, by the status they are answered with."""
    members = _returns(_annotation(route))
    if NoneType not in members or route.status != 200:
        return {route.status: members}
    rest = [member for member in members if member is not NoneType]
    return {200: rest, 204: []} if rest else {204: []}


def _annotation(route: Route) -> Any:
    return hints_of(route.function).get("return", MISSING)


def _returns(annotation: Any) -> list[Any]:
    """The members of a union, or what else is annotated."""
    if get_origin(annotation) in (Union, UnionType):
        return [member for part in get_args(annotation) for member in _returns(part)]
    return [NoneType if annotation is None else annotation]


def _answer(status: int, members: list[Any], schemas: Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": phrase(status)}
    if content := dict(_content(members, schemas)):
        answer["content"] = content
    return answer


def _content(members: list[Any], schemas: Schemas) -> Iterator[tuple[str, Any]]:
    """The media types that plain values of these types are answered as."""
    in_json = []
    for member in members:
        plain = get_args(member)[0] if get_origin(member) is Annotated else member
        plain = get_origin(plain) or plain
        if member in (NoneType, Any, MISSING) or _is(plain, Response):
            continue  # nothing, or what only the function knows
        elif _is(plain, HTTPError):
            yield from _PROBLEM_CONTENT.items()
        elif _is(plain, str) and not _is(plain, Enum):
            yield "text/plain", {"schema": {"type": "string"}}
        elif _is(plain, (bytes, bytearray, memoryview)):
            yield "application/octet-stream", {"schema": FILE}
        else:
            in_json.append(member)
    if in_json:
        yield "application/json", {"schema": schemas.of(union_of(in_json))}


def _is(type: Any, kind: Any) -> bool:
    return isclass(type) and issubclass(type, kind)


def _problem(route: Route, error: HTTPError) -> dict[str, Any]:
    """Problem Details, unless a function of the application answers this."""
    answer: dict[str, Any] = {"description": phrase(error.status)}
    if all(handlers.find(error) is None for handlers in route.group.error_levels()):
        answer["content"] = _PROBLEM_CONTENT
    return answer
