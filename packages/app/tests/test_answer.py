# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""What is raised becomes a response before the middleware around goes on."""

import asyncio
import base64
import hashlib
from typing import Any

import pytest
from drystone import App, HTTPError, Response, text
from drystone.testing import Client
from drystone_auth import StoreUnavailable


def marking(name: str) -> Any:
    """Middleware that leaves its mark on every response it sees."""

    def middleware(handler: Any) -> Any:
        async def mark(request: Any) -> Response:
            response: Response = await handler(request)
            response.headers.add("x-seen-by", name)
            return response

        return mark

    return middleware


def raising(error: Exception) -> Any:
    def middleware(handler: Any) -> Any:
        async def refuse(request: Any) -> Response:
            raise error

        return refuse

    return middleware


def failing_app(error: Exception, **options: Any) -> App[None]:
    app: App[None] = App(**options)

    @app.get("/")
    async def fail(request):
        raise error

    return app


async def get(app: App[None], path: str = "/", **headers: str) -> Any:
    async with Client(app) as client:
        return await client.get(path, headers=headers)


async def test_middleware_sees_what_the_middleware_inside_of_it_raised() -> None:
    app: App[None] = App(
        middleware=[marking("outer"), marking("inner"), raising(HTTPError(403)), marking("never")]
    )
    answer = await get(app)
    assert answer.status_code == 403
    assert answer.headers["x-seen-by"] == "inner, outer"


@pytest.mark.parametrize("error", [HTTPError(404), ValueError("unexpected"), KeyError("known")])
async def test_middleware_of_groups_and_routes_sees_what_is_raised_inside(error: Exception) -> None:
    app: App[None] = App(middleware=[marking("app")])
    group = app.group("/group", middleware=[marking("group")])
    bare = group.group("/bare")

    @bare.error_handler(KeyError)
    async def of_bare(request, error):
        return text("answered by the nearest", 418)

    async def fail(request):
        raise error

    async def fine(request):
        return "fine"

    bare.add_route("/x", fail, middleware=[marking("route")])
    bare.add_route("/y", fine, middleware=[marking("route"), raising(error)])
    status = {HTTPError: 404, ValueError: 500, KeyError: 418}[type(error)]
    for path in ("/group/bare/x", "/group/bare/y"):
        answer = await get(app, path)
        assert answer.status_code == status
        assert answer.headers["x-seen-by"] == "route, group, app"


async def test_500_answers_what_nobody_expected_after_it_was_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = ValueError("unexpected")
    app = failing_app(error)

    @app.error_handler(500)
    async def sorry(request, raised):
        assert raised is error
        return f"sorry, {len(caplog.records)} line in the log"

    answer = await get(app)
    assert (answer.status_code, answer.text) == (500, "sorry, 1 line in the log")
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error]


