"""The application of `test_app_elsewhere`: a bit of everything that a user would do."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import msgspec
from drystone import (
    App,
    Body,
    Cookie,
    Depends,
    Event,
    Handler,
    Header,
    HTTPError,
    Request,
    Response,
    event_stream,
    file,
    html,
    redirect,
    stream,
    text,
)

PICTURE = bytes(range(256)) * 16


@dataclass
class Memory:
    """What the application remembers while it runs."""

    built_with: str = "mortar"
    events: list[str] = field(default_factory=list)


class Note(msgspec.Struct):
    """What a client sends."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    stars: int = 0


class Unwell(Exception):
    """An exception of the application's own, with a handler."""


async def opened(request: Request[Memory]) -> AsyncIterator[str]:
    yield "open"
    request.app.state.events.append("provider closed")


def make_app(log: Path | None = None) -> App[Memory]:
    """Make the application.

    Args:
        log: a file to which the lifespan adds a line when it starts and when it stops.
    """

    def write_down(line: str) -> None:
        if log is not None:
            with log.open("a") as target:
                target.write(line + "\n")

    @asynccontextmanager
    async def lifespan(app: App[Memory]) -> AsyncIterator[Memory]:
        write_down("started")
        yield Memory()
        write_down("stopped")

    app: App[Memory] = App(lifespan=lifespan, max_body=8 * 2**20)
    add_routes(app)
    add_answers(app)
    add_bodies(app)
    add_streams(app)
    add_errors(app)
    inner: App[None] = App()

    @inner.get("/where/{name}", name="where")
    async def where(request: Request[None], name: str) -> dict[str, Any]:
        url = request.url_for("where", name="b c")
        return {"name": name, "root": request.root_path, "path": request.path, "url_for": url}

    app.mount("/inner", inner)
    app.mount("/foreign", foreign)
    add_group(app)
    return app


