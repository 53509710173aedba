# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The description of an application: what it says, that it is valid, and that it is true."""

import functools
import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any, TypedDict
from uuid import UUID

import jsonschema
import msgspec
import openapi_spec_validator
import pydantic
import pytest
from drystone import (
    App,
    Body,
    Cookie,
    Depends,
    Form,
    FormData,
    Group,
    Handler,
    Header,
    HTTPError,
    Query,
    Request,
    Response,
    UploadFile,
    ValidationError,
    html,
    json,
    static,
    stream,
)
from drystone.auth import authentication, guarded
from drystone.openapi import Doc, OpenAPI, describe
from drystone.testing import Client
from drystone_auth import (
    APIKey,
    Authenticator,
    Basic,
    Bearer,
    MemoryStore,
    Principal,
    SessionCookie,
    Sessions,
    anyone,
    authenticated,
)


class Color(StrEnum):
    grey = "grey"
    red = "red"


class NewStone(msgspec.Struct, forbid_unknown_fields=True):
    weight: Annotated[float, msgspec.Meta(gt=0, description="in kilograms")]
    color: Color = Color.grey


class Stone(msgspec.Struct):
    id: int
    weight: float
    color: Color


class Page(msgspec.Struct):
    limit: Annotated[int, msgspec.Meta(le=100)] = 10
    colors: list[Color] = []


class Sorting(pydantic.BaseModel):
    by: str = "id"
    order_by: str = pydantic.Field(alias="orderBy")


@dataclass
class Report:
    title: str
    pages: int = 1


class Total(TypedDict):
    count: int


class Sheep(pydantic.BaseModel):
    name: str
    age: int = 0


class Upload(msgspec.Struct):
    title: str
    file: UploadFile
    note: str = ""


class Taken(msgspec.Struct):
    by: str


async def find(secret: str) -> Principal | None:
    return Principal("ada") if secret == "secret" else None


async def check(name: str, password: str) -> Principal | None:
    return None


def trace_id(trace: Annotated[str, Header(alias="x-trace")] = "") -> Iterator[str]:
    yield trace


def make_app() -> App[None]:
    """One of each."""
    app: App[None] = App(middleware=[authentication(Authenticator(schemes=(Bearer(find),)))])
    stones = app.group("/stones", doc=Doc(responses={404: HTTPError}))

    @stones.get("")
    async def list_stones(
        page: Annotated[Page, Query],
        ids: list[int] | None = None,
        lang: Annotated[str | None, Header(alias="accept-language")] = None,
        theme: Annotated[Color, Cookie] = Color.grey,
        trace: str = Depends(trace_id),
    ) -> list[Stone]:
        """List the stones,
        heaviest first.

        Those of *all* walls.

        Args:
            page: for programmers.
        """
        return [Stone(1, 2.5, Color.grey)]

    @stones.post("", status=201, doc=Doc(responses={409: Taken}))
    async def add(stone: NewStone) -> Stone:
        if stone.color is Color.red:
            return json(Taken("ada"), 409)  # type: ignore[return-value]
        return Stone(2, stone.weight, stone.color)

    @stones.get("/{id:int}", name="stone")
    async def show(id: int) -> Stone | None:
        if id > 100:
            raise HTTPError(404, "No such stone")
        return Stone(id, 1, Color.grey) if id else None

    @stones.delete("/{id:int}", guards=[authenticated])
    async def remove(id: int) -> None: ...

    @stones.get("/{id:int}/name")
    async def name_of(id) -> str:
        return "Ben"

    @app.put("/raw/{key:re([a-z]+)}")
    async def raw(key: str, body: Annotated[bytes, Body]) -> bytes:
        return body

    @app.post("/echo")
    def echo(text: Annotated[str, Body], stamp: Annotated[str, Header]) -> Report | str:
        return Report(text) if text == "report" else text

    @app.post("/form")
    async def form(name: Annotated[str, Form], age: Annotated[int, Form] = 3) -> Total:
        return {"count": age}

    @app.post("/upload")
    async def upload(upload: Annotated[Upload, Form]) -> Total:
        return {"count": len(await upload.file.read())}

    @app.post("/sheep")
    async def count_sheep(sheep: list[Sheep], sort: Annotated[Sorting, Query]) -> dict[str, Sheep]:
        return {each.name: each for each in sheep}

    app.include(static("/static", "."))
    app.include(OpenAPI(title="Stones", version="1.2.0", description="All of them."))
    return app


