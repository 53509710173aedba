"""The command line: ``drystone run``, ``routes``, ``openapi`` and ``new``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import click

from ._commands import ImportStringError, import_app

_APP_DIR = click.option(
    "--app-dir",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    show_default=True,
    help="Folder to import from.",
)
_FACTORY = click.option(
    "--factory", is_flag=True, help="APP is a function that makes the application."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drystone", message="%(prog)s %(version)s")
def main() -> None:
    """Serve and inspect web applications."""


def _server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add every option of the server: one table is behind this and the server's own command."""
    from drystone_server.options import OPTIONS, Option

    class Value(click.ParamType[Any]):
        def __init__(self, option: Option) -> None:
            self.name = option.kind.__name__
            self.option = option

        def convert(self, value: Any, param: Any, ctx: Any) -> Any:
            if not isinstance(value, str):
                return value
            try:
                return self.option.parse(value)
            except ValueError as error:
                self.fail(str(error), param, ctx)

    for option in reversed(OPTIONS):
        command = click.option(
            option.flag,
            option.key,
            type=Value(option),
            default=option.default,
            show_default=option.default is not None,
            help=option.help,
        )(command)
    return command


@main.command()
@click.argument("application", metavar="MODULE:APP")
@_APP_DIR
@_FACTORY
@click.option("--root-path", default="", help="Path that the application is mounted at.")
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
    application: str,
    app_dir: str,
    factory: bool,
    root_path: str,
    access_log: bool,
    loop: str,
    lifespan: Literal["auto", "on", "off"],
    **options: Any,
) -> None:
    """Serve an application: a drystone App, or any ASGI callable."""
    from drystone_server.asgi import LifespanFailed

    from ._serve import run as serve

    if options["port"] > 65535:
        raise click.BadParameter(f"--port takes 0 to 65535, not {options['port']}")
    app = _load(application, app_dir, factory=factory)
    try:
        serve(
            app,
            options,
            loop=loop,
            access_log=access_log,
            name=application,
            root_path=root_path,
            lifespan=lifespan,
        )
    except (OSError, ValueError, ImportError, LifespanFailed) as error:
        raise click.ClickException(f"{application} cannot be served: {error}") from error


@main.command()
@click.argument("application", metavar="MODULE:APP")
@_APP_DIR
@_FACTORY
@click.option(
    "--explain",
    nargs=2,
    metavar="METHOD PATH",
    help="Say which route answers this request, and why.",
)
def routes(application: str, app_dir: str, factory: bool, explain: tuple[str, str] | None) -> None:
    """Show the routes of an application."""
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
    """Make a small project that runs: an application, tests, a Dockerfile, a systemd unit."""
    from ._commands.new import make_project

    try:
        made = make_project(folder)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for path in made:
        click.echo(f"made {path}")
    click.echo(f"\nServe it:  drystone run app:app --app-dir {folder}")
    click.echo(f"Test, build and deploy it: {folder / 'README.md'} tells how")


def _load(application: str, app_dir: str, *, factory: bool = False) -> Any:
    try:
        return import_app(application, app_dir, factory=factory)
    except ImportStringError as error:
        raise click.ClickException(str(error)) from None


def _load_app(application: str, app_dir: str, *, factory: bool) -> Any:
    from ._app import App

    app = _load(application, app_dir, factory=factory)
    if not isinstance(app, App):
        raise click.ClickException(f"{application} is no drystone App: its routes are its own")
    return app
