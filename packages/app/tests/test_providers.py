# mypy: disable-error-code="no-untyped-def, no-untyped-call"
import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import pytest
from drystone import (
    App,
    Body,
    Depends,
    Header,
    HTTPError,
    Request,
    SignatureError,
    event_stream,
    stream,
    text,
)
from drystone.testing import Client


async def test_kinds_of_providers() -> None:
    app: App[None] = App()

    def plain(request, word: str):
        return f"plain {word} {request.path}"

    async def asynchronous(word: str):
        return f"async {word}"

    class Service:
        def __init__(self, word: str) -> None:
            self.word = word

    class Callable:
        async def __call__(self, word: str) -> str:
            return f"object {word}"

    def in_thread() -> bool:
        return threading.current_thread() is not threading.main_thread()

    @app.get("/")
    async def handler(
        one: Annotated[str, Depends(plain)],
        two: Annotated[str, Depends(asynchronous)],
        service: Annotated[Service, Depends()],
        four: Annotated[str, Depends(Callable())],
        five: Annotated[bool, Depends(in_thread, thread=True)],
        six: bool = Depends(lambda: in_thread()),
    ):
        return [one, two, service.word, four, five, six]

    async with Client(app) as client:
        answer = await client.get("/?word=w")
        assert answer.json() == ["plain w /", "async w", "w", "object w", True, False]


async def test_clean_up_comes_after_the_response_and_in_reverse() -> None:
    app: App[None] = App()
    events: list[str] = []

    async def database():
        events.append("open database")
        yield "database"
        events.append("close database")

    def transaction(database: Annotated[str, Depends(database)]):
        events.append("begin")
        yield f"transaction of {database}"
        events.append("commit")

    async def body():
        events.append("first piece")
        yield b"a"
        events.append("last piece")
        yield b"b"

    @app.get("/plain")
    async def plain(request: Request[Any], work: Annotated[str, Depends(transaction)]):
        request.run_after(events.append, "work after")
        events.append("handler")
        return work

    @app.get("/stream")
    async def streamed(work: Annotated[str, Depends(transaction)]):
        return stream(body())

    async with Client(app) as client:
        assert (await client.get("/plain")).text == "transaction of database"
        expected = ["open database", "begin", "handler", "work after", "commit", "close database"]
        async with asyncio.timeout(10):
            while len(events) < len(expected):  # the work is done in a thread
                await asyncio.sleep(0.001)
        assert events == expected
        events.clear()
        assert (await client.get("/stream")).content == b"ab"
    assert events == [
        "open database", "begin", "first piece", "last piece", "commit", "close database",
    ]  # fmt: skip


async def test_clean_up_sees_the_exception_of_the_handler() -> None:
    app: App[None] = App()
    events: list[str] = []

    async def transaction():
        try:
            yield
        except HTTPError as error:
            events.append(f"roll back {error.status}")
            raise
        else:
            events.append("commit")

    @app.get("/{word}")
    async def handler(word: str, work: Annotated[None, Depends(transaction)]):
        if word == "bad":
            raise HTTPError(409)
        return word

    async with Client(app) as client:
        assert (await client.get("/bad")).status_code == 409
        assert (await client.get("/good")).status_code == 200
    assert events == ["roll back 409", "commit"]


async def test_scopes() -> None:
    app: App[None] = App()
    made: list[str] = []

    async def pool():
        made.append("pool")
        yield object()
        made.append("pool closed")

    async def settings():
        made.append("settings")
        return {}

    def per_request(pool: Annotated[Any, Depends(pool, scope="app")]):
        made.append("request")
        return pool

    def per_call():
        made.append("call")
        return object()

    @app.get("/")
    async def handler(
        a: Annotated[Any, Depends(per_request)],
        b: Annotated[Any, Depends(per_request)],
        c: Annotated[Any, Depends(per_call, scope="call")],
        d: Annotated[Any, Depends(per_call, scope="call")],
        e: Annotated[Any, Depends(settings, scope="app")],
    ):
        return [a is b, c is d]

    async with Client(app) as client:
        answers = await asyncio.gather(*[client.get("/") for _ in range(3)])
        assert [answer.json() for answer in answers] == [[True, False]] * 3
    assert made.count("pool") == made.count("settings") == 1
    assert made.count("request") == 3
    assert made.count("call") == 6
    assert made[-1] == "pool closed"


