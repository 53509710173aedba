"""Plain functions off the event loop's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

R = TypeVar("R")


class ThreadPool:
    """Threads that are started when needed and stopped with the application.

    Args:
        size: how many functions may run at once; further ones wait.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"A thread pool needs at least one thread, not {size}")
        self.size = size
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, function: Callable[..., R], /, *args: Any, **kwargs: Any) -> R:
        """Call a plain function in a thread, with the context variables of the caller.

        Raises:
            RuntimeError: it raised StopIteration, which no future can hold.
        """
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self.size, thread_name_prefix="drystone")
        call = partial(copy_context().run, _call, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        """Let the running functions finish and stop the threads; a later `run` starts new ones."""
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True)


def _call(function: Callable[..., R], /, *args: Any, **kwargs: Any) -> R:
    """Call it; as in a coroutine (PEP 479), StopIteration is an error. Who waits would wait on."""
    try:
        return function(*args, **kwargs)
    except StopIteration as error:
        raise RuntimeError(f"{function!r} raised StopIteration") from error
