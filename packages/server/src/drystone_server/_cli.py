"""The command line: one ASGI application, one process."""

from __future__ import annotations

import argparse
import logging
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from typing import Any

from ._asgi_lifespan import LifespanFailed
from ._find_parser import find_parser
from ._request import Request
from ._server import HTTPServer
from .asgi import ASGIHandler
from .importing import StartError, import_app
from .options import GROUPS, OPTIONS, Option, server_arguments, start_arguments
from .reloading import run_reloading, stop_signals, take_sockets
from .run import LOOPS, describe_addresses, run_loop, serve_until_stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; give the exit status.

    Args:
        arguments: the command line; None takes that of the process.
    """
    values = vars(_argument_parser().parse_args(arguments))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        if values["reload"] and not take_sockets(values):
            return run_reloading(values, values["app_dir"])
        app = import_app(values["application"], values["app_dir"], factory=values["factory"])
        parser = find_parser(values["parser"])  # after the import, which has seen to app_dir
        run_loop(_serve(app, partial(parser, Request), values), values["loop"])
    except (StartError, LifespanFailed, OSError, ValueError, ImportError) as error:
        return _explain(error)
    except KeyboardInterrupt:
        return 130
    return 0


def _explain(error: Exception) -> int:
    """Say what is wrong in one line, after the traceback of what the application raised."""
    if isinstance(error, (StartError, LifespanFailed)) and error.__cause__ is not None:
        traceback.print_exception(error.__cause__)
    said = error.strerror if isinstance(error, OSError) and error.filename is None else None
    print(f"drystone_server: {said or error}", file=sys.stderr)  # noqa: T201
    return 1


async def _serve(app: Any, parser: Any, values: dict[str, Any]) -> None:
    start = start_arguments(values)
    handler = ASGIHandler(app, root_path=values["root_path"], lifespan=values["lifespan"])
    server: HTTPServer[Request] = HTTPServer(handler, parser, **server_arguments(values))
    async with handler:
        await server.start(**start)
        where = describe_addresses(server, "https" if start["ssl"] else "http")
        said = f"drystone_server serves {values['application']} on {where}"
        await serve_until_stopped(server, stop_signals(values), said)


def _argument_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m drystone_server",
        usage="%(prog)s MODULE:APP [options]",
        description="Serve an ASGI application.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("application", metavar="MODULE:APP", help="What to import and serve.")
    add("--version", action="version", version=_version())
    add(
        "--app-dir",
        default=".",
        metavar="FOLDER",
        help="Folder to import from; by default this one.",
    )
    add("--factory", action="store_true", help="APP is a function that makes the application.")
    add(
        "--root-path",
        default="",
        metavar="PATH",
        help="Path that a proxy mounts the application at.",
    )
    add("--lifespan", choices=("auto", "on", "off"), default="auto", help="Run the lifespan.")
    add(
        "--loop",
        choices=LOOPS,
        default="auto",
        help="Event loop; auto is uvloop where it is installed.",
    )
    add("--parser", metavar="NAME", help="Name of an installed parser, or module:attribute.")
    add("--access-log", action="store_true", help="Log a line for each request.")
    groups = {name: parser.add_argument_group(title) for name, title in GROUPS.items()}
    for option in OPTIONS:
        _add_option(groups[option.group], option)
    return parser


def _add_option(group: argparse._ArgumentGroup, option: Option) -> None:
    default = f" (default: {option.shown_default})" if option.shown_default else ""
    add = partial(
        group.add_argument,
        option.flag,
        dest=option.key,
        default=option.default,
        help=option.help + default,
    )
    if option.kind is bool:
        add(action="store_true")
    else:
        add(metavar=option.metavar, type=partial(_parse, option))


def _version() -> str:
    package = sys.modules["drystone_server"]  # whole by now; no module of it imports it
    return f"drystone-server {package.__version__}"


def _parse(option: Option, text: str) -> Any:
    try:
        return option.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