APP = make_app()
DOCUMENT = describe(APP)


def operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path][method.lower()]
    return found


def parameter(described: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in described["parameters"] if each["name"] == name]
    assert isinstance(found, dict)
    return found


def content(part: dict[str, Any], kind: str = "application/json") -> Any:
    return part["content"][kind]["schema"]


def answer_of(described: dict[str, Any], status: int | str = 200) -> Any:
    return described["responses"][str(status)]


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def of_one(function: Any, path: str = "/x", method: str = "GET", **options: Any) -> Any:
    """The operation of an application with one route."""
    app: App[None] = App()
    app.add_route(path, function, [method], **options)
    return operation(describe(app), method, re.sub(r":\w+", "", path))


def test_the_document_is_valid() -> None:
    openapi_spec_validator.validate(DOCUMENT)

    assert DOCUMENT["openapi"] == "3.1.1"
    assert DOCUMENT["info"] == {
        "title": "Stones",
        "version": "1.2.0",
        "description": "All of them.",
    }


def test_what_is_listed() -> None:
    assert {path: sorted(item) for path, item in DOCUMENT["paths"].items()} == {
        "/stones": ["get", "post"],
        "/stones/{id}": ["delete", "get"],
        "/stones/{id}/name": ["get"],
        "/raw/{key}": ["put"],
        "/echo": ["post"],
        "/form": ["post"],
        "/upload": ["post"],
        "/sheep": ["post"],
    }
    assert "Page" not in DOCUMENT["components"]["schemas"]  # only its members are spoken of


@pytest.mark.parametrize(
    ("method", "path", "template", "options", "status"),
    [
        ("GET", "/stones", "/stones", {}, 200),
        ("GET", "/stones?limit=x&colors=blue", "/stones", {}, 422),
        ("POST", "/stones", "/stones", {"json": {"weight": 1}}, 201),
        ("POST", "/stones", "/stones", {"json": {"weight": 1, "color": "red"}}, 409),
        ("POST", "/stones", "/stones", {"json": {"weight": "heavy", "x": 1}}, 422),
        ("POST", "/stones", "/stones", {"content": b"{}"}, 415),
        ("GET", "/stones/7", "/stones/{id}", {}, 200),
        ("GET", "/stones/0", "/stones/{id}", {}, 204),
        ("GET", "/stones/777", "/stones/{id}", {}, 404),
        ("DELETE", "/stones/7", "/stones/{id}", {}, 401),
        (
            "DELETE",
            "/stones/7",
            "/stones/{id}",
            {"headers": {"authorization": "Bearer secret"}},
            204,
        ),
        ("GET", "/stones/7/name", "/stones/{id}/name", {}, 200),
        ("PUT", "/raw/abc", "/raw/{key}", {"content": b"\x00"}, 200),
        ("POST", "/echo", "/echo", {"content": b"hi", "headers": {"stamp": "1"}}, 200),
        ("POST", "/echo", "/echo", {"content": b"report", "headers": {"stamp": "1"}}, 200),
        ("POST", "/echo", "/echo", {"content": b"\xff"}, 422),
        ("POST", "/form", "/form", {"data": {"name": "x"}}, 200),
        ("POST", "/form", "/form", {"data": {"age": "x"}}, 422),
        ("POST", "/upload", "/upload", {"data": {"title": "x"}, "files": {"file": b"123"}}, 200),
        ("POST", "/upload", "/upload", {"data": {"title": "x"}}, 422),
        ("POST", "/sheep?orderBy=id", "/sheep", {"json": [{"name": "Dolly"}]}, 200),
        ("POST", "/sheep", "/sheep", {"json": [{"name": 1}]}, 422),
    ],
)
async def test_what_is_answered_is_what_was_said(
    method: str, path: str, template: str, options: dict[str, Any], status: int
) -> None:
    async with Client(APP) as client:
        response = await client.request(method, path, **options)

    assert response.status_code == status
    answers = operation(DOCUMENT, method, template)["responses"]
    said = answers.get(str(status), answers["default"])
    if not response.content:
        assert "content" not in said
        return
    kind = response.headers["content-type"].partition(";")[0]
    schema = content(said, kind)
    value = response.json() if "json" in kind else response.text if kind == "text/plain" else None
    if value is not None:
        whole = {**schema, "components": DOCUMENT["components"]}
        jsonschema.Draft202012Validator(whole).validate(value)


