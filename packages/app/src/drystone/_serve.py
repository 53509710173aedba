"""An application on our server."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from drystone_parser import Limits, RequestParser
from drystone_server import HTTPServer
from drystone_server.asgi import ASGIHandler, LifespanFailed
from drystone_server.options import server_arguments, start_arguments
from drystone_server.reloading import stop_signals
from drystone_server.run import describe_addresses, run_loop, serve_until_stopped

from ._handlers import NativeApplication
from ._problems import server_problem
from ._request import Request

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class AppServer(HTTPServer[Any]):
    """A server that starts its application before it listens, and stops it after the last answer.

    Args:
        app: what to serve.
        handler: what to call; by default the application's own handler.
        **options: those of `drystone_server.HTTPServer`.
    """

    def __init__(self, app: NativeApplication, handler: Any = None, **options: Any) -> None:
        parser = self._make_parser if app.parser is None else partial(app.parser, Request)
        super().__init__(handler or app.handle, parser, error_response=server_problem, **options)
        self._app = app
        self._app_runs = False
        self._parser_limits = Limits()

    def _make_parser(self) -> RequestParser[Request[Any]]:
        """A parser that takes the longest body that any route allows."""
        largest = self._app.largest_body
        if self._parser_limits.body != largest:
            self._parser_limits = Limits(body=largest)
        return RequestParser(Request, self._parser_limits)

    async def start(self, host: str | None = "127.0.0.1", port: int = 0, **options: Any) -> None:
        """Start the application, if it does not run, then listen."""
        if not self._app_runs:
            await self.start_app()
        try:
            await super().start(host, port, **options)
        except BaseException:
            await self._stop_app()
            raise

    async def start_app(self) -> None:
        """Start the application alone, for connections that others make."""
        await self._app.startup()
        self._app_runs = True

    async def close(self) -> None:
        """Close the connections, then stop the application."""
        try:
            await super().close()
        finally:  # also when somebody was impatient
            await self._stop_app()

    async def _stop_app(self) -> None:
        runs, self._app_runs = self._app_runs, False
        if runs:
            await self._app.shutdown()


def log_to_stderr() -> None:
    """Write what is logged to standard error, unless the application has configured logging."""
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT)


def run(
    app: Any,
    options: Mapping[str, Any],
    *,
    loop: str = "auto",
    access_log: bool = False,
    name: str = "the application",
    root_path: str = "",
    lifespan: Literal["auto", "on", "off"] = "auto",
) -> None:
    """Serve an application until SIGINT or SIGTERM.

    Args:
        app: one of ours, or any ASGI application.
        options: values by key of `drystone_server.options.OPTIONS`.
        loop: one of `drystone_server.run.LOOPS`.
        access_log: log a line for each request, by the logger ``drystone_server.access``.
        name: what the line with the address calls it.
        root_path: where a proxy mounts the application; the requests' own paths are without it.
        lifespan: of an ASGI application, as `drystone_server.asgi.ASGIHandler` takes it. That of
            one of ours always runs.

    Raises:
        OSError: the address cannot be listened on.
        LifespanFailed: the application cannot start, or did not stop in order; what it raised is
            the cause.
    """
    log_to_stderr()
    if isinstance(app, NativeApplication):
        serving = _serve(app, options, access_log, name, root_path)
    else:
        handler = ASGIHandler(app, root_path=root_path, lifespan=lifespan)
        serving = _serve_asgi(handler, options, access_log, name)
    try:
        run_loop(serving, loop)
    except KeyboardInterrupt:  # a second Ctrl+C, or the first on Windows
        sys.exit(130)


async def _serve(
    app: NativeApplication, options: Mapping[str, Any], access_log: bool, name: str, root_path: str
) -> None:
    handler = _mounted_at(root_path, app.handle) if root_path else app.handle
    server = AppServer(app, handler, **_arguments(options, access_log))
    start = start_arguments(options)
    with _told_apart("did not start"):
        await server.start_app()
    await server.start(**start)
    with _told_apart("did not stop in order"):
        await _serve_until_stopped(server, options, name)


@contextmanager
def _told_apart(what: str) -> Iterator[None]:
    """Tell what the application raises from an address that is taken, or a wrong option."""
    try:
        yield
    except Exception as error:
        raise LifespanFailed(f"the application {what}: {type(error).__name__}") from error


async def _serve_asgi(
    handler: ASGIHandler, options: Mapping[str, Any], access_log: bool, name: str
) -> None:
    start = start_arguments(options)
    async with handler:
        server: HTTPServer[Any] = HTTPServer(
            handler, partial(RequestParser, Request), **_arguments(options, access_log)
        )
        await server.start(**start)
        await _serve_until_stopped(server, options, name)


def _arguments(options: Mapping[str, Any], access_log: bool) -> dict[str, Any]:
    return server_arguments({**options, "access_log": access_log})


async def _serve_until_stopped(
    server: HTTPServer[Any], options: Mapping[str, Any], name: str
) -> None:
    where = describe_addresses(server, "https" if options.get("tls_cert") else "http")
    said = f"drystone serves {name} on {where} (Ctrl+C stops)"
    await serve_until_stopped(server, stop_signals(options), said)


def _mounted_at(root_path: str, handler: Any) -> Any:
    """Tell each request where the application is, for the addresses it builds."""

    async def handle(request: Request[Any]) -> Any:
        request.root_path = root_path
        return await handler(request)

    return handle
