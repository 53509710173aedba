# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Groups: prefixes, and what is around the handlers of each."""

import asyncio
from typing import Any

import pytest
from drystone import App, Group, HTTPError, Response, text
from drystone.testing import Client


def tracing(name: str, order: list[str]) -> Any:
    def middleware(handler: Any) -> Any:
        async def trace(request: Any) -> Any:
            order.append(f"{name} in")
            response = await handler(request)
            order.append(f"{name} out")
            return response

        return trace

    return middleware


def noting(name: str, order: list[str]) -> Any:
    def guard(request: Any) -> None:
        order.append(f"guard {name}")

    return guard


async def test_the_order_of_everything_around_a_handler() -> None:
    order: list[str] = []

    async def async_guard(request):
        order.append("guard inner 2")

    app: App[None] = App(middleware=[tracing("app", order)], guards=[noting("app", order)])
    app.add_middleware(tracing("app 2", order))
    outer = app.group(
        "/outer", middleware=[tracing("outer", order)], guards=[noting("outer", order)]
    )
    inner = outer.group("/inner", middleware=[tracing("inner", order)])
    inner.add_guard(noting("inner", order))
    inner.add_guard(async_guard)

    @inner.get("/x", middleware=[tracing("route", order)], guards=[noting("route", order)])
    async def handler(request):
        order.append("handler")
        return ""

    async with Client(app) as client:
        await client.get("/outer/inner/x")
        assert order == [
            "app in",
            "app 2 in",
            "guard app",
            "outer in",
            "guard outer",
            "inner in",
            "guard inner",
            "guard inner 2",
            "route in",
            "guard route",
            "handler",
            "route out",
            "inner out",
            "outer out",
            "app 2 out",
            "app out",
        ]
        order.clear()
        await client.get("/absent")
        assert order == ["app in", "app 2 in", "app 2 out", "app out"]


async def test_what_is_added_late_counts_from_the_next_request_on() -> None:
    order: list[str] = []
    app: App[None] = App()
    group = app.group("/g")

    @group.get("")
    async def handler(request):
        raise KeyError("x")

    async with Client(app) as client:
        assert (await client.get("/g")).status_code == 500
        group.add_middleware(tracing("group", order))
        group.add_guard(noting("group", order))
        app.add_middleware(tracing("app", order))

        @group.error_handler(KeyError)
        async def answer(request, error):
            return text("late", 400)

        assert (await client.get("/g")).text == "late"
    assert order == ["app in", "group in", "guard group", "group out", "app out"]


async def test_groups_made_alone() -> None:
    notes = Group("/notes")
    drafts = Group("/drafts")

    @drafts.get("/{id}")
    async def draft(id: int):
        return ["draft", id]

    notes.include(drafts)
    order: list[str] = []
    drafts.add_guard(noting("drafts", order))

    @notes.get("")
    async def all_notes(request):
        return "all"

    app: App[None] = App()
    app.group("/api").include(notes)
    async with Client(app) as client:
        assert (await client.get("/api/notes")).text == "all"
        assert (await client.get("/api/notes/drafts/3")).json() == ["draft", 3]
        assert order == ["guard drafts"]


def test_a_handler_has_to_take_the_parameters_of_its_groups() -> None:
    app: App[None] = App()
    group = app.group("/{tenant}")
    with pytest.raises(TypeError, match="tenant"):

        @group.get("/x")
        async def handler(request):
            return ""


async def test_errors_go_to_the_nearest_group() -> None:
    app: App[None] = App()
    api = app.group("/api")
    other = app.group("/other")

    class Missing(LookupError):
        pass

    @app.error_handler(LookupError)
    async def for_app(request, error):
        return text(f"app: {error}", 404)

    @api.error_handler(Missing)
    def for_api(request, error):
        return {"api": str(error)}

    @api.error_handler(409)
    async def conflict(request, error):
        return f"conflict {error.detail}"

    @app.error_handler(404)
    async def not_found(request, error):
        return f"nothing at {request.path}"

    async def fail(request, kind):
        raise {
            "missing": Missing("m"),
            "key": KeyError("k"),
            "taken": HTTPError(409, "t"),
            "value": ValueError("v"),
        }[kind]

    api.add_route("/{kind}", fail)
    other.add_route("/{kind}", fail)
    async with Client(app) as client:
        answer = await client.get("/api/missing")
        assert (answer.status_code, answer.json()) == (500, {"api": "m"})
        answer = await client.get("/other/missing")
        assert (answer.status_code, answer.text) == (404, "app: m")
        assert (await client.get("/api/key")).text == "app: 'k'"
        answer = await client.get("/api/taken")
        assert (answer.status_code, answer.text) == (409, "conflict t")
        assert (await client.get("/other/taken")).json()["detail"] == "t"
        answer = await client.get("/nowhere")
        assert (answer.status_code, answer.text) == (404, "nothing at /nowhere")
        assert len(answer.headers.get("x-request-id") or "") == 32
        assert (await client.get("/api/value")).status_code == 500


