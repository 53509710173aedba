"""The lifespan of an ASGI application: started before the first request, stopped after the last."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Literal, TypeAlias

from ._asgi_http import ASGI_VERSIONS, Application, Message

logger = logging.getLogger("drystone_server")

Mode: TypeAlias = Literal["auto", "on", "off"]


class LifespanFailed(Exception):
    """The application said that it cannot start, or did not stop in order."""


class Lifespan:
    """Starts and stops one application.

    Args:
        app: the application.
        mode: ``"auto"`` takes an application that raises at once for one that knows no lifespan,
            ``"on"`` for one that failed; ``"off"`` never asks.
    """

    def __init__(self, app: Application, mode: Mode = "auto") -> None:
        self._app = app
        self._mode = mode
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.state: dict[str, Any] | None = None

    async def startup(self) -> None:
        """Start the application.

        Raises:
            LifespanFailed: it cannot start.
        """
        if self._mode == "off":
            return
        state: dict[str, Any] = {}
        scope = {"type": "lifespan", "asgi": ASGI_VERSIONS, "state": state}
        self._task = asyncio.create_task(self._run(scope), name="lifespan")
        reply = await self._ask("lifespan.startup")
        if reply["type"] == "lifespan.startup.complete":
            self.state = state
            return
        self._task = None
        if reply["type"] == "lifespan.startup.failed":
            raise LifespanFailed(reply.get("message") or "the application failed to start")
        error = reply.get("error")
        if self._mode == "on":
            raise LifespanFailed("the application ended its lifespan before it started") from error
        if error is not None and self._inbox.empty():
            logger.warning("The application failed to start; it is served as it is", exc_info=error)
        else:
            logger.debug("The application knows no lifespan: %r", error)

    async def shutdown(self) -> None:
        """Stop the application, if it was started.

        Raises:
            LifespanFailed: it did not stop in order.
        """
        if self._task is None:
            return
        reply = await self._ask("lifespan.shutdown")
        await asyncio.wait([self._task])
        self._task = None
        if reply["type"] != "lifespan.shutdown.complete":
            message = reply.get("message") or "the application ended before it was asked to stop"
            raise LifespanFailed(message) from reply.get("error")

    async def _ask(self, kind: str) -> Message:
        self._inbox.put_nowait({"type": kind})
        return await self._outbox.get()

    async def _run(self, scope: Message) -> None:
        error: BaseException | None = None
        try:
            await self._app(scope, self._inbox.get, self._outbox.put)
        except Exception as raised:
            error = raised
        finally:
            self._outbox.put_nowait({"type": "ended", "error": error})
