"""Run a server as the job of a process: an event loop, signals, and the line that says where."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

from ._server import HTTPServer

__all__ = ["LOOPS", "STOP_SIGNALS", "describe_addresses", "run_loop", "serve_until_stopped"]

logger = logging.getLogger("drystone_server")

LOOPS: Final = ("auto", "asyncio", "uvloop")
"""Event loops to choose from; ``auto`` is uvloop where it is installed."""

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
"""What stops a server in order."""


def run_loop(main: Coroutine[Any, Any, None], loop: str = "auto") -> None:
    """Run a coroutine to its end on a new event loop.

    Args:
        main: what to run.
        loop: one of `LOOPS`.

    Raises:
        ImportError: uvloop was asked for and is not installed.
    """
    with asyncio.Runner(loop_factory=_loop_factory(loop)) as runner:
        runner.run(main)


def _loop_factory(name: str) -> Callable[[], asyncio.AbstractEventLoop]:
    if name == "asyncio":
        return asyncio.new_event_loop
    try:
        import uvloop
    except ImportError:
        if name == "uvloop":
            raise
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


async def serve_until_stopped(
    server: HTTPServer[Any],
    signals: Sequence[signal.Signals] = STOP_SIGNALS,
    announcement: str | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM comes, then close in order; a second signal cuts that short.

    Args:
        server: started already.
        signals: those to wait for.
        announcement: printed once they stop the server in order, and not before: who waits for the
            line may send one at once.

    Raises:
        KeyboardInterrupt: there was a second signal; all connections are cut.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    closing: list[asyncio.Task[None]] = []
    impatient = False

    def on_signal() -> None:
        nonlocal impatient
        if closing:
            impatient = True
            closing[0].cancel()
        else:
            logger.info(
                "Stopping with %d connections open; a second signal cuts them", server.connections
            )
            closing.append(loop.create_task(server.close()))
            stop.set()

    for number in signals:
        try:
            loop.add_signal_handler(number, on_signal)
        except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt
            pass
    if announcement is not None:
        with suppress(OSError):  # nobody reads it any more
            print(announcement, flush=True)  # noqa: T201
    try:
        await stop.wait()
        await closing[0]
    except asyncio.CancelledError:
        if impatient:
            raise KeyboardInterrupt from None
        raise
    finally:
        for number in signals:
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:
                pass


def describe_addresses(server: HTTPServer[Any], scheme: str = "http") -> str:
    """The URLs that a started server answers, and the paths of its Unix sockets."""
    names = (sock.getsockname() for sock in server.sockets)
    return ", ".join(_describe(name, scheme) for name in names)


def _describe(name: Any, scheme: str) -> str:
    if isinstance(name, tuple):
        host, port = name[:2]
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
    return f"{scheme} over {name}"