async def test_a_named_kind_goes_before_500_and_500_before_exception(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = failing_app(KeyError("x"))
    app.error_handler(Exception)(lambda request, error: "anything")
    assert (await get(app)).text == "anything"
    app.error_handler(500)(lambda request, error: "500")
    assert (await get(app)).text == "500"
    assert len(caplog.records) == 2
    app.error_handler(LookupError)(lambda request, error: "lookup")
    assert (await get(app)).text == "lookup"
    assert len(caplog.records) == 2  # an error that is answered by name was expected


async def test_raising_what_was_given_is_to_pass(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()
    group = app.group("/g")
    asked: list[str] = []

    def passing(name: str) -> Any:
        async def handler(request: Any, error: Exception) -> Any:
            asked.append(name)
            raise error

        return handler

    app.error_handler(Exception)(passing("app"))
    group.error_handler(500)(passing("group"))

    @group.get("/")
    async def fail(request):
        raise ValueError("once")

    answer = await get(app, "/g/")
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal Server Error")
    assert asked == ["group", "app"]
    assert len(caplog.records) == 1


async def test_what_is_answered_in_place_of_a_logged_error_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = failing_app(ValueError("the cause"))

    @app.error_handler(Exception)
    async def later(request, error):
        raise HTTPError(503, "Later")

    assert (await get(app)).json()["detail"] == "Later"
    assert len(caplog.records) == 1


async def test_known_errors_of_the_server_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = await get(failing_app(StoreUnavailable("the disk is full")))
    assert answer.status_code == 503
    assert "disk" not in answer.text
    (record,) = caplog.records
    assert "GET / was answered 503" in record.getMessage()
    assert "(the disk is full)" in record.getMessage()
    assert answer.headers["x-request-id"] in record.getMessage()
    assert record.exc_info is None


async def test_the_cause_of_a_known_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    error = HTTPError(502, "The mill is closed")
    error.__cause__ = OSError("no route")
    assert (await get(failing_app(error))).status_code == 502
    assert "no route" in caplog.text


async def test_refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = failing_app(HTTPError(409))
    app.error_handler(500)(lambda request, error: "never")
    assert (await get(app)).status_code == 409
    assert not caplog.records


@pytest.mark.parametrize(("error", "debug"), [(HTTPError(404), False), (ValueError(), True)])
async def test_a_page_of_an_error_has_a_policy_that_lets_it_have_its_style(
    error: Exception, debug: bool
) -> None:
    answer = await get(failing_app(error, debug=debug), accept="text/html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def test_a_default_of_text_gives_text() -> None:
    agent: str = text("x").headers.get("x-agent", "")
    assert agent == ""


async def test_debug_shows_what_nobody_answers() -> None:
    answer = await get(failing_app(ValueError("shown"), debug=True))
    assert answer.json()["detail"] == "ValueError('shown')"


async def test_one_error_of_a_task_group_is_answered_as_itself() -> None:
    app: App[None] = App()
    group = app.group("/group")

    @app.error_handler(KeyError)
    async def missing(request, error):
        return text(f"no {error}", 404)

    @group.error_handler(ExceptionGroup)
    async def several(request, error):
        return text(f"{len(error.exceptions)} in a group", 502)

    async def fail(error: Exception) -> None:
        raise error

    async def gather(kind: str) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail(KeyError("stone") if kind == "key" else HTTPError(409)))
            if kind == "two":
                tasks.create_task(fail(HTTPError(409)))

    app.get("/{kind}")(gather)
    group.get("/{kind}")(gather)
    async with Client(app) as client:
        assert (await client.get("/known")).status_code == 409
        assert (await client.get("/key")).text == "no 'stone'"
        assert (await client.get("/two")).status_code == 500
        assert (await client.get("/group/key")).text == "1 in a group"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_an_error_whose_words_cannot_be_sent(
    accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = failing_app(HTTPError(400, "\ud800"), middleware=[marking("outer")])
    async with Client(app, headers={"accept": accept}) as client:
        answer = await client.get("/")
    assert answer.status_code == 500
    assert answer.headers["x-seen-by"] == "outer"
    assert answer.headers["x-request-id"] in caplog.records[0].message


async def test_errors_that_a_handler_lists_in_a_form_of_its_own() -> None:
    app = failing_app(HTTPError(400, "Look", extra={"errors": ["one", 2]}))
    async with Client(app) as client:
        page = await client.get("/", headers={"accept": "text/html"})
        assert (page.status_code, "Look" in page.text) == (400, True)
        assert (await client.get("/")).json()["errors"] == ["one", 2]


@pytest.mark.parametrize("level", ["app", "route", "inside"])
@pytest.mark.parametrize("value", [None, "text"])
async def test_a_middleware_that_gives_no_response_is_named(
    level: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def forgetful(handler: Any) -> Any:
        async def forget(request: Any) -> Any:
            await handler(request)
            return value

        return forget

    around = {"app": [forgetful], "inside": [marking("outer"), forgetful], "route": []}[level]
    app: App[None] = App(middleware=around)

    @app.get("/", middleware=[forgetful] if level == "route" else [])
    async def home():
        return "home"

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
    (record,) = caplog.records
    assert "forgetful.<locals>.forget answered" in str(record.exc_info)


async def test_a_middleware_that_sent_its_response_by_itself() -> None:
    def hasty(handler: Any) -> Any:
        async def answer(request: Any) -> None:
            await request.respond(text("sent"))

        return answer

    app: App[None] = App(middleware=[marking("outer"), hasty])
    async with Client(app) as client:
        assert (await client.get("/")).text == "sent"
    app = App(middleware=[hasty])
    async with Client(app) as client:
        assert (await client.get("/")).text == "sent"


async def test_a_response_of_a_class_of_its_own() -> None:
    class Page(Response):
        pass

    app: App[None] = App(middleware=[marking("outer")])

    @app.get("/")
    async def home():
        return Page(b"page")

    async with Client(app) as client:
        assert (await client.get("/")).content == b"page"