def test_words() -> None:
    described = operation(DOCUMENT, "GET", "/stones")

    assert described["summary"] == "List the stones, heaviest first."
    assert described["description"] == "Those of *all* walls."
    assert described["tags"] == ["stones"]
    assert operation(DOCUMENT, "POST", "/sheep")["summary"] == "Count sheep"
    assert "tags" not in operation(DOCUMENT, "POST", "/sheep")


def test_words_by_hand() -> None:
    async def f() -> None:
        """Not this."""

    doc = Doc(summary="S", description="D", tags=["a", "b"], deprecated=True, operation_id="do-it")
    described = of_one(f, doc=doc)

    assert (described["summary"], described["description"]) == ("S", "D")
    assert described["tags"] == ["a", "b"]
    assert described["deprecated"] is True
    assert described["operationId"] == "do-it"


def test_functions_without_words_of_their_own() -> None:
    class Answer:
        """Not about the route."""

        async def __call__(self, x: int) -> Total:
            return {"count": x}

    async def f(y: int, x: int) -> Total:
        """Documented."""
        return {"count": x}

    described = of_one(Answer())
    assert described["summary"] == "Answer"
    assert content(answer_of(described)) == ref("Total")
    partial = of_one(functools.partial(f, 1))
    assert content(answer_of(partial)) == ref("Total")


def test_parameters() -> None:
    described = operation(DOCUMENT, "GET", "/stones")

    assert parameter(described, "limit") == {
        "name": "limit",
        "in": "query",
        "required": False,
        "schema": {"type": "integer", "maximum": 100, "default": 10},
    }
    assert parameter(described, "colors")["schema"]["items"] == ref("Color")
    ids = parameter(described, "ids")
    assert ids["schema"] == {"type": "array", "items": {"type": "integer"}}
    assert parameter(described, "accept-language")["in"] == "header"
    assert parameter(described, "theme")["in"] == "cookie"
    assert parameter(described, "theme")["schema"] == {**ref("Color"), "default": "grey"}
    assert parameter(described, "x-trace")["in"] == "header"  # of the provider
    assert parameter(operation(DOCUMENT, "POST", "/echo"), "stamp")["required"] is True
    sort = operation(DOCUMENT, "POST", "/sheep")
    assert parameter(sort, "orderBy")["required"] is True
    assert parameter(sort, "by")["schema"]["default"] == "id"