async def foreign(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application of another make, with a lifespan that leaves a state."""
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["stone"] = "granite"
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    status = 500 if scope["path"].endswith("/fails") else 200
    fields = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    for piece in (scope["state"]["stone"], scope["root_path"], scope["path"], str(size)):
        await send({"type": "http.response.body", "body": f"{piece}\n".encode(), "more_body": True})
    await send({"type": "http.response.body"})


def add_group(app: App[Memory]) -> None:
    def signed(handler: Handler) -> Handler:
        async def sign(request: Request[Any]) -> Response:
            response = await handler(request)
            response.headers["x-signed"] = str(response.status)
            return response

        return sign

    def members_only(request: Request[Any]) -> None:
        if request.headers.get("x-member") is None:
            raise HTTPError(403, "Members only")

    club = app.group("/club", middleware=[signed], guards=[members_only])

    @club.error_handler(KeyError)
    async def unknown(request: Request[Memory], error: KeyError) -> Response:
        return text(f"nobody is called {error}", 404)

    @club.get("/{name}")
    async def member(request: Request[Memory], name: str) -> str:
        if name == "slow":
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        return {"ada": "a founder"}[name]

    @club.get("/rooms/late", timeout=0.01)
    async def late() -> None:
        await asyncio.Event().wait()


def add_routes(app: App[Memory]) -> None:
    @app.get("/")
    async def home() -> str:
        return "Home"

    @app.get("/echo/{word}", name="echo")
    async def echo(request: Request[Memory], word: str) -> dict[str, Any]:
        return {
            "word": word,
            "path": request.path,
            "root": request.root_path,
            "url": request.url,
            "url_for": request.url_for("echo", word="a b"),
            "query": request.query.get_all("q"),
        }

    @app.get("/add/{a:int}")
    async def add(
        a: int, b: int, scale: float = 1.0, agent: Annotated[str, Header(alias="x-agent")] = "?"
    ) -> dict[str, Any]:
        return {"sum": (a + b) * scale, "agent": agent}

    @app.get("/blocking")
    def blocking() -> str:
        """A plain function, which runs in a thread."""
        return "from a thread"

    @app.get("/who")
    async def who(request: Request[Memory]) -> dict[str, Any]:
        host = request.client.host if request.client else None
        return {"client": host, "secure": request.is_secure, "host": request.host}

    @app.get("/state")
    async def state(request: Request[Memory]) -> dict[str, Any]:
        return {"built_with": request.app.state.built_with, "events": request.app.state.events}

    @app.get("/provided")
    async def provided(value: Annotated[str, Depends(opened)]) -> str:
        return value

    @app.get("/after")
    async def after(request: Request[Memory]) -> str:
        request.run_after(request.app.state.events.append, "after the response")
        return "accepted"


def add_answers(app: App[Memory]) -> None:
    @app.get("/page")
    async def page() -> Response:
        return html("<h1>A page</h1>")

    @app.get("/old")
    async def old() -> Response:
        return redirect("/new%20place?x=1")

    @app.get("/new place")
    async def new(x: int) -> dict[str, int]:
        return {"x": x}

    @app.get("/hints")
    async def hints(request: Request[Memory]) -> str:
        request.early_hints("</style.css>; rel=preload; as=style")
        return "hinted"

    @app.get("/cookies/set")
    async def set_cookies() -> Response:
        response = text("set")
        response.set_cookie("stone", "granite", secure=False)
        response.set_cookie("tool", "hammer", secure=False, max_age=60, same_site="strict")
        return response

    @app.get("/cookies/get")
    async def get_cookies(stone: Annotated[str, Cookie()] = "none") -> dict[str, str]:
        return {"stone": stone}

    @app.get("/cookies/delete")
    async def delete_cookies() -> Response:
        response = text("deleted")
        response.delete_cookie("stone", secure=False)
        return response

    @app.get("/picture")
    async def picture(request: Request[Memory]) -> Response:
        path = Path(os.environ["DRYSTONE_PICTURE"])
        return await file(request, path)

    @app.get("/nothing")
    async def nothing() -> None:
        return None


def add_bodies(app: App[Memory]) -> None:
    @app.post("/notes", status=201)
    async def make_note(note: Annotated[Note, Body()]) -> dict[str, Any]:
        return {"title": note.title, "stars": note.stars}

    @app.post("/form")
    async def form(request: Request[Memory]) -> dict[str, Any]:
        given = await request.form()
        answer: dict[str, Any] = {"title": given.text("title"), "tags": given.get_all("tag")}
        upload = given.file("file")
        if upload is not None:
            content = await upload.read()
            answer["file"] = {
                "name": upload.filename,
                "type": upload.content_type,
                "size": upload.size,
                "on_disk": upload.on_disk,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            answer["tags"] = [tag for tag in given.get_all("tag") if isinstance(tag, str)]
        return answer

    @app.post("/hash")
    async def digest(request: Request[Memory]) -> dict[str, Any]:
        made, size = hashlib.sha256(), 0
        async for piece in request.stream():
            made.update(piece)
            size += len(piece)
        return {"sha256": made.hexdigest(), "size": size}

    @app.route("/body", ["POST", "PUT", "PATCH", "DELETE"], max_body=1000)
    async def body(request: Request[Memory]) -> dict[str, Any]:
        return {"method": request.method, "size": len(await request.body())}


def add_streams(app: App[Memory]) -> None:
    @app.get("/count/{n:int}")
    async def count(n: int) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for number in range(n):
                yield b"%d\n" % number
                await asyncio.sleep(0)

        return stream(pieces(), content_type="text/plain")

    @app.get("/ticks")
    async def ticks(request: Request[Memory]) -> Response:
        async def events() -> AsyncIterator[Event]:
            number = int(request.headers.get("last-event-id") or 0)
            try:
                while True:
                    number += 1
                    yield Event({"tick": number}, event="tick", id=str(number))
                    await asyncio.sleep(0.01)
            finally:
                request.app.state.events.append("listener left")

        return event_stream(events(), heartbeat=0.05)

    @app.get("/broken")
    async def broken() -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"so far so good"
            raise RuntimeError("the stream broke")

        return stream(pieces())


def add_errors(app: App[Memory]) -> None:
    @app.error_handler(Unwell)
    async def unwell(request: Request[Memory], error: Unwell) -> Response:
        return text(f"unwell: {error}", status=503, headers={"retry-after": "7"})

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPError(418, "It is short and stout", headers={"x-pot": "tea"})

    @app.get("/unwell")
    async def raise_unwell() -> None:
        raise Unwell("since yesterday")

    @app.get("/error")
    async def error() -> None:
        raise RuntimeError("the handler broke")


_log = os.environ.get("DRYSTONE_LIFE_LOG")
app = make_app(Path(_log) if _log else None)
