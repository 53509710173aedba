"""The application of `test_server_frameworks` in FastAPI."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import BackgroundTasks, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from happenings import LARGE, Happenings


def build(seen: Happenings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, str]]:
        seen.life.append("started")
        yield {"built_with": "mortar"}
        seen.life.append("stopped")

    app = FastAPI(lifespan=lifespan)

    @app.head("/plain")
    @app.get("/plain")
    async def plain(name: str = "wall") -> Any:
        return PlainTextResponse(f"Hello, {name}!", headers={"x-app": "fastapi"})

    @app.get("/stream")
    async def streamed() -> Any:
        async def pieces() -> AsyncIterator[str]:
            for piece in ("one,", "two,", "three"):
                yield piece
                await asyncio.sleep(0)

        return StreamingResponse(pieces(), media_type="text/plain")

    @app.get("/endless")
    async def endless() -> Any:
        async def pieces() -> AsyncIterator[str]:
            try:
                while True:
                    yield "still here\n"
                    await asyncio.sleep(0.01)
            finally:
                seen.left.set()

        return StreamingResponse(pieces())

    @app.get("/waiting")
    async def waiting(request: Request) -> Any:
        while not await request.is_disconnected():
            await asyncio.sleep(0.02)
        seen.left.set()
        return PlainTextResponse("too late")

    @app.get("/broken")
    async def broken() -> Any:
        async def pieces() -> AsyncIterator[str]:
            yield "so far so good"
            raise RuntimeError("the stream broke")

        return StreamingResponse(pieces())

    @app.get("/error")
    async def error() -> Any:
        raise RuntimeError("the handler broke")

    @app.get("/large")
    async def large() -> Any:
        return Response(LARGE)

    @app.post("/upload")
    async def upload(request: Request) -> dict[str, Any]:
        digest, size = hashlib.sha256(), 0
        async for piece in request.stream():
            digest.update(piece)
            size += len(piece)
            seen.first_piece.set()
        return {"size": size, "sha256": digest.hexdigest()}

    @app.get("/background")
    async def background(tasks: BackgroundTasks) -> Any:
        tasks.add_task(seen.finish_in_background)
        return PlainTextResponse("accepted", background=tasks)

    @app.get("/state")
    async def state(request: Request) -> Any:
        return PlainTextResponse(request.state.built_with)

    return app
