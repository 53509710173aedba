"""The application of `test_server_frameworks` in Litestar."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from happenings import LARGE, Happenings
from litestar import Litestar, Request, get, head, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.response import Response, Stream


def build(seen: Happenings) -> Litestar:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        seen.life.append("started")
        app.state.built_with = "mortar"
        yield
        seen.life.append("stopped")

    def hello(name: str) -> Response[str]:
        return Response(f"Hello, {name}!", media_type="text/plain", headers={"x-app": "litestar"})

    @get("/plain")
    async def plain(name: str = "wall") -> Response[str]:
        return hello(name)

    @head("/plain")
    async def plain_head(name: str = "wall") -> Response[None]:
        length = str(len(f"Hello, {name}!"))
        return Response(None, headers={"x-app": "litestar", "content-length": length})

    @get("/stream")
    async def streamed() -> Stream:
        async def pieces() -> AsyncIterator[str]:
            for piece in ("one,", "two,", "three"):
                yield piece
                await asyncio.sleep(0)

        return Stream(pieces(), media_type="text/plain")

    @get("/endless")
    async def endless() -> Stream:
        async def pieces() -> AsyncIterator[str]:
            try:
                while True:
                    yield "still here\n"
                    await asyncio.sleep(0.01)
            finally:
                seen.left.set()

        return Stream(pieces())

    @get("/waiting")
    async def waiting(request: Request[Any, Any, Any]) -> str:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        seen.left.set()
        return "too late"

    @get("/broken")
    async def broken() -> Stream:
        async def pieces() -> AsyncIterator[str]:
            yield "so far so good"
            raise RuntimeError("the stream broke")

        return Stream(pieces())

    @get("/error")
    async def error() -> str:
        raise RuntimeError("the handler broke")

    @get("/large", media_type="application/octet-stream")
    async def large() -> bytes:
        return LARGE

    @post("/upload", status_code=200)
    async def upload(request: Request[Any, Any, Any]) -> dict[str, Any]:
        digest, size = hashlib.sha256(), 0
        async for piece in request.stream():
            digest.update(piece)
            size += len(piece)
            seen.first_piece.set()
        return {"size": size, "sha256": digest.hexdigest()}

    @get("/background")
    async def background() -> Response[str]:
        task = BackgroundTask(seen.finish_in_background)
        return Response("accepted", media_type="text/plain", background=task)

    @get("/state", media_type="text/plain")
    async def state(state: State) -> str:
        return str(state.built_with)

    handlers = [
        plain, plain_head, streamed, endless, waiting, broken, error, large, upload, background,
        state,
    ]  # fmt: skip
    return Litestar(handlers, lifespan=[lifespan], openapi_config=None, request_max_body_size=None)
