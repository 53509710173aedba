"""The document as a page: HTML and its style, no script, nothing from elsewhere.

It is made of the document alone, so it shows what a generator of clients would see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from drystone._page import plain_page
from drystone._response import Response

from .shapes import constraints, shape


def page(document: Mapping[str, Any], link: str) -> Response:
    """Show a document.

    Args:
        document: as `make_document` makes it.
        link: where the document itself is.
    """
    info = document["info"]
    content = "".join((*_head(document, link), *_main(document)))
    return plain_page(f"{info['title']} {info['version']}", _STYLE, content)


def _operations(document: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Any]]]:
    """Method, path and operation, by the first of its tags; those without come first."""
    found: dict[str, list[tuple[str, str, Any]]] = {"": []}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = operation.get("tags", [""])[0]
            found.setdefault(tag, []).append((method.upper(), path, operation))
    return {tag: operations for tag, operations in found.items() if operations}


def _head(document: Mapping[str, Any], link: str) -> Iterator[str]:
    info = document["info"]
    yield f"<header><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
    yield _paragraphs(info.get("description", ""))
    for server in document.get("servers", ()):
        yield f"<p>Served at <code>{escape(server['url'])}</code></p>"
    yield f'<p><a href="{escape(link)}">OpenAPI {escape(document["openapi"])} document</a></p>'
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        yield f"<p>Security <code>{escape(name)}</code>: {escape(_scheme(scheme))}</p>"
    yield '</header><nav aria-label="Operations">'
    for tag, operations in _operations(document).items():
        yield f"<h2>{escape(tag)}</h2><ul>" if tag else "<ul>"
        for method, path, operation in operations:
            yield f'<li><a href="#{_anchor(operation)}">{_signature(method, path)}</a></li>'
        yield "</ul>"
    yield "</nav>"


def _main(document: Mapping[str, Any]) -> Iterator[str]:
    yield "<main>"
    for tag, operations in _operations(document).items():
        yield f"<section><h2>{escape(tag)}</h2>" if tag else "<section>"
        for method, path, operation in operations:
            yield from _operation(method, path, operation)
        yield "</section>"
    if schemas := document["components"]["schemas"]:
        yield "<section><h2>Schemas</h2>"
        for name, schema in schemas.items():
            yield from _schema(name, schema)
        yield "</section>"
    yield "</main>"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    old = " <em>deprecated</em>" if operation.get("deprecated") else ""
    yield f'<article id="{_anchor(operation)}"><h3>{_signature(method, path)}{old}</h3>'
    yield f"<p>{escape(operation['summary'])}</p>{_paragraphs(operation.get('description', ''))}"
    if needed := operation.get("security"):
        names = " or ".join(f"<code>{escape(name)}</code>" for each in needed for name in each)
        yield f"<p>Needs {names}</p>"
    rows = [
        (parameter["name"], parameter["in"], parameter["schema"], parameter["required"])
        for parameter in operation.get("parameters", ())
    ]
    if rows:
        yield _table("Parameters", ("Name", "In"), rows)
    if body := operation.get("requestBody"):
        yield from _body(body)
    yield "<h4>Responses</h4><dl>"
    for status, response in operation["responses"].items():
        yield f"<dt><code>{escape(status)}</code> {escape(response['description'])}</dt>"
        for kind, media in response.get("content", {}).items():
            yield f"<dd><code>{escape(kind)}</code> {shape(media['schema'])}</dd>"
    yield "</dl></article>"


def _body(body: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of a body; those of a form are one schema."""
    yield f"<h4>Body{'' if body['required'] else ' (may be left out)'}</h4>"
    kinds = " or ".join(f"<code>{escape(kind)}</code>" for kind in body["content"])
    schema = next(iter(body["content"].values()))["schema"]
    yield f"<p>{kinds} {shape(schema)}</p>"
    yield from _members(schema)


def _schema(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<article id="schema-{escape(name)}"><h3><code>{escape(name)}</code></h3>'
    yield _paragraphs(schema.get("description", ""))
    if "properties" in schema:
        yield from _members(schema)
    else:
        yield f"<p>{shape(schema)} {constraints(schema)}</p>"
    yield "</article>"


def _members(schema: Mapping[str, Any]) -> Iterator[str]:
    required = schema.get("required", ())
    rows = [
        (name, "", member, name in required)
        for name, member in schema.get("properties", {}).items()
    ]
    if rows:
        yield _table("Members", ("Name",), rows)


def _table(
    caption: str, first: tuple[str, ...], rows: list[tuple[str, str, Mapping[str, Any], bool]]
) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in (*first, "Type", "Details"))
    lines = []
    for name, where, schema, required in rows:
        place = f"<td>{escape(where)}</td>" if len(first) > 1 else ""
        details = " ".join(
            filter(
                None,
                (
                    "<strong>required</strong>" if required else "",
                    constraints(schema),
                    escape(schema.get("description", "")),
                ),
            )
        )
        lines.append(
            f'<tr><th scope="row"><code>{escape(name)}</code></th>{place}'
            f"<td>{shape(schema)}</td><td>{details}</td></tr>"
        )
    return (
        f'<div class="wide" role="group" aria-label="{caption}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _scheme(scheme: Mapping[str, Any]) -> str:
    if scheme.get("type") == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    return f"{scheme.get('type')} {scheme.get('scheme', '')}".strip()


def _signature(method: str, path: str) -> str:
    return f'<b class="{method.lower()}">{escape(method)}</b> <code>{escape(path)}</code>'


def _anchor(operation: Mapping[str, Any]) -> str:
    return escape(f"operation-{operation['operationId']}".replace(" ", "_"))


def _paragraphs(text: str) -> str:
    """Text as it was written: CommonMark reads well without being set."""
    parts = [part for part in text.split("\n\n") if part.strip()]
    return "".join(f'<p class="text">{escape(part)}</p>' for part in parts)


_STYLE = """
:root { color-scheme: light dark; --line: #8885; --back: #fff; --text: #1a1a1e; --link: #0b57b0;
        --get: #146c2e; --post: #0b57b0; --put: #8a4b00; --delete: #b3261e; --other: #6b4fa0; }
@media (prefers-color-scheme: dark) {
  :root { --back: #131316; --text: #ececf0; --link: #8ab8ff; --get: #7fd69a; --post: #8ab8ff;
          --put: #f0b866; --delete: #ff9b94; --other: #c5adf5; } }
* { box-sizing: border-box; }
html { background: var(--back); color: var(--text); }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; padding: 0 1.25rem 4rem;
       max-width: 78rem; }
a { color: var(--link); }
code { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
h1 small { font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.2rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; }
em { color: var(--delete); }
.text { white-space: pre-line; }
nav { margin-bottom: 1.5rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { text-decoration: none; }
nav a:hover, nav a:focus { text-decoration: underline; }
b { font-size: .8em; letter-spacing: .03em; color: var(--other); }
.get { color: var(--get); } .post { color: var(--post); } .put, .patch { color: var(--put); }
.delete { color: var(--delete); }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem;
          scroll-margin-top: 1rem; }
article:target { outline: 2px solid var(--link); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .95em; }
caption { text-align: start; font-weight: 600; padding: .75rem 0 .25rem; }
th, td { text-align: start; vertical-align: top; padding: .3rem .75rem .3rem 0;
         border-top: 1px solid var(--line); font-weight: 400; }
thead th { border: 0; font-size: .85em; }
dl { margin: 0; } dd { margin: 0 0 .25rem 1.5rem; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 20rem minmax(0, 1fr); column-gap: 2.5rem; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; } }
"""