async def test_an_app_provider_is_made_once_although_many_ask() -> None:
    app: App[None] = App()
    made = []

    async def slow():
        await asyncio.sleep(0.01)
        made.append(1)
        return 1

    @app.get("/")
    async def handler(value: Annotated[int, Depends(slow, scope="app")]):
        return value

    async with Client(app) as client:
        await asyncio.gather(*[client.get("/") for _ in range(5)])
    assert made == [1]


def test_an_app_provider_cannot_need_a_request() -> None:
    app: App[None] = App()

    def wants_request(request):
        return 1

    def wants_query(page: int):
        return 1

    def of_request():
        return 1

    def wants_request_scope(value: Annotated[int, Depends(of_request)]):
        return 1

    for provider in (wants_request, wants_query, wants_request_scope):

        async def handler(value):
            return value

        handler.__annotations__["value"] = Annotated[int, Depends(provider, scope="app")]
        with pytest.raises(SignatureError, match="lives as long as the application"):
            app.add_route("/", handler)


async def test_faults_of_providers_are_reported_with_the_others() -> None:
    app: App[None] = App()
    opened = []

    def paging(page: int, size: int = 10):
        return page, size

    async def opens():
        opened.append("open")
        try:
            yield
        finally:
            opened.append("closed")

    @app.post("/")
    async def handler(
        q: int,
        resource: Annotated[None, Depends(opens)],
        a: Annotated[Any, Depends(paging)],
        b: Annotated[Any, Depends(paging, scope="call")],
        body: Annotated[list[int], Body],
    ):
        return "never"

    async with Client(app) as client:
        answer = await client.post("/?q=1&page=x", json=["a"])
        assert answer.status_code == 422
        assert [fault.get("name", fault.get("pointer")) for fault in answer.json()["errors"]] == [
            "page",
            "#/0",
        ]
        answer = await client.post("/?q=x&page=y&size=z", json=[1])
        names = [fault["name"] for fault in answer.json()["errors"]]
        assert names == ["q", "page", "size"]
        answer = await client.post("/?q=1&page=y", json=[1])
        assert [fault["name"] for fault in answer.json()["errors"]] == ["page"]
    # Once for the first request, whose body stands behind it, and once for the last.
    assert opened == ["open", "closed"] * 2


async def test_overrides() -> None:
    app: App[None] = App()

    def database():
        return "real"

    def session(database: Annotated[str, Depends(database)]):
        return f"session of {database}"

    @app.get("/")
    async def handler(session: Annotated[str, Depends(session)]):
        return session

    def fake(word: str = "fake"):
        return word

    async with Client(app, overrides={database: fake}) as client:
        assert (await client.get("/")).text == "session of fake"
        assert (await client.get("/?word=other")).text == "session of other"
    async with Client(app) as client:
        assert (await client.get("/")).text == "session of real"
        with app.override({session: lambda: "simple"}):
            assert (await client.get("/")).text == "simple"
    with pytest.raises(SignatureError), app.override({database: lambda request, x: x}):
        pass
    async with Client(app) as client:
        assert (await client.get("/")).text == "session of real"


