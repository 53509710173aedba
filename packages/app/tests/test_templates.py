"""Pages from templates."""

import importlib
import os
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import msgspec
import pytest
from drystone import App, Group, HTTPError, Request, Response, static
from drystone.auth import authentication
from drystone.templates import Templates
from drystone.testing import Client, ClientResponse
from drystone_auth import Authenticator, MemoryStore, SessionCookie, Sessions

HTML = {"accept": "text/html"}


@dataclass
class Site:
    """An application whose handlers show a template, and the folder of the templates."""

    app: App[None]
    folder: Path
    templates: Templates

    def write(self, name: str, source: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, "utf-8")

    def show(self, name: str, **values: Any) -> None:
        """Answer ``/`` with a template."""

        async def show(request: Request) -> Response:
            return self.templates.render(request, name, **values)

        self.app.add_route("/", show)

    async def get(self, path: str = "/", **options: Any) -> ClientResponse:
        async with Client(self.app) as client:
            return await client.get(path, **options)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(App(), tmp_path, Templates(tmp_path))


async def test_a_page(site: Site) -> None:
    site.write("notes/page.html", "<h1>{{ title }}</h1>\n")
    site.show("notes/page.html", title="Grüße & Stones")

    answer = await site.get()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text == "<h1>Grüße &amp; Stones</h1>"


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page.jinja", "page"])
async def test_everything_is_escaped_whatever_the_file_is_called(site: Site, name: str) -> None:
    site.write(name, "{{ text }} {{ text|safe }}")
    site.show(name, text="<b>")

    assert (await site.get()).text == "&lt;b&gt; <b>"


async def test_status_and_headers(site: Site) -> None:
    site.write("map.svg", "<svg/>")
    site.show("map.svg", status=404, headers={"content-type": "image/svg+xml", "x-a": "b"})

    answer = await site.get()

    assert answer.status_code == 404
    assert (answer.headers["content-type"], answer.headers["x-a"]) == ("image/svg+xml", "b")


async def test_a_status_that_was_meant_for_the_template(site: Site) -> None:
    site.write("page.html", "{{ status }}")
    site.show("page.html", status="paid")

    async with Client(site.app, raise_errors=True) as client:
        with pytest.raises(TypeError, match="an int, not 'paid': call the template's value"):
            await client.get("/")


async def test_plain_handlers_render_in_their_thread(site: Site) -> None:
    site.write("page.html", "{{ request.path }}")

    @site.app.get("/here")
    def page(request: Request) -> Response:
        return site.templates.render(request, "page.html")

    assert (await site.get("/here")).text == "/here"


async def test_addresses(site: Site) -> None:
    site.write("page.html", "{{ url_for('note', id=7) }} {{ url_for('static', path='a b.css') }}")
    (site.folder / "public").mkdir()
    notes = Group("/notes")
    notes.add_route("/{id}", lambda id: id, name="note")
    site.show("page.html")
    site.app.include(notes)
    site.app.include(static("/static", site.folder / "public", name="static"))
    outer: App[None] = App()
    outer.mount("/shop", site.app)

    assert (await site.get()).text == "/notes/7 /static/a%20b.css"
    async with Client(outer) as client:
        assert (await client.get("/shop/")).text == "/shop/notes/7 /shop/static/a%20b.css"


async def test_inheritance_and_macros(site: Site) -> None:
    site.write("frame.html", "<title>{% block title %}{% endblock %}</title>")
    site.write("macros.html", "{% macro link(name) %}<a href='{{ url_for(name) }}'>{% endmacro %}")
    site.write(
        "page.html",
        "{% extends 'frame.html' %}{% import 'macros.html' as m with context %}"
        "{% block title %}{{ m.link('front') }}{% endblock %}",
    )

    @site.app.get("/", name="front")
    async def front(request: Request) -> Response:
        return site.templates.render(request, "page.html")

    assert (await site.get()).text == "<title><a href='/'></title>"


async def test_values_for_every_page(site: Site) -> None:
    def shared(request: Request[Any]) -> Mapping[str, Any]:
        return {"who": request.query.get("who"), "site": "Wall"}

    site.templates = Templates(site.folder, context=shared)
    site.write("page.html", "{{ who }} {{ site }}")
    site.show("page.html", site="Field")

    assert (await site.get("/?who=ada")).text == "ada Field"


async def test_filters_of_ones_own(site: Site) -> None:
    site.templates.environment.filters["shout"] = str.upper
    site.write("page.html", "{{ 'a'|shout }}")
    site.show("page.html")

    assert (await site.get()).text == "A"
    site.app.debug = True
    assert (await site.get()).text == "A"