def test_path_parameters() -> None:
    typed = parameter(operation(DOCUMENT, "GET", "/stones/{id}"), "id")
    assert typed == {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    untyped = parameter(operation(DOCUMENT, "GET", "/stones/{id}/name"), "id")
    assert untyped["schema"] == {"type": "integer", "minimum": 0}
    pattern = parameter(operation(DOCUMENT, "PUT", "/raw/{key}"), "key")
    assert pattern["schema"]["pattern"] == "^(?:[a-z]+)$"


def test_parameters_that_are_said_elsewhere_or_once() -> None:
    def page_of(page: int = 1) -> int:
        return page

    async def f(
        accept: Annotated[str, Header],
        one: Annotated[int, Depends(page_of)],
        page: int = 1,
        price: Annotated[Annotated[int | None, "note"], Query] = None,
        odd: Annotated[UUID | int, Query] = functools.partial,  # type: ignore[assignment]
    ) -> None: ...

    described = of_one(f)

    assert [each["name"] for each in described["parameters"]] == ["page", "price", "odd"]
    assert "default" not in parameter(described, "odd")["schema"]
    assert parameter(described, "price")["schema"] == {"type": "integer"}


def test_an_optional_end_is_two_paths() -> None:
    app: App[None] = App()

    @app.get("/notes/{page:int?}")
    async def notes(page: int = 1) -> None: ...

    document = describe(app)

    openapi_spec_validator.validate(document)
    assert "parameters" not in operation(document, "GET", "/notes")
    assert parameter(operation(document, "GET", "/notes/{page}"), "page")["required"] is True


def test_paths_that_are_one_to_openapi() -> None:
    app: App[None] = App()

    @app.get("/a/{id:int}")
    async def by_id(id: int) -> None: ...

    @app.get("/a/{name}")
    async def by_name(name: str) -> None: ...

    @app.delete("/a/{name}")
    async def remove(name: str, force: bool = False) -> None: ...

    document = describe(app)

    openapi_spec_validator.validate(document)
    assert list(document["paths"]) == ["/a/{id}"]
    assert operation(document, "GET", "/a/{id}")["operationId"] == "by_id"
    assert parameter(operation(document, "DELETE", "/a/{id}"), "id")["schema"] == {"type": "string"}


def test_methods() -> None:
    app: App[None] = App()

    @app.route("/any", None)
    async def anything() -> None: ...

    @app.route("/some", ["GET", "HEAD", "PROPFIND"])
    async def something() -> None: ...

    document = describe(app)

    assert sorted(document["paths"]["/any"]) == ["delete", "get", "patch", "post", "put"]
    assert sorted(document["paths"]["/some"]) == ["get", "head"]


def test_ids_differ_whatever_the_order() -> None:
    def named(name: str) -> Any:
        async def f() -> None: ...

        f.__name__ = name
        return f

    app: App[None] = App()
    app.add_route("/a", named("show"))
    app.add_route("/b", named("show"))
    app.add_route("/b", named("show"), ["PUT"])
    app.add_route("/c", named("alone"))
    app.add_route("/a-b", named("same"))
    app.add_route("/a_b", named("same"))
    document = describe(app)

    ids = [each["operationId"] for item in document["paths"].values() for each in item.values()]
    assert ids == ["get_a", "get_b", "show_put", "alone", "get_a_b", "get_a_b_5"]


def test_bodies() -> None:
    body = operation(DOCUMENT, "POST", "/stones")["requestBody"]
    assert (body["required"], content(body)) == (True, ref("NewStone"))
    closed = DOCUMENT["components"]["schemas"]["NewStone"]
    assert closed["additionalProperties"] is False
    assert closed["properties"]["weight"]["description"] == "in kilograms"
    raw = operation(DOCUMENT, "PUT", "/raw/{key}")["requestBody"]
    assert content(raw, "application/octet-stream") == {"type": "string", "format": "binary"}
    text = operation(DOCUMENT, "POST", "/echo")["requestBody"]
    assert content(text, "text/plain") == {"type": "string"}
    sheep = operation(DOCUMENT, "POST", "/sheep")["requestBody"]
    assert content(sheep) == {"type": "array", "items": ref("Sheep")}


def test_bodies_that_may_be_left_out_or_are_read_twice() -> None:
    async def f(stone: NewStone | None = None, text: Annotated[str, Body] = "") -> None: ...

    body = of_one(f, method="POST")["requestBody"]

    assert body["required"] is False
    assert list(body["content"]) == ["application/json"]


def test_forms() -> None:
    body = operation(DOCUMENT, "POST", "/form")["requestBody"]
    assert set(body["content"]) == {"multipart/form-data", "application/x-www-form-urlencoded"}
    assert content(body, "multipart/form-data") == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer", "default": 3}},
        "required": ["name"],
    }


def test_forms_with_files() -> None:
    body = operation(DOCUMENT, "POST", "/upload")["requestBody"]
    assert list(body["content"]) == ["multipart/form-data"]
    schema = content(body, "multipart/form-data")
    assert schema["properties"]["file"] == {"type": "string", "format": "binary"}
    assert schema["required"] == ["title", "file"]

    async def f(
        form: FormData,
        one: UploadFile | None = None,
        many: list[UploadFile] = [],  # noqa: B006
    ) -> None: ...

    body = of_one(f, method="POST")["requestBody"]
    assert body["required"] is False
    assert list(body["content"]) == ["multipart/form-data"]
    assert content(body, "multipart/form-data")["properties"]["many"]["type"] == "array"


def test_responses() -> None:
    shown = operation(DOCUMENT, "GET", "/stones/{id}")["responses"]
    assert list(shown) == ["200", "204", "404", "422", "default"]
    assert content(shown["200"]) == ref("Stone")
    assert "content" not in shown["204"]
    assert content(shown["404"], "application/problem+json") == ref("Problem")
    assert content(shown["default"], "application/problem+json") == ref("Problem")
    added = operation(DOCUMENT, "POST", "/stones")["responses"]
    assert content(added["201"]) == ref("Stone")
    assert content(added["409"]) == ref("Taken")
    echoed = operation(DOCUMENT, "POST", "/echo")["responses"]["200"]
    assert set(echoed["content"]) == {"text/plain", "application/json"}


