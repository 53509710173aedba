"""The command line: ``drystone run``, ``routes``, ``openapi`` and ``new``."""

from __future__ import annotations

import shlex
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import click

_APPLICATION = click.argument("application", metavar="[MODULE:APP]", required=False)
_APP_DIR = click.option(
    "--app-dir",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    metavar="FOLDER",
    help="Folder to import from; by default this one.",
)
_FACTORY = click.option(
    "--factory", is_flag=True, help="APP is a function that makes the application."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drystone", message="%(prog)s %(version)s")
def main() -> None:
    """Serve and inspect web applications."""


class _Grouped(click.Command):
    """A command whose help shows the server's options by what they are about."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from drystone_server.options import GROUPS, OPTIONS

        titles = {option.key: GROUPS[option.group] for option in OPTIONS}
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        sections |= {title: [] for title in GROUPS.values()}
        for param in self.get_params(ctx):
            line = param.get_help_record(ctx)
            if line is not None and isinstance(param, click.Option):
                sections[titles.get(param.name or "", "Options")].append(line)
        for title, lines in sections.items():
            with formatter.section(title):
                formatter.write_dl(lines)


def _server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add every option of the server: one table is behind this and the server's own command."""
    from drystone_server.options import OPTIONS, Option

    class Value(click.ParamType[Any]):
        def __init__(self, option: Option) -> None:
            self.name = option.metavar
            self.option = option

        def convert(self, value: Any, param: Any, ctx: Any) -> Any:
            if not isinstance(value, str):
                return value
            try:
                return self.option.parse(value)
            except ValueError as error:
                self.fail(str(error), param, ctx)

    for option in reversed(OPTIONS):
        flag = option.kind is bool
        default = f"  [default: {option.shown_default}]" if option.shown_default else ""
        command = click.option(
            option.flag,
            option.key,
            is_flag=flag,
            type=None if flag else Value(option),
            metavar=None if flag else option.metavar,
            default=option.default,
            help=option.help + default,
        )(command)
    return command


@main.command(cls=_Grouped)
@_APPLICATION
@_APP_DIR
@_FACTORY
@click.option(
    "--root-path", default="", metavar="PATH", help="Path that a proxy mounts the application at."
)
@click.option("--access-log/--no-access-log", default=True, help="A line for each request.")
@click.option(
    "--loop",
    type=click.Choice(["auto", "asyncio", "uvloop"]),
    default="auto",
    show_default=True,
    help="Event loop; auto is uvloop where it is installed.",
)
@click.option(
    "--lifespan",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Run the lifespan of an ASGI application; that of a drystone App always runs.",
)
@_server_options
def run(
    application: str | None,
    app_dir: str,
    factory: bool,
    root_path: str,
    access_log: bool,
    loop: str,
    lifespan: Literal["auto", "on", "off"],
    **options: Any,
) -> None:
    """Serve an application: a drystone App, or any ASGI callable.

    Without MODULE:APP it is the app of app.py, main.py or app/main.py.
    """
    from drystone_server.importing import import_app
    from drystone_server.reloading import run_reloading, take_sockets

    from ._serve import log_to_stderr
    from ._serve import run as serve

    with _told():
        name = application or _find_application(app_dir)
        if options["reload"] and not take_sockets(options):
            log_to_stderr()
            sys.exit(run_reloading(options, app_dir))
        serve(
            import_app(name, app_dir, factory=factory),
            options,
            loop=loop,
            access_log=access_log,
            name=name,
            root_path=root_path,
            lifespan=lifespan,
        )


@main.command()
@_APPLICATION
@_APP_DIR
@_FACTORY
@click.option(
    "--explain",
    nargs=2,
    metavar="METHOD PATH",
    help="Say which route answers this request, and why.",
)
def routes(
    application: str | None, app_dir: str, factory: bool, explain: tuple[str, str] | None
) -> None:
    """Show the routes of an application.

    Without MODULE:APP it is the app of app.py, main.py or app/main.py.
    """
    from ._commands.route_table import explain_match, route_table

    app = _load_app(application, app_dir, factory=factory)
    click.echo(explain_match(app, *explain) if explain else route_table(app))


@main.command()
@click.argument("application", metavar="MODULE:APP")
@_APP_DIR
@_FACTORY
def openapi(application: str, app_dir: str, factory: bool) -> None:
    """Print the OpenAPI document of an application."""
    import json

    from ._openapi import describe

    app = _load_app(application, app_dir, factory=factory)
    try:
        document = describe(app)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a small project that runs.

    FOLDER gets an application, its tests, a Dockerfile and a systemd unit.
    """
    from ._commands.new import make_project

    with _told():
        made = make_project(folder)
    for path in made:
        click.echo(f"made {path}")
    click.echo(f"\nServe it:  drystone run app:app --app-dir {shlex.quote(str(folder))}")
    click.echo(f"Test, build and deploy it: {folder / 'README.md'} tells how")


@contextmanager
def _told() -> Iterator[None]:
    """Say in one line what went wrong, after the traceback of what the application raised."""
    from drystone_server.asgi import LifespanFailed
    from drystone_server.importing import StartError

    try:
        yield
    except (StartError, LifespanFailed) as error:
        if error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        raise click.ClickException(str(error)) from None
    except OSError as error:
        # One of ours is a sentence; the number before it would say nothing.
        sentence = error.strerror if error.filename is None else None
        raise click.ClickException(sentence or str(error)) from None
    except (ValueError, ImportError) as error:
        raise click.ClickException(str(error)) from None


def _find_application(app_dir: str) -> str:
    """The import string of an application that was not named."""
    candidates = {"app.py": "app:app", "main.py": "main:app", "app/main.py": "app.main:app"}
    for file, found in candidates.items():
        if (Path(app_dir) / file).is_file():
            return found
    raise click.UsageError(
        f"{Path(app_dir).resolve()} has no {', '.join(candidates)}: name the application, "
        "such as shop:app for the app of shop.py"
    )


def _load_app(application: str | None, app_dir: str, *, factory: bool) -> Any:
    from drystone_server.importing import import_app

    from ._app import App

    name = application or _find_application(app_dir)
    with _told():
        app = import_app(name, app_dir, factory=factory)
    if not isinstance(app, App):
        raise click.ClickException(f"{name} is no drystone App: its routes are its own")
    return app