class Point(msgspec.Struct):
    x: int
    name: str


async def test_json_in_a_page_is_that_of_an_answer(site: Site) -> None:
    number = uuid.UUID(int=5)
    site.write("page.html", "<script>p = {{ point|tojson }}, n = {{ number|tojson }}</script>")
    site.show("page.html", point=Point(1, "</script>"), number=number)

    text = (await site.get()).text

    assert '{"x":1,"name":"\\u003c/script\\u003e"}' in text
    assert f'n = "{number}"' in text


async def test_the_session(site: Site) -> None:
    site.write("page.html", "{{ request.session.pop('told') }} {{ request.principal is none }}")
    sessions = Sessions(MemoryStore().sessions, cookie=SessionCookie.for_localhost())
    site.app = App(middleware=[authentication(Authenticator(sessions=sessions))])
    site.show("page.html")

    @site.app.post("/tell")
    async def tell(request: Request) -> None:
        request.session["told"] = "Saved"

    async with Client(site.app) as client:
        await client.post("/tell")
        assert (await client.get("/")).text == "Saved True"
        assert (await client.get("/")).status_code == 500  # it was told


# What can be wrong


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="There is no folder .*nothing to take templates from"):
        Templates(tmp_path / "nothing")


def test_a_relative_folder_begins_where_the_program_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("a")
    monkeypatch.chdir(tmp_path)
    templates = Templates("pages")
    monkeypatch.chdir("/")

    assert templates.environment.get_template("a.html").render() == "a"
    with pytest.raises(ValueError, match=r'Path\(__file__\).parent / "pages"'):
        Templates("pages")


def test_values_for_every_page_cannot_be_waited_for(tmp_path: Path) -> None:
    async def shared(request: Request[Any]) -> dict[str, Any]:
        return {}

    context: Any = shared
    with pytest.raises(TypeError, match=r"context=.*shared is async, but a page is made without"):
        Templates(tmp_path, context=context)


async def test_no_template(site: Site) -> None:
    site.show("nothing.html")

    async with Client(site.app, raise_errors=True) as client:
        with pytest.raises(
            jinja2.TemplateNotFound, match="'nothing.html' not found in search path"
        ):
            await client.get("/")


@pytest.mark.parametrize("name", ["../secret.html", "/etc/passwd", "a/../../secret.html"])
async def test_no_name_leads_out_of_the_folder(site: Site, name: str) -> None:
    (site.folder / "inside").mkdir()
    site.templates = Templates(site.folder / "inside")
    site.write("secret.html", "secret")
    site.show(name)

    assert (await site.get()).status_code == 500


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("<h1>\n{{ titel }}\n", 2, "&#x27;titel&#x27; is undefined"),
        ("<h1>\n\n{{ request.nothing }}\n", 3, "has no attribute &#x27;nothing&#x27;"),
        ("<h1>\n{% if %}\n", 2, "TemplateSyntaxError"),
        ("<h1>\n{{ url_for('nowhere') }}", 2, "nowhere"),
    ],
)
async def test_the_debug_page_shows_the_line(
    site: Site, source: str, line: int, words: str
) -> None:
    site.write("broken.html", source)
    site.show("broken.html")
    site.app.debug = True

    page = await site.get(headers=HTML)

    assert page.status_code == 500
    assert words in page.text
    assert f"broken.html:{line}" in page.text
    assert f"<span class=here>{line:>5}  {source.splitlines()[line - 1][:4]}" in page.text


async def test_an_error_page(site: Site) -> None:
    site.write("error.html", "{{ error.status }}: {{ error.detail }}")

    @site.app.error_handler(404)
    async def not_found(request: Request, error: HTTPError) -> Response:
        return site.templates.render(request, "error.html", status=404, error=error)

    answer = await site.get("/nowhere")

    assert (answer.status_code, answer.text) == (404, "404: Nothing is found at this address")


@pytest.mark.parametrize("debug", [False, True])
async def test_a_changed_template_is_read_again_where_one_debugs(site: Site, debug: bool) -> None:
    site.write("part.html", "old")
    site.write("page.html", "{% include 'part.html' %}")
    site.show("page.html")
    site.app.debug = debug
    assert (await site.get()).text == "old"
    site.write("part.html", "new")
    os.utime(site.folder / "part.html", (1, 1))  # another time, however coarse the clock

    assert (await site.get()).text == ("new" if debug else "old")


def test_without_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "drystone.templates")

    with pytest.raises(ImportError, match=r"needs Jinja2: pip install 'drystone\[templates\]'"):
        importlib.import_module("drystone.templates")