async def test_overrides_reach_mounted_applications() -> None:
    def database():
        return "real"

    def ask(database: Annotated[str, Depends(database)]):
        return database

    innermost: App[None] = App()
    innermost.get("/")(ask)
    inner: App[None] = App()
    inner.mount("/deeper", innermost)
    app: App[None] = App()
    app.group("/group").mount("/inner", inner)
    app.mount("/again", innermost)

    async def foreign(scope: Any, receive: Any, send: Any) -> None: ...

    app.mount("/foreign", foreign)
    async with Client(app, overrides={database: lambda: "fake"}) as client:
        assert (await client.get("/group/inner/deeper")).text == "fake"
        assert (await client.get("/again")).text == "fake"
    misfit: Any = {database: lambda request, thing: thing}
    with pytest.raises(SignatureError), app.override(misfit):
        pass
    async with Client(app) as client:
        assert (await client.get("/group/inner/deeper")).text == "real"
        assert (await client.get("/again")).text == "real"


async def test_what_lives_with_the_application_is_closed_though_replaced_meanwhile() -> None:
    app: App[None] = App()
    events: list[str] = []

    def real():
        yield "real"
        events.append("real closed")

    def fake():
        yield "fake"
        events.append("fake closed")

    @app.get("/")
    async def handler(value: Annotated[str, Depends(real, scope="app")]):
        return value

    async with Client(app) as client:
        assert (await client.get("/")).text == "real"
        with app.override({real: fake}):
            assert (await client.get("/")).text == "fake"
        assert (await client.get("/")).text == "real"
        assert events == []
    assert events == ["real closed", "fake closed", "real closed"]


def test_an_application_runs_in_one_event_loop_after_another() -> None:
    app: App[None] = App()

    async def slow():
        await asyncio.sleep(0)
        return "made"

    @app.get("/")
    async def handler(value: Annotated[str, Depends(slow, scope="app")]):
        return value

    async def ask_twice_at_once() -> list[str]:
        async with Client(app) as client:
            answers = await asyncio.gather(client.get("/"), client.get("/"))
            return [answer.text for answer in answers]

    for _ in range(2):
        assert asyncio.run(ask_twice_at_once()) == ["made", "made"]


async def test_a_replacement_that_does_not_fit_replaces_nothing() -> None:
    app: App[None] = App()

    def one() -> str:
        return "real"

    def two() -> str:
        return "real"

    @app.get("/one")
    async def first(value: Annotated[str, Depends(one)]):
        return value

    @app.get("/two")
    async def second(value: Annotated[str, Depends(two)]):
        return value

    misfit: dict[Any, Any] = {one: lambda: "fake", two: lambda request, thing: thing}
    with pytest.raises(SignatureError), app.override(misfit):
        pass
    async with Client(app) as client:
        assert (await client.get("/one")).text == "real"
        assert (await client.get("/two")).text == "real"


async def test_a_generator_that_blocks_runs_in_a_thread() -> None:
    app: App[None] = App()
    seen: list[Any] = []

    def blocking(fail: bool = False):
        seen.append(threading.current_thread() is threading.main_thread())
        try:
            yield "value"
        except LookupError as error:
            seen.append(str(error))
        finally:
            seen.append(threading.current_thread() is threading.main_thread())

    @app.get("/")
    async def handler(value: Annotated[str, Depends(blocking, thread=True)], fail: bool = False):
        if fail:
            raise LookupError("fails")
        return value

    async with Client(app) as client:
        assert (await client.get("/")).text == "value"
    assert seen == [False, False]
    async with Client(app) as client:
        assert (await client.get("/?fail=1")).status_code == 500
    assert seen[2:] == [False, "fails", False]


