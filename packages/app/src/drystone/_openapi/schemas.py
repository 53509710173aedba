"""Types become JSON schemas, and those with a name become components that others refer to.

A type that has no schema (an annotation for people only, a class that encodes itself) is any value:
the application runs with it, so its description is not what should stop it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from itertools import count
from operator import or_
from typing import Any, Literal, TypeAlias

import msgspec

from drystone._forms import UploadFile
from drystone._validation import uses_pydantic

Schema: TypeAlias = dict[str, Any]

Mode: TypeAlias = Literal["input", "output"]
"""Which way a value goes; models of pydantic may look different in each."""

_PREFIX = "#/components/schemas/"
_REF_TEMPLATE = _PREFIX + "{name}"
FILE: Schema = {"type": "string", "format": "binary"}


class Schemas:
    """The schemas of one document.

    Args:
        components: what is there from the start.
    """

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self.components = dict(components)
        self._meanings = {name: _meaning(name, components) for name in components}
        self._known: dict[tuple[Any, Mode], Schema] = {}

    def of(self, type: Any, mode: Mode = "output") -> Schema:
        """The schema of a type; it may refer to components."""
        try:
            if (type, mode) not in self._known:
                self._known[type, mode] = self._made(type, mode)
        except TypeError:  # a limit in the annotation cannot be hashed
            return self._made(type, mode)
        return self._known[type, mode]

    def _made(self, type: Any, mode: Mode) -> Schema:
        schema, found = _describe(type, mode)
        names = {name: self._name_for(name, found, mode) for name in found}
        for name, part in found.items():
            self.components[names[name]] = _renamed(part, names)
        renamed: Schema = _renamed(schema, names)
        return renamed

    def _name_for(self, wanted: str, found: Mapping[str, Schema], mode: Mode) -> str:
        """A name that nothing of another meaning has: two classes may be called the same."""
        meaning = _meaning(wanted, found)
        wanted = re.sub(r"[^\w.-]", "_", wanted, flags=re.ASCII)
        candidates = _candidates(wanted, mode)
        return next(n for n in candidates if self._meanings.setdefault(n, meaning) == meaning)

    def resolved(self, schema: Schema) -> Schema:
        """What a schema refers to; itself, where that is nothing."""
        ref: str = schema.get("$ref", "")
        return self.components[ref.removeprefix(_PREFIX)] if ref else schema

    def used_by(self, *parts: Any) -> dict[str, Schema]:
        """The components that parts of the document refer to, directly or not, by name."""
        names = _closure(set().union(*map(_names_in, parts)), self.components)
        return {name: self.components[name] for name in sorted(names)}


def union_of(types: Iterable[Any]) -> Any:
    """One annotation for what is any of these types."""
    return reduce(or_, types)


def _candidates(name: str, mode: Mode) -> Iterator[str]:
    yield name
    if mode == "output":
        yield f"{name}Output"
    yield from (f"{name}{number}" for number in count(2))


def _describe(type: Any, mode: Mode) -> tuple[Schema, dict[str, Schema]]:
    """A schema and the components it refers to."""
    if uses_pydantic(type):
        return _describe_by_pydantic(type, mode)
    try:
        (schema,), found = msgspec.json.schema_components(
            [type], ref_template=_REF_TEMPLATE, schema_hook=_unknown
        )
    except (TypeError, NameError):  # no JSON can become this type, or a name in it is not known
        return {}, {}
    return schema, found


def _unknown(type: Any) -> Schema:
    """A class that msgspec does not know, within one that it does: any value, with a title."""
    return FILE if type is UploadFile else {"title": type.__name__}


def _describe_by_pydantic(type: Any, mode: Mode) -> tuple[Schema, dict[str, Schema]]:
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticUserError

    try:
        schema = TypeAdapter(type).json_schema(
            ref_template=_REF_TEMPLATE.format(name="{model}"),
            mode="validation" if mode == "input" else "serialization",
        )
    except PydanticUserError:  # PydanticInvalidForJsonSchema among them
        return {}, {}
    found = schema.pop("$defs", {})
    name = schema.get("title")
    if name is None or name in found or "properties" not in schema:
        return schema, found
    found[name] = schema  # pydantic leaves the outermost model in its place
    return {"$ref": _PREFIX + name}, found


def _names_in(part: Any) -> set[str]:
    """The components that a part names itself."""
    if isinstance(part, dict):
        ref = part.get("$ref")
        own = {ref.removeprefix(_PREFIX)} if isinstance(ref, str) else set[str]()
        return own.union(*map(_names_in, part.values()))
    if isinstance(part, list):
        return set[str]().union(*map(_names_in, part))
    return set()


def _closure(names: set[str], components: Mapping[str, Schema]) -> set[str]:
    reached: set[str] = set()
    while names:
        reached |= names
        names = set().union(*(_names_in(components[name]) for name in names)) - reached
    return reached


def _meaning(name: str, components: Mapping[str, Schema]) -> str:
    """A component and all it refers to, as a text that is equal where they are."""
    reached = _closure({name}, components)
    return json.dumps([name, {each: components[each] for each in reached}], sort_keys=True)


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    """A part with the references it holds led to other names."""
    if isinstance(part, dict):
        copy = {key: _renamed(value, names) for key, value in part.items()}
        if isinstance(ref := part.get("$ref"), str):
            copy["$ref"] = _PREFIX + names[ref.removeprefix(_PREFIX)]
        mapping = part.get("mapping")
        if isinstance(mapping, dict) and "propertyName" in part:  # a discriminator
            copy["mapping"] = {
                tag: _PREFIX + names[ref.removeprefix(_PREFIX)] for tag, ref in mapping.items()
            }
        return copy
    if isinstance(part, list):
        return [_renamed(value, names) for value in part]
    return part
