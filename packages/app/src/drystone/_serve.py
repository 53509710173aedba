"""An application on our server: sockets, signals, and the line that says where it is."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from drystone_parser import RequestParser
from drystone_server import HTTPServer

from ._app import App
from ._interfaces import Handler
from ._request import Request
from ._response import Response

access_logger = logging.getLogger("drystone.access")


class AppServer(HTTPServer[Any]):
    """A server that starts its application before it listens, and stops it after the last answer.

    Args:
        app: what to serve.
        handler: what to call; by default the application's own handler.
        **options: those of `drystone_server.HTTPServer`.
    """

    def __init__(self, app: App[Any], handler: Handler | None = None, **options: Any) -> None:
        parser = RequestParser if app.parser is None else app.parser
        super().__init__(handler or app.handle, partial(parser, Request), **options)
        self._app = app

    async def start(self, host: str | None = "127.0.0.1", port: int = 0, **options: Any) -> None:
        """Start the application, then listen."""
        await self._app.startup()
        await super().start(host, port, **options)

    async def close(self) -> None:
        """Close the connections, then stop the application."""
        await super().close()
        await self._app.shutdown()


async def start_server(app: App[Any], host: str, port: int) -> AppServer:
    """Serve an application from the running loop; see `App.start_server`."""
    server = AppServer(app)
    try:
        await server.start(host, port)
    except BaseException:
        await app.shutdown()
        raise
    return server


def run(app: Any, host: str, port: int, *, access_log: bool = False, name: str = "") -> None:
    """Serve an application until it is interrupted; see `App.run`."""
    application = app if isinstance(app, App) else _hosting(app)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(application, host, port, access_log, name))


def _hosting(app: Callable[..., Awaitable[None]]) -> App[Any]:
    """An application of ours that passes everything to an ASGI application."""
    host: App[Any] = App()
    host.mount("/", app)
    return host


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(app: App[Any], host: str, port: int, access_log: bool, name: str) -> None:
    handler = _logging_access(app.handle) if access_log else None
    server = AppServer(app, handler)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl+C raises KeyboardInterrupt instead
            pass
    await server.start(host, port)
    try:
        for address, bound in server.addresses:
            _announce(address, bound, name)
        await stop.wait()
    finally:
        await server.close()


def _announce(address: str, port: int, name: str) -> None:
    place = f"[{address}]" if ":" in address else address
    what = f"{name} " if name else ""
    print(f"drystone serves {what}on http://{place}:{port} (Ctrl+C stops)", flush=True)  # noqa: T201


def _logging_access(handler: Handler) -> Handler:
    """Print a line for each request, as it is answered."""

    async def handle_and_log(request: Request[Any]) -> Response:
        begun = time.perf_counter()
        response = await handler(request)
        took = (time.perf_counter() - begun) * 1000
        client = request.client
        print(  # noqa: T201
            f'{client.host if client else "-"} "{request.method} {request.target}" '
            f"{response.status} {took:.1f} ms",
            file=sys.stderr,
        )
        return response

    return handle_and_log
