"""The description of an application as one OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drystone._app import App

from .operations import describe_operation, ids, operations, unique
from .outputs import ERROR_SCHEMAS
from .schemas import Schemas
from .security import SecuritySchemes

VERSION = "3.1.1"


@dataclass(frozen=True, slots=True)
class Info:
    """What the document says of the application as a whole."""

    title: str = "API"
    version: str = "0"
    description: str = ""
    servers: Sequence[str] = ()
    security: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def make_document(app: App[Any], info: Info) -> dict[str, Any]:
    """Describe an application.

    Args:
        app: the application.
        info: what it does not know itself.

    Raises:
        ValueError: a route names a security scheme that is not described.
    """
    schemas = Schemas(ERROR_SCHEMAS)
    security = SecuritySchemes(info.security)
    found = unique(operations(app))
    paths: dict[str, dict[str, Any]] = {}
    for operation, name in zip(found, ids(found), strict=True):
        described = describe_operation(operation, schemas, security)
        item = paths.setdefault(operation.path, {})
        item[operation.method.lower()] = {"operationId": name, **described}
    about = {"title": info.title, "version": info.version}
    if info.description:
        about["description"] = info.description
    document: dict[str, Any] = {"openapi": VERSION, "info": about}
    if info.servers:
        document["servers"] = [{"url": url} for url in info.servers]
    document["paths"] = paths
    document["components"] = {"schemas": schemas.used_by(paths)}
    if security.components:
        document["components"]["securitySchemes"] = security.components
    return document
