# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""A request that is cancelled leaves what is around it, middleware and providers, in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from drystone import App, Depends, HTTPError, Request, Response
from drystone._serve import AppServer
from drystone_server import Deadlines

GET = b"GET /api/slow HTTP/1.1\r\nHost: a\r\n\r\n"
LEFT = [
    "handler cancelled",
    "plain provider closed",
    "provider closed",
    "route cancelled",
    "group cancelled",
    "app cancelled",
]


class Story:
    """An application whose one handler waits for ever, and what happened to it."""

    def __init__(self, **options: Any) -> None:
        self.events: list[str] = []
        self.waits = asyncio.Event()
        self.notices = True
        self.app: App[None] = App(middleware=[self.around("app")])
        group = self.app.group("/api", middleware=[self.around("group")])
        group.add_route("/slow", self.slow, middleware=[self.around("route")], **options)

    def around(self, name: str) -> Callable[[Any], Any]:
        def middleware(handler):
            async def handle(request: Request[Any]) -> Response:
                try:
                    answer: Response = await handler(request)
                except asyncio.CancelledError:
                    self.events.append(f"{name} cancelled")
                    raise
                self.events.append(f"{name} {answer.status}")
                return answer

            return handle

        return middleware

    @property
    def slow(self) -> Callable[..., Awaitable[None]]:
        async def provider(request):
            try:
                yield "value"
            finally:
                await asyncio.sleep(0)  # clean-up may wait
                self.events.append("provider closed")

        def plain_provider(one: Annotated[str, Depends(provider)]):
            try:
                yield one
            finally:
                self.events.append("plain provider closed")

        async def slow(request, one: Annotated[str, Depends(plain_provider)]) -> None:
            request.run_after(self.after)
            if self.notices:
                request.connection.cancel_on_disconnect()
            self.waits.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.events.append("handler cancelled")

        return slow

    async def after(self) -> None:
        await asyncio.sleep(0)
        self.events.append("work after it")


@asynccontextmanager
async def asked(
    story: Story, deadlines: Deadlines
) -> AsyncIterator[tuple[AppServer, asyncio.StreamReader, asyncio.StreamWriter]]:
    """The application on a socket, with a request that it has begun to handle."""
    server = AppServer(story.app, deadlines=deadlines)
    await server.start(port=0)
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    try:
        async with asyncio.timeout(10):
            writer.write(GET)
            await story.waits.wait()
            yield server, reader, writer
    finally:
        writer.close()
        await server.close()  # which waits for work after responses


async def test_the_client_leaves() -> None:
    story = Story()
    async with asked(story, Deadlines(half_close=0.01)) as (_, _, writer):
        writer.transport.abort()
    assert story.events == LEFT


async def test_the_servers_deadline() -> None:
    story = Story()
    async with asked(story, Deadlines(handler=0.01)) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 503 Service Unavailable\r\n"
    assert story.events == LEFT


async def test_the_server_stops() -> None:
    story = Story()
    async with asked(story, Deadlines(shutdown=0.01, linger=0.01)) as (server, reader, _):
        await server.close()
        assert (await reader.readline()) == b"HTTP/1.1 503 Service Unavailable\r\n"
    assert story.events == LEFT


async def test_the_routes_timeout_is_an_answer_to_the_applications_middleware() -> None:
    story = Story(timeout=0.01)
    async with asked(story, Deadlines()) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 503 Service Unavailable\r\n"
    assert story.events == [*LEFT[:5], "app 503", "work after it"]


async def test_cancelled_once_the_handler_had_answered() -> None:
    """In a middleware that goes on: what the handler had opened is left all the same."""
    events: list[str] = []
    waits = asyncio.Event()

    def lingering(handler):
        async def handle(request):
            await handler(request)
            waits.set()
            await asyncio.Event().wait()

        return handle

    async def provider():
        yield "value"
        events.append("closed")

    app: App[None] = App(middleware=[lingering])

    @app.get("/api/slow")
    async def handler(value: Annotated[str, Depends(provider)]) -> str:
        return value

    story = Story()
    story.app, story.waits = app, waits
    async with asked(story, Deadlines(handler=0.01)) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 503 Service Unavailable\r\n"
    assert events == ["closed"]


async def test_a_middleware_may_answer_in_place_of_a_cancelled_handler() -> None:
    """Its own timeout, that is; a cancellation from outside it passes on."""

    def patient(handler):
        async def handle(request):
            try:
                async with asyncio.timeout(0.01):
                    return await handler(request)
            except TimeoutError:
                raise HTTPError(504, "Too slow") from None

        return handle

    story = Story()
    story.app.add_middleware(patient)
    async with asked(story, Deadlines()) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 504 Gateway Timeout\r\n"
    assert story.events == [*LEFT[:5], "app 504", "work after it"]


async def test_context_variables_reach_from_middleware_to_the_work_after() -> None:
    variable: ContextVar[list[str]] = ContextVar("variable")
    seen: list[Any] = []
    app: App[None] = App()

    def outer(handler):
        async def handle(request):
            variable.set(["middleware"])
            answer = await handler(request)
            seen.append(("middleware", variable.get()))
            return answer

        return handle

    async def provider():
        variable.set([*variable.get(), "provider"])
        yield
        seen.append(("clean-up", variable.get()))

    def in_thread() -> None:
        seen.append(("thread", variable.get()))

    app.add_middleware(outer)

    @app.get("/api/slow")
    async def handler(request, nothing: Annotated[None, Depends(provider)]) -> None:
        variable.set([*variable.get(), "handler"])
        request.run_after(in_thread)

    story = Story()
    story.app = app
    story.waits.set()
    async with asked(story, Deadlines()) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 204 No Content\r\n"
    everything = ["middleware", "provider", "handler"]
    assert sorted(seen) == [(where, everything) for where in ("clean-up", "middleware", "thread")]


async def test_clean_up_resets_what_a_provider_has_set(caplog: pytest.LogCaptureFixture) -> None:
    variable: ContextVar[str] = ContextVar("variable", default="before")
    seen: list[str] = []
    app: App[None] = App()

    async def provider():
        token = variable.set("during")
        yield
        variable.reset(token)
        seen.append(variable.get())

    @app.get("/api/slow")
    async def handler(nothing: Annotated[None, Depends(provider)]) -> None: ...

    story = Story()
    story.app = app
    story.waits.set()
    async with asked(story, Deadlines()) as (_, reader, _):
        assert (await reader.readline()) == b"HTTP/1.1 204 No Content\r\n"
    assert seen == ["before"]
    assert not caplog.records


async def test_a_cancelled_task_of_an_asgi_server() -> None:
    story = Story()
    story.notices = False  # ASGI tells nothing of the kind
    scope = {"type": "http", "method": "GET", "path": "/api/slow", "query_string": b""}
    scope |= {"http_version": "1.1", "headers": []}

    async def never(message: object = None) -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(10):
        task = asyncio.ensure_future(story.app(scope, never, never))
        await story.waits.wait()
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()
    assert story.events == LEFT
