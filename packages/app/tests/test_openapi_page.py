"""The page that shows a document."""

from html.parser import HTMLParser
from typing import Any

import pytest
from drystone._openapi.page import page
from drystone._openapi.shapes import constraints, shape

NOTE = {"$ref": "#/components/schemas/Note"}
EVIL = "<script>alert('&')</script>"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.1",
    "info": {"title": EVIL, "version": "1", "description": f"One.\n\nTwo {EVIL}"},
    "servers": [{"url": f"/{EVIL}"}],
    "paths": {
        "/notes": {
            "get": {
                "operationId": f"list {EVIL}",
                "summary": EVIL,
                "description": EVIL,
                "tags": [EVIL],
                "deprecated": True,
                "security": [{"key": []}, {EVIL: []}],
                "parameters": [
                    {"name": EVIL, "in": "query", "required": True, "schema": {"pattern": EVIL}}
                ],
                "responses": {"200": {"description": EVIL, "content": {EVIL: {"schema": NOTE}}}},
            },
            "post": {
                "operationId": "add",
                "summary": "Add",
                "requestBody": {
                    "required": False,
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"file": {"default": EVIL}}}
                        }
                    },
                },
                "responses": {},
            },
        }
    },
    "components": {
        "schemas": {
            "Note": {
                "description": EVIL,
                "properties": {
                    EVIL: {"type": "string", "description": EVIL},
                    "y": {"type": EVIL, "format": EVIL},
                },
                "required": ["y"],
            },
            "Color": {"enum": ["red", EVIL]},
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            EVIL: {"type": "http", "scheme": EVIL},
        },
    },
}


class Outline(HTMLParser):
    """Elements, links and ids; refuses what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        given = dict(attrs)
        self.links += [given["href"] or ""] if "href" in given else []
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def text_of(document: dict[str, Any]) -> str:
    response = page(document, "openapi.json")
    assert isinstance(response.body, bytes)
    return response.body.decode()


def test_nothing_of_the_document_is_markup() -> None:
    outline = Outline(text_of(DOCUMENT))

    assert outline.open == []
    assert "script" not in outline.elements
    assert {"header", "nav", "main", "table", "caption"} < set(outline.elements)


def test_every_link_leads_somewhere() -> None:
    outline = Outline(text_of(DOCUMENT))

    inner = [link.removeprefix("#") for link in outline.links if link.startswith("#")]
    assert "schema-Note" in inner
    assert set(inner) <= set(outline.ids)
    assert [link for link in outline.links if not link.startswith("#")] == ["openapi.json"]
    assert len(outline.ids) == len(set(outline.ids))


def test_it_needs_nothing_but_its_style() -> None:
    response = page(DOCUMENT, "openapi.json")

    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert " style=" not in text_of(DOCUMENT)


def test_an_application_without_anything() -> None:
    empty = {
        "openapi": "3.1.1",
        "info": {"title": "Empty", "version": "0"},
        "paths": {},
        "components": {"schemas": {}},
    }

    assert "<h1>Empty <small>0</small></h1>" in text_of(empty)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "any value"),
        (True, "any value"),
        (False, "nothing"),
        (NOTE, '<a href="#schema-Note">Note</a>'),
        ({"type": "integer"}, "integer"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "string", "format": "uuid"}, "string (uuid)"),
        ({"type": "array"}, "array"),
        ({"type": "array", "items": {"type": "string"}}, "array of string"),
        (
            {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            "array of (string or null)",
        ),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {}], "items": False},
            "array of string, any value",
        ),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        ({"type": "object", "additionalProperties": False}, "object"),
        ({"allOf": [NOTE, {"type": "object"}]}, '<a href="#schema-Note">Note</a> and object'),
        ({"oneOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"enum": ["a", 1]}, "<code>&quot;a&quot;</code> or <code>1</code>"),
        ({"const": None}, "<code>null</code>"),
        ({"title": "Lock"}, "any value"),
    ],
)
def test_schemas_in_words(schema: Any, words: str) -> None:
    assert shape(schema) == words


def test_limits_in_words() -> None:
    schema = {"minimum": 1, "maxLength": 3, "pattern": "<a>", "default": "ü"}

    assert constraints(schema) == (
        "≥ 1, at most 3 characters, matches <code>&lt;a&gt;</code>, "
        "default <code>&quot;ü&quot;</code>"
    )
