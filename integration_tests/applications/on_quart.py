"""The application of `test_server_frameworks` in Quart."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

from happenings import LARGE, Happenings
from quart import Quart, Response, request


def build(seen: Happenings) -> Quart:
    app = Quart(__name__)
    app.config["RESPONSE_TIMEOUT"] = None

    @app.while_serving
    async def lifespan() -> AsyncIterator[None]:
        seen.life.append("started")
        app.config["BUILT_WITH"] = "mortar"
        yield
        seen.life.append("stopped")

    @app.get("/plain")
    async def plain() -> Any:
        name = request.args.get("name", "wall")
        return Response(f"Hello, {name}!", mimetype="text/plain", headers={"x-app": "quart"})

    @app.get("/stream")
    async def streamed() -> Any:
        async def pieces() -> AsyncIterator[bytes]:
            for piece in (b"one,", b"two,", b"three"):
                yield piece
                await asyncio.sleep(0)

        return Response(pieces(), mimetype="text/plain")

    @app.get("/endless")
    async def endless() -> Any:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"still here\n"
                    await asyncio.sleep(0.01)
            finally:
                seen.left.set()

        return Response(pieces())

    @app.get("/waiting")
    async def waiting() -> Any:
        try:
            await asyncio.sleep(60)  # Quart cancels it
        finally:
            seen.left.set()

    @app.get("/broken")
    async def broken() -> Any:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"so far so good"
            raise RuntimeError("the stream broke")

        return Response(pieces())

    @app.get("/error")
    async def error() -> Any:
        raise RuntimeError("the handler broke")

    @app.get("/large")
    async def large() -> Any:
        return Response(LARGE)

    @app.post("/upload")
    async def upload() -> Any:
        digest, size = hashlib.sha256(), 0
        async for piece in request.body:
            digest.update(piece)
            size += len(piece)
            seen.first_piece.set()
        return {"size": size, "sha256": digest.hexdigest()}

    @app.get("/background")
    async def background() -> Any:
        app.add_background_task(seen.finish_in_background)
        return Response("accepted")

    @app.get("/state")
    async def state() -> Any:
        return Response(app.config["BUILT_WITH"])

    return app