async def test_an_error_in_an_error_handler(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()

    @app.error_handler(ValueError)
    async def broken(request, error):
        raise RuntimeError("even worse")

    @app.get("/")
    async def fail(request):
        raise ValueError

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
    assert "even worse" in str(caplog.records[0].exc_info)


async def test_an_error_in_the_middleware_of_the_application() -> None:
    def refusing(handler: Any) -> Any:
        async def refuse(request: Any) -> Response:
            raise HTTPError(503, "Closed for today")

        return refuse

    app: App[None] = App(middleware=[refusing])
    async with Client(app) as client:
        answer = await client.get("/")
        assert (answer.status_code, answer.json()["detail"]) == (503, "Closed for today")


async def test_guards_refuse() -> None:
    app: App[None] = App()

    def members_only(request: Any) -> None:
        if request.query.get("who") != "member":
            raise HTTPError(403, "Members only")

    @app.get("/", guards=[members_only])
    async def club(request):
        return "welcome"

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 403
        assert (await client.get("/?who=member")).text == "welcome"


async def test_a_guard_that_returns_what_it_thinks_lets_nobody_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app: App[None] = App()

    async def is_member(request: Any) -> bool:
        return False

    @app.get("/", guards=[is_member])  # type: ignore[list-item]
    async def club(request):
        return "welcome"

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
    assert "returned False: to refuse, it must raise" in str(caplog.records[0].exc_info)


async def test_a_limit_on_the_body_for_each_level() -> None:
    app: App[None] = App(max_body=10)
    small = app.group("/small", max_body=5)

    async def size(request):
        return len(await request.body())

    app.add_route("/", size, ["POST"])
    small.add_route("", size, ["POST"])
    small.add_route("/large", size, ["POST"], max_body=20)

    async def pieces():
        for _ in range(3):
            yield b"12345"

    async with Client(app) as client:
        assert (await client.post("/", content=b"x" * 10)).json() == 10
        assert (await client.post("/", content=b"x" * 11)).status_code == 413
        assert (await client.post("/small", content=b"x" * 6)).status_code == 413
        assert (await client.post("/small/large", content=b"x" * 20)).json() == 20
        assert (await client.post("/small/large", content=pieces())).json() == 15
        assert (await client.post("/", content=pieces())).status_code == 413


async def test_timeouts() -> None:
    app: App[None] = App()
    events = []

    @app.get("/slow", timeout=0.01)
    async def slow(request):
        try:
            await asyncio.sleep(60)
        finally:
            events.append("cancelled")

    @app.get("/own", timeout=60)
    async def own(request):
        raise TimeoutError("my own")

    @app.error_handler(TimeoutError)
    async def timed_out(request, error):
        return text(str(error), 504)

    async with Client(app) as client:
        answer = await client.get("/slow")
        assert (answer.status_code, events) == (503, ["cancelled"])
        assert (await client.get("/own")).text == "my own"


@pytest.mark.parametrize("prefix", ["api", "/api/", "/"])
def test_prefixes(prefix: str) -> None:
    with pytest.raises(ValueError, match="Prefix"):
        Group(prefix)


def test_a_group_has_one_place() -> None:
    app: App[None] = App()
    group = app.group("/a")
    with pytest.raises(ValueError, match="part of a group already"):
        app.include(group)
    with pytest.raises(ValueError, match="part of a group already"):
        group.include(group)
    with pytest.raises(ValueError, match="mount"):
        app.include(App())


def test_middleware_and_guards_that_are_none() -> None:
    async def handler(request):
        return ""

    app: App[None] = App(middleware=[lambda handler: None])  # type: ignore[list-item, return-value]
    with pytest.raises(TypeError, match="must return a handler"):
        app.build()
    app = App(guards=["nobody"])  # type: ignore[list-item]
    app.add_route("/", handler)
    with pytest.raises(TypeError, match="is no guard"):
        app.build()


def test_one_guard_or_middleware_is_still_a_list() -> None:
    async def handler(request):
        return ""

    def allow(request):
        return None

    with pytest.raises(TypeError, match=r"^guards=<function .* write guards=\[\.\.\.\], for one"):
        Group(guards=allow)  # type: ignore[arg-type]  # the mistake that is meant
    with pytest.raises(TypeError, match="^middleware=<function"):
        App().add_route("/", handler, middleware=allow)  # type: ignore[arg-type]  # likewise


def test_what_is_no_exception_has_no_handler() -> None:
    app: App[None] = App()
    with pytest.raises(TypeError, match="neither a status nor"):
        app.error_handler(str)(lambda request, error: "")  # type: ignore[arg-type]


async def test_one_method_by_its_name() -> None:
    app: App[None] = App()
    app.add_route("/", lambda: "put", "put")
    async with Client(app) as client:
        assert (await client.put("/")).text == "put"