@pytest.mark.parametrize(
    ("returned", "kinds"),
    [
        (Any, []),
        (Response, []),
        (None, []),
        (bytearray, ["application/octet-stream"]),
        (Annotated[str, "note"], ["text/plain"]),
        (Color, ["application/json"]),
        (type("Markup", (str,), {}), ["text/plain"]),
        (Response | Stone, ["application/json"]),
        (Stone | Report | list[int], ["application/json"]),
        (AsyncIterator[bytes], ["application/json"]),
    ],
)
def test_what_a_return_annotation_says(returned: Any, kinds: list[str]) -> None:
    async def f(): ...

    f.__annotations__["return"] = returned
    answers = of_one(f)["responses"]

    assert list(answers.get("200", answers.get("204")).get("content", {})) == kinds
    assert "422" not in answers


def test_a_function_that_makes_its_own_response() -> None:
    async def f() -> Response:
        return html("<p>")

    described = of_one(f, status=202, doc=Doc(responses={202: Stone, 410: None}))

    assert content(answer_of(described, 202)) == ref("Stone")
    assert "content" not in answer_of(described, 410)

    async def g() -> None: ...

    assert list(of_one(g, status=202)["responses"]) == ["202", "default"]


def test_errors_that_the_application_answers_itself() -> None:
    app: App[None] = App()

    @app.get("/x")
    async def f(x: int) -> None: ...

    @app.error_handler(ValidationError)
    async def answer(request: Request[Any], error: ValidationError) -> dict[str, str]:
        return {"error": str(error)}

    answers = operation(describe(app), "GET", "/x")["responses"]

    assert "content" not in answers["422"]
    assert "content" not in answers["default"]


def test_what_cannot_be_refused() -> None:
    async def f(name: str, q: str = "", request: Any = None) -> None: ...

    assert "422" not in of_one(f, "/x/{name}")["responses"]
    assert "422" not in operation(DOCUMENT, "PUT", "/raw/{key}")["responses"]


def test_groups_and_mounts() -> None:
    inner: App[None] = App()

    @inner.get("/notes")
    async def notes() -> None: ...

    async def asgi(scope: Any, receive: Any, send: Any) -> None: ...

    class Other:
        """Neither an App nor of its kind."""

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    app: App[None] = App()
    tenants = app.group("/api").group("/{tenant}")

    @tenants.get("/users")
    async def users(tenant: str) -> None: ...

    app.mount("/inner", inner)
    app.mount("/asgi", asgi)
    app.mount("/other", Other())
    inner.include(OpenAPI())
    hidden = Group("/hidden", doc=Doc(hidden=True))
    hidden.add_route("/x", notes)
    app.include(hidden)
    document = describe(app)

    assert list(document["paths"]) == ["/inner/notes", "/api/{tenant}/users"]
    assert operation(document, "GET", "/inner/notes")["tags"] == ["inner"]
    assert operation(document, "GET", "/api/{tenant}/users")["tags"] == ["api"]
    assert document["info"] == {"title": "API", "version": "0"}


class AsItIs:
    """A middleware that nobody can refer to weakly."""

    __slots__ = ()

    def __call__(self, handler: Handler) -> Handler:
        return handler


def secured(*schemes: Any, **declared: Any) -> tuple[App[None], dict[str, Any]]:
    sessions = Sessions(MemoryStore().sessions, cookie=SessionCookie.for_localhost())
    authenticator = Authenticator(sessions=sessions, schemes=schemes)
    app: App[None] = App(middleware=[AsItIs(), authentication(authenticator)])

    @app.get("/private")
    @guarded(authenticated)
    async def private() -> None: ...

    @app.get("/open", guards=[anyone, lambda request: None])
    async def opened() -> None: ...

    app.include(OpenAPI(security=declared))
    return app, describe(app)


def test_security_by_guards_and_authenticators() -> None:
    app, document = secured(Bearer(find), Basic(check), APIKey(find), APIKey(find, header="X-Old"))

    openapi_spec_validator.validate(document)
    names = ["bearer", "basic", "api_key", "api_key2", "cookie"]
    private = operation(document, "GET", "/private")
    assert private["security"] == [{name: []} for name in names]
    assert {"401", "403"} < set(private["responses"])
    assert "security" not in operation(document, "GET", "/open")
    schemes = document["components"]["securitySchemes"]
    assert schemes["bearer"] == {"type": "http", "scheme": "bearer"}
    assert schemes["api_key2"] == {"type": "apiKey", "in": "header", "name": "X-Old"}
    assert schemes["cookie"]["in"] == "cookie"

    @app.get("/later", guards=[authenticated])
    async def later() -> None: ...

    assert operation(describe(app), "GET", "/later")["security"] == private["security"]


