"""What all connections of one server share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic

from ._deadlines import Deadlines, Limits
from ._head import HeadRenderer
from ._interfaces import ErrorResponse, Handler, R
from ._proxies import TrustedProxies


class Settings(Generic[R]):
    """Configuration, and the register of what is under way.

    Attributes:
        connections: the open ones.
        background: tasks of handlers whose response was sent already.
        closing: set when the server begins to close.
        forget: called with a connection that is gone.
        proxies: those that may say who the client is; None is nobody.
    """

    __slots__ = (
        "background",
        "closing",
        "connections",
        "deadlines",
        "error_response",
        "forget",
        "handler",
        "heads",
        "limits",
        "loop",
        "proxies",
    )

    def __init__(
        self,
        handler: Handler[R],
        loop: asyncio.AbstractEventLoop,
        deadlines: Deadlines,
        limits: Limits,
        heads: HeadRenderer,
        proxies: TrustedProxies | None = None,
        error_response: ErrorResponse | None = None,
    ) -> None:
        self.handler = handler
        self.loop = loop
        self.deadlines = deadlines
        self.limits = limits
        self.heads = heads
        self.proxies = proxies
        self.error_response = error_response
        self.connections: set[Any] = set()
        self.background: set[asyncio.Task[Any]] = set()
        self.closing = asyncio.Event()
        self.forget: Callable[[Any], None] = self.connections.discard

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """Keep a task that goes on after its connection has turned to the next request."""
        self.background.add(task)
        task.add_done_callback(self.background.discard)
