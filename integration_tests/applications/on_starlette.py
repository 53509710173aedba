"""The application of `test_server_frameworks` in Starlette."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from happenings import LARGE, Happenings
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route


def build(seen: Happenings) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, str]]:
        seen.life.append("started")
        yield {"built_with": "mortar"}
        seen.life.append("stopped")

    async def plain(request: Request) -> Response:
        name = request.query_params.get("name", "wall")
        return PlainTextResponse(f"Hello, {name}!", headers={"x-app": "starlette"})

    async def streamed(request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            for piece in ("one,", "two,", "three"):
                yield piece
                await asyncio.sleep(0)

        return StreamingResponse(pieces(), media_type="text/plain")

    async def endless(request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            try:
                while True:
                    yield "still here\n"
                    await asyncio.sleep(0.01)
            finally:
                seen.left.set()

        return StreamingResponse(pieces())

    async def waiting(request: Request) -> Response:
        while not await request.is_disconnected():
            await asyncio.sleep(0.02)
        seen.left.set()
        return PlainTextResponse("too late")

    async def broken(request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            yield "so far so good"
            raise RuntimeError("the stream broke")

        return StreamingResponse(pieces())

    async def error(request: Request) -> Response:
        raise RuntimeError("the handler broke")

    async def large(request: Request) -> Response:
        return Response(LARGE)

    async def upload(request: Request) -> Response:
        digest, size = hashlib.sha256(), 0
        async for piece in request.stream():
            digest.update(piece)
            size += len(piece)
            seen.first_piece.set()
        return JSONResponse({"size": size, "sha256": digest.hexdigest()})

    async def background(request: Request) -> Response:
        return PlainTextResponse("accepted", background=BackgroundTask(seen.finish_in_background))

    async def state(request: Request) -> Response:
        return PlainTextResponse(request.state.built_with)

    routes = [
        Route("/plain", plain),
        Route("/stream", streamed),
        Route("/endless", endless),
        Route("/waiting", waiting),
        Route("/broken", broken),
        Route("/error", error),
        Route("/large", large),
        Route("/upload", upload, methods=["POST"]),
        Route("/background", background),
        Route("/state", state),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def make_app() -> Starlette:
    """A factory, for a command line."""
    return build(Happenings())


app = make_app()