def test_no_guards_where_nobody_has_imported_any(monkeypatch: pytest.MonkeyPatch) -> None:
    app: App[None] = App(guards=[lambda request: None])
    app.add_route("/x", lambda: "x")
    monkeypatch.delitem(sys.modules, "drystone_auth")

    assert "security" not in operation(describe(app), "GET", "/x")
    assert "drystone_auth" not in sys.modules


def test_security_around_a_mount_counts() -> None:
    inner: App[None] = App()
    inner.add_route("/x", lambda: "x", guards=[authenticated])
    app, _ = secured(Bearer(find))
    app.mount("/inner", inner)

    security = operation(describe(app), "GET", "/inner/x")["security"]
    assert security == [{"bearer": []}, {"cookie": []}]


def test_security_by_hand() -> None:
    oauth = {"type": "openIdConnect", "openIdConnectUrl": "https://login.example/.well-known"}
    app: App[None] = App(guards=[authenticated])
    app.add_route("/a", lambda: "a")
    app.add_route("/b", lambda: "b", doc=Doc(security=()))
    app.include(OpenAPI(security={"oauth": oauth, "key": {"type": "mutualTLS"}}))
    app.add_route("/c", lambda: "c", doc=Doc(security=["oauth"]))
    document = describe(app)

    openapi_spec_validator.validate(document)
    assert operation(document, "GET", "/a")["security"] == [{"oauth": []}, {"key": []}]
    assert "security" not in operation(document, "GET", "/b")
    assert operation(document, "GET", "/c")["security"] == [{"oauth": []}]
    assert document["components"]["securitySchemes"]["oauth"] == oauth


def test_a_security_scheme_that_nobody_described() -> None:
    app: App[None] = App()
    app.add_route("/c", lambda: "c", doc=Doc(security=["oauth"]))

    with pytest.raises(ValueError, match=r"of /c names 'oauth': describe it by OpenAPI\(security"):
        describe(app)


async def test_it_is_served() -> None:
    async with Client(APP) as client:
        response = await client.get("/openapi.json")
        page = await client.get("/docs")

    assert response.json() == DOCUMENT
    assert response.headers["content-type"] == "application/json"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="openapi.json"' in page.text


async def test_it_knows_routes_that_came_later() -> None:
    app: App[None] = App()
    app.include(OpenAPI(page=None))
    async with Client(app) as client:
        assert (await client.get("/openapi.json")).json()["paths"] == {}
        app.add_route("/later", lambda: "x")
        assert list((await client.get("/openapi.json")).json()["paths"]) == ["/later"]
        assert (await client.get("/docs")).status_code == 404


async def test_where_it_came_from_is_the_server() -> None:
    inner: App[None] = App()
    inner.include(OpenAPI(path="/api/schema.json", page="/api/help/page"))
    app: App[None] = App()
    app.mount("/inner", inner)
    async with Client(app) as client:
        document = (await client.get("/inner/api/schema.json")).json()
        page = (await client.get("/inner/api/help/page")).text

    assert document["servers"] == [{"url": "/inner"}]
    assert 'href="../schema.json"' in page
    assert "Served at <code>/inner</code>" in page


async def test_servers_guards_and_middleware_by_hand() -> None:
    def refuse(request: Request[Any]) -> None:
        if not request.headers.get("x-me"):
            raise HTTPError(403)

    app: App[None] = App()
    app.include(OpenAPI(servers=["https://api.example/v1"], guards=[refuse]))
    async with Client(app) as client:
        assert (await client.get("/docs")).status_code == 403
        document = (await client.get("/openapi.json", headers={"x-me": "1"})).json()

    assert document["servers"] == [{"url": "https://api.example/v1"}]
    with pytest.raises(TypeError, match=r"OpenAPI\(servers=\.\.\.\) takes several"):
        OpenAPI(servers="/v1")


def test_every_kind_of_handler_can_be_described() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b""

    class Kind(Enum):
        a = 1

    app: App[None] = App()
    app.add_route("/s", lambda: stream(pieces()))
    app.add_route("/e/{kind}", lambda kind: Kind(kind))

    openapi_spec_validator.validate(describe(app))
