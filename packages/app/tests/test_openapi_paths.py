"""Patterns of the router as paths of OpenAPI."""

import pytest
from drystone._openapi.paths import templates


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("", [""]),
        ("/", ["/"]),
        ("/users/{id}", ["/users/{id}"]),
        ("/users/{id:int}/notes/{note:uuid}", ["/users/{id}/notes/{note}"]),
        ("/files/{rest:path}", ["/files/{rest}"]),
        ("/v{major}.{minor}/a.json", ["/v{major}.{minor}/a.json"]),
        ("/codes/{code:re([A-Z]{3})}", ["/codes/{code}"]),
        (r"/odd/{code:re([}\]]|\})}/x", ["/odd/{code}/x"]),
        ("/users/{id?}", ["/users/{id}", "/users"]),
        ("/{page?}", ["/{page}", "/"]),
        ("/files/{rest:path?}", ["/files/{rest}", "/files"]),
        ("/a/{b", ["/a/{b}"]),  # some other router may take it
        ("/a{{b}}/ü x", ["/a%7Bb%7D/%C3%BC%20x"]),
    ],
)
def test_paths(pattern: str, paths: list[str]) -> None:
    assert [template.path for template in templates(pattern)] == paths


@pytest.mark.parametrize(
    ("parameter", "schema"),
    [
        ("{x}", {"type": "string"}),
        ("{x:int}", {"type": "integer", "minimum": 0}),
        ("{x:float}", {"type": "number"}),
        ("{x:uuid}", {"type": "string", "format": "uuid"}),
        ("{x:date}", {"type": "string", "format": "date"}),
        ("{x:path}", {"type": "string"}),
        ("{x:slug}", {"type": "string"}),
        ("{x:re([a-z]{2}|no)}", {"type": "string", "pattern": "^(?:[a-z]{2}|no)$"}),
    ],
)
def test_what_a_pattern_says_of_a_parameter(parameter: str, schema: dict[str, object]) -> None:
    assert templates(f"/a/{parameter}")[0].parameters == {"x": schema}


def test_paths_that_differ_by_names_have_one_shape() -> None:
    one, other = templates("/a/{id:int}/b")[0], templates("/a/{name}/b")[0]

    assert one.shape == other.shape == "/a/{}/b"
