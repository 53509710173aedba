"""The application as an ASGI 3 callable."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

from drystone._after import run_all, work_of
from drystone._request import Request
from drystone._response import Response

from .request import BodyReader, Receive, Scope, make_request
from .send import Send, send_response

if TYPE_CHECKING:
    from drystone._handlers import NativeApplication

logger = logging.getLogger("drystone")


async def serve_asgi(app: NativeApplication, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one scope.

    Raises:
        NotImplementedError: the scope is of a kind that nobody knows how to refuse.
    """
    kind = scope["type"]
    if kind == "http":
        await _serve_http(app, scope, receive, send)
    elif kind == "lifespan":
        await _serve_lifespan(app, receive, send)
    elif kind == "websocket":
        await receive()
        await send({"type": "websocket.close"})  # before it was accepted: the server says 403
    else:
        raise NotImplementedError(f"This application does not serve {kind!r} scopes")


async def _serve_http(app: NativeApplication, scope: Scope, receive: Receive, send: Send) -> None:
    reader = BodyReader(receive)
    request = make_request(scope, reader)
    request.is_followed = True
    response = cast(Response, await app.handle(request))  # nothing here lets a handler answer
    try:
        if isinstance(response.body, bytes):
            await send_response(response, request.method, app.threads, send)
        else:
            await _send_while_connected(app, request, response, reader, send)
    finally:
        await run_all(work_of(request))


async def _send_while_connected(
    app: NativeApplication,
    request: Request[Any],
    response: Response,
    reader: BodyReader,
    send: Send,
) -> None:
    """Stop a stream when its client leaves: ``send`` need not tell."""
    sending = asyncio.ensure_future(send_response(response, request.method, app.threads, send))
    leaving = asyncio.ensure_future(reader.wait_disconnected())
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            await sending
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.wait({sending, leaving})


async def _serve_lifespan(app: NativeApplication, receive: Receive, send: Send) -> None:
    await receive()
    try:
        await app.startup()
    except Exception as error:
        logger.exception("The application failed to start")
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await app.shutdown()
    except Exception as error:
        logger.exception("The application failed to stop")
        await send({"type": "lifespan.shutdown.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})
