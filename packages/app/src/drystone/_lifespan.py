"""Starting and stopping an application, with what is mounted in it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._app import App


class Lifespan:
    """One run of an application, from `start` to `stop`.

    Args:
        app: whose.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._stack: AsyncExitStack | None = None

    async def start(self) -> None:
        """Enter the application's context and those of what is mounted; nothing when started."""
        if self._stack is not None:
            return
        async with AsyncExitStack() as stack:
            await self._enter(stack)
            self._stack = stack.pop_all()

    async def _enter(self, stack: AsyncExitStack) -> None:
        app = self._app
        stack.callback(app.threads.close)
        if app.lifespan is not None:
            app.state = await stack.enter_async_context(app.lifespan(app))
        for mount in app.all_mounts():
            await stack.enter_async_context(mount.lifespan())
        stack.push_async_callback(app.provided.close)
        stack.push_async_callback(app.after_work.drain)

    async def stop(self) -> None:
        """Leave the contexts in the reverse order; nothing when not started."""
        stack, self._stack = self._stack, None
        if stack is not None:
            await stack.aclose()
