"""The command line: ``drystone run``, ``drystone routes``, ``drystone new``."""

from __future__ import annotations

from typing import Any

import click

from ._import import ImportStringError, import_app


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drystone", message="%(prog)s %(version)s")
def main() -> None:
    """Serve and inspect web applications."""


@main.command()
@click.argument("application", metavar="MODULE:APP")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option("--app-dir", default=".", show_default=True, help="Folder to import from.")
@click.option("--access-log/--no-access-log", default=True, help="A line for each request.")
def run(application: str, host: str, port: int, app_dir: str, access_log: bool) -> None:
    """Serve an application: a drystone App, or any ASGI callable."""
    from ._serve import run as serve

    serve(_load(application, app_dir), host, port, access_log=access_log, name=application)


def _load(application: str, app_dir: str) -> Any:
    try:
        return import_app(application, app_dir)
    except ImportStringError as error:
        raise click.ClickException(str(error)) from None
