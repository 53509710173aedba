"""The routes of an application and of what is mounted in it, each as an operation."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drystone._app import App
from drystone._arguments import calls_of
from drystone._doc import Doc
from drystone._layer import Layer
from drystone._route import Route

from .inputs import may_be_refused, parameters, request_body
from .outputs import responses
from .paths import Template, names_in, templates

if TYPE_CHECKING:
    from .schemas import Schemas
    from .security import SecuritySchemes

_METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
_OF_ANY = ("GET", "PUT", "POST", "DELETE", "PATCH")
_SECTIONS = re.compile(r"^(?:Args|Attributes|Examples?|Raises|Returns|Yields):\s*$", re.MULTILINE)


@dataclass(slots=True)
class Operation:
    """One method of one path.

    Attributes:
        template: the path, from the described application on.
        path: as the document spells it; another route of its shape may call parameters otherwise.
        method: in upper case.
        route: what answers.
        around: the layers around the route, those of applications it is mounted in included.
        prefix: where the application of the route is mounted.
        doc: what is said of it, the groups' words included.
    """

    template: Template
    path: str
    method: str
    route: Route
    around: Sequence[Layer]
    prefix: str
    doc: Doc

    @property
    def name(self) -> str:
        """What it would be called if it were the only one."""
        function = inspect.unwrap(self.route.function)
        name = getattr(function, "__name__", type(function).__name__)
        return self.doc.operation_id or self.route.name or name


def operations(app: App[Any], prefix: str = "", outer: Sequence[Layer] = ()) -> Iterator[Operation]:
    """Every operation that is to be described: those of the application, then those of its groups.

    ASGI applications that are mounted describe themselves. A route for any method is taken for
    the five that do something; methods that OpenAPI does not know are left out.
    """
    mounted: set[int] = set()
    for route in app.all_routes():
        around = [*route.lineage, *outer]
        if route.mount is None:
            yield from _of_route(route, prefix, around)
        elif isinstance(route.mount.app, App) and id(route.mount) not in mounted:
            mounted.add(id(route.mount))
            yield from operations(route.mount.app, prefix + route.mount.full_prefix, around)


def _of_route(route: Route, prefix: str, around: Sequence[Layer]) -> Iterator[Operation]:
    doc = route.doc
    for layer in around:
        doc = doc.within(layer.doc)
    if doc.hidden:
        return
    methods = _OF_ANY if route.methods is None else route.methods
    for template in templates(prefix + route.full_path):
        for method in methods:
            if method in _METHODS:
                yield Operation(template, template.path, method, route, around, prefix, doc)


def unique(found: Iterator[Operation]) -> list[Operation]:
    """Those of different paths: ``/{id:int}`` and ``/{name}`` are one to OpenAPI, the first stands.

    Where only the methods differ, the parameters of the second are called as those of the first.
    """
    spelled: dict[str, str] = {}
    kept: dict[tuple[str, str], Operation] = {}
    for operation in found:
        shape = operation.template.shape
        operation.path = spelled.setdefault(shape, operation.path)
        kept.setdefault((shape, operation.method), operation)
    return list(kept.values())


def ids(found: Sequence[Operation]) -> list[str]:
    """An id for each, as short as it can be while no two are the same, in whatever order."""
    ways = [
        [operation.name for operation in found],
        [f"{operation.name}_{operation.method.lower()}" for operation in found],
        [_slug(f"{operation.method.lower()} {operation.path}") for operation in found],
    ]
    counts = [Counter(names) for names in ways]
    chosen: list[str] = []
    for names in zip(*ways, strict=True):
        fitting = [name for name, count in zip(names, counts, strict=True) if count[name] == 1]
        chosen.append(next((name for name in fitting if name not in chosen), names[-1]))
    return [
        name if chosen.index(name) == index else f"{name}_{index}"
        for index, name in enumerate(chosen)
    ]


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")


def describe_operation(
    operation: Operation, schemas: Schemas, security: SecuritySchemes
) -> dict[str, Any]:
    """The operation object, but for its id."""
    route, doc = operation.route, operation.doc
    calls = calls_of(route.call)
    summary, description = _words(operation)
    described: dict[str, Any] = {"summary": summary}
    if description:
        described["description"] = description
    if tags := list(doc.tags or _tags(operation)):
        described["tags"] = tags
    if doc.deprecated:
        described["deprecated"] = True
    if taken := parameters(calls, operation.template, schemas):
        described["parameters"] = [_as_spelled(parameter, operation) for parameter in taken]
    if (body := request_body(calls, schemas)) is not None:
        described["requestBody"] = body
    needed = security.requirement(route, operation.around, doc.security)
    described["responses"] = responses(
        route, doc.responses, schemas, refuses=may_be_refused(calls), guarded=bool(needed)
    )
    if needed:
        described["security"] = needed
    return described


def _words(operation: Operation) -> tuple[str, str]:
    """The summary and the description: as given, or by the docstring without its sections."""
    doc = operation.doc
    function = inspect.unwrap(operation.route.function)
    written = inspect.getdoc(function) if inspect.isroutine(function) else None
    text = _SECTIONS.split(written or "", maxsplit=1)[0].strip()
    first, _, rest = text.partition("\n\n")
    named = operation.name.replace("_", " ").strip().capitalize()
    return doc.summary or " ".join(first.split()) or named, doc.description or rest.strip()


def _as_spelled(parameter: dict[str, Any], operation: Operation) -> dict[str, Any]:
    """A parameter, called as the document calls it."""
    names = dict(zip(operation.template.parameters, names_in(operation.path), strict=True))
    if parameter["in"] != "path":
        return parameter
    return {**parameter, "name": names[parameter["name"]]}


def _tags(operation: Operation) -> list[str]:
    """The last literal part of the nearest prefix, of a group or of a mount."""
    for prefix in (operation.route.group.full_prefix, operation.prefix):
        path = templates(prefix)[0].path
        parts = [part for part in path.split("/") if part and "{" not in part]
        if parts:
            return parts[-1:]
    return []