def plainly(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


async def test_a_plain_decorator_around_async_functions() -> None:
    app: App[None] = App()

    @plainly
    async def value() -> str:
        return "value"

    @app.get("/")
    @plainly
    async def handler(
        request: Request[None],
        one: Annotated[str, Depends(value)],
        two: Annotated[str, Depends(value, scope="call", thread=True)],
    ):
        return one + two

    @app.get("/without")
    @plainly
    async def without(page: int = 1):
        return page

    async with Client(app) as client:
        assert (await client.get("/")).text == "valuevalue"
        assert (await client.get("/without")).json() == 1


async def test_what_is_left_is_left_in_the_task_and_context_it_was_entered_in() -> None:
    app: App[None] = App()
    tenant: ContextVar[str] = ContextVar("tenant", default="none")
    events: list[Any] = []

    async def with_tenant():
        token, task = tenant.set("ours"), asyncio.current_task()
        try:
            async with asyncio.timeout(10):
                yield
        finally:
            tenant.reset(token)  # only in the context that set it
            events.append(("left", asyncio.current_task() is task))

    @app.get("/{kind}")
    async def handler(request: Request[None], kind: str, _: Annotated[None, Depends(with_tenant)]):
        async def work() -> None:
            await asyncio.sleep(0)
            events.append("work")

        request.run_after(work)
        if kind == "stream":

            async def pieces():
                yield tenant.get().encode()

            return stream(pieces())
        if kind == "alone":
            await request.respond(text(tenant.get()))
            return None
        return tenant.get()

    inside: App[None] = App()
    inside.mount("/in", app)
    for path in ("/in/plain", "/in/stream", "/in/alone"):
        async with Client(inside) as client:
            assert (await client.get(path)).text == "ours"
    assert events == ["work", ("left", True)] * 3


async def test_event_streams_are_cleaned_up_by_a_task_of_their_own() -> None:
    app: App[None] = App()
    events: list[str] = []

    async def resource():
        yield "resource"
        events.append("left")

    @app.get("/")
    async def handler(resource: Annotated[str, Depends(resource)]):
        async def numbers():
            yield resource
            events.append("ended")

        return event_stream(numbers())

    async with Client(app) as client:
        assert (await client.get("/")).text == "data: resource\n\n"
    assert events == ["ended", "left"]


async def test_a_cancelled_handler_is_cleaned_up_after() -> None:
    app: App[None] = App()
    closed: list[str] = []

    @app.post("/")
    async def handler(request: Request[None]):
        async def close(name: str) -> None:
            closed.append(name)

        request.clean_up(functools.partial(close, "one"))
        request.clean_up(functools.partial(close, "two"))
        raise asyncio.CancelledError

    async with Client(app) as client:
        assert (await client.post("/")).status_code == 500
    assert closed == ["two", "one"]


@pytest.mark.parametrize("prefix", ["", "/in"])
@pytest.mark.parametrize("kind", ["stream", "events"])
async def test_a_stream_may_ask_for_work_after_it(kind: str, prefix: str) -> None:
    app: App[None] = App()
    done: list[str] = []

    @app.get("/{kind}")
    async def handler(request: Request[None], kind: str):
        async def pieces():
            yield b"x"
            request.run_after(done.append, kind)

        return stream(pieces()) if kind == "stream" else event_stream(pieces())

    outer: App[None] = App()
    outer.mount("/in", app)
    async with Client(outer if prefix else app) as client:
        assert (await client.get(f"{prefix}/{kind}")).status_code == 200
    assert done == [kind]


async def test_generators_that_are_called_through_objects() -> None:
    log = []

    class Opens:
        def __init__(self, name: str) -> None:
            self.name = name

        async def __call__(self) -> AsyncIterator[str]:
            yield f"async {self.name}"
            log.append("left async")

        def plain(self) -> Iterator[str]:
            yield f"plain {self.name}"
            log.append("left plain")

    class PlainOpens:
        def __call__(self, name: str = "x") -> Iterator[str]:
            yield f"object {name}"
            log.append("left object")

    app: App[None] = App()

    @app.get("/")
    async def handler(
        one: Annotated[str, Depends(Opens("a"))],
        two: Annotated[str, Depends(Opens("b").plain)],
        three: Annotated[str, Depends(partial(PlainOpens(), name="c"))],
    ) -> list[str]:
        return [one, two, three]

    async with Client(app) as client:
        assert (await client.get("/")).json() == ["async a", "plain b", "object c"]
    assert log == ["left object", "left plain", "left async"]


async def test_a_class_whose_objects_are_called_asynchronously() -> None:
    class Service:
        def __init__(self, q: str) -> None:
            self.q = q

        async def __call__(self) -> str:
            raise AssertionError("it is the class that is called")

    app: App[None] = App()

    @app.get("/")
    async def handler(service: Annotated[Service, Depends]) -> list[str]:
        return [service.q]

    async with Client(app) as client:
        assert (await client.get("/?q=1")).json() == ["1"]


async def test_what_a_partial_has_filled_is_not_for_the_client() -> None:
    def require(role: str, where: str = "here") -> str:
        return f"{role} {where}"

    app: App[None] = App()

    @app.get("/")
    async def handler(role: Annotated[str, Depends(partial(require, role="root"))]) -> str:
        return role

    async with Client(app) as client:
        assert (await client.get("/?role=visitor&where=there")).text == "root there"


def test_a_provider_without_a_hash() -> None:
    @dataclass
    class Check:
        role: str

        def __call__(self) -> str:
            raise AssertionError("never asked")

    app: App[None] = App()

    async def handler(role: Annotated[str, Depends(Check("root"))]) -> str:
        return role

    with pytest.raises(SignatureError, match=r"handler .*'role': .*Check\(.* has no hash"):
        app.add_route("/", handler)


async def test_an_app_provider_may_ask_for_the_application() -> None:
    @asynccontextmanager
    async def lifespan(app: App[str]) -> AsyncIterator[str]:
        yield "settings"

    def pool(app: App[str]) -> str:
        return f"pool by {app.state}"

    app: App[str] = App(lifespan=lifespan)

    @app.get("/")
    async def handler(pool: Annotated[str, Depends(pool, scope="app")]) -> str:
        return pool

    async with Client(app) as client:
        assert (await client.get("/")).text == "pool by settings"


async def test_bodies_and_providers_come_in_the_order_of_the_signature() -> None:
    app: App[None] = App()

    def user(authorization: Annotated[str, Header] = "") -> str:
        if not authorization:
            raise HTTPError(401)
        return authorization

    @app.post("/user-first")
    async def user_first(user: Annotated[str, Depends(user)], note: dict[str, int]) -> Any:
        return [user, note]

    @app.post("/body-first")
    async def body_first(note: dict[str, int], user: Annotated[str, Depends(user)]) -> Any:
        return [user, note]

    async with Client(app) as client:
        assert (await client.post("/user-first", json={"a": "x"})).status_code == 401
        assert (await client.post("/body-first", json={"a": "x"})).status_code == 422
        for path in ("/user-first", "/body-first"):
            answer = await client.post(path, json={"a": 1}, headers={"authorization": "ada"})
            assert answer.json() == ["ada", {"a": 1}]


async def test_a_provider_may_take_what_the_path_has() -> None:
    def load(id: int) -> list[int]:
        return [id]

    app: App[None] = App()

    @app.get("/users/{id}")
    async def handler(user: Annotated[list[int], Depends(load)]) -> list[int]:
        return user

    async with Client(app) as client:
        assert (await client.get("/users/5")).json() == [5]
        assert (await client.get("/users/x")).json()["errors"][0]["in"] == "path"


async def test_both_ends_of_a_generator_in_threads_share_a_context() -> None:
    current: ContextVar[str] = ContextVar("current", default="nobody")
    log = []

    def impersonate() -> Iterator[None]:
        token = current.set("ada")
        yield
        log.append(current.get())
        current.reset(token)
        log.append(current.get())

    app: App[None] = App()

    @app.get("/")
    async def handler(_: Annotated[None, Depends(impersonate, thread=True)]) -> str:
        return current.get()

    async with Client(app) as client:
        assert (await client.get("/")).text == "nobody"
    assert log == ["ada", "nobody"]
