"""A schema in few words of HTML, for the page.

>>> shape({"type": "array", "items": {"type": "integer"}})
'array of integer'
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_PREFIX = "#/components/schemas/"
_LIMITS = {
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matches <code>{}</code>",
    "default": "default <code>{}</code>",
}


def shape(schema: Mapping[str, Any] | bool) -> str:
    """What a value is, with links to the schemas that have a name."""
    if isinstance(schema, bool) or not schema:
        return "any value" if schema is not False else "nothing"
    if ref := schema.get("$ref"):
        name = escape(ref.removeprefix(_PREFIX))
        return f'<a href="#schema-{name}">{name}</a>'
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            word = " and " if key == "allOf" else " or "
            return word.join(map(shape, schema[key]))
    if "enum" in schema:
        return " or ".join(f"<code>{_value(value)}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{_value(schema['const'])}</code>"
    return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "any value")
    kind = escape(kinds if isinstance(kinds, str) else " or ".join(kinds))
    if kind == "array" and "prefixItems" in schema:
        return f"array of {', '.join(map(shape, schema['prefixItems']))}"
    if kind == "array" and "items" in schema:
        inner = shape(schema["items"])
        return f"array of ({inner})" if " or " in inner else f"array of {inner}"
    if kind == "object" and schema.get("additionalProperties") and "properties" not in schema:
        return f"object of {shape(schema['additionalProperties'])}"
    if "format" in schema:
        return f"{kind} ({escape(schema['format'])})"
    return kind


def constraints(schema: Mapping[str, Any]) -> str:
    """What else a value must be."""
    found = (
        text.format(_value(schema[key]) if key != "pattern" else escape(schema[key]))
        for key, text in _LIMITS.items()
        if key in schema
    )
    return ", ".join(found)


def _value(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False))
