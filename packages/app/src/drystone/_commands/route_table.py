"""What ``drystone routes`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drystone._arguments import describe
from drystone._depends import Dependency
from drystone._misses import as_miss
from drystone._mount import split_path
from drystone._route import Route

if TYPE_CHECKING:
    from drystone._app import App


def route_table(app: App[Any]) -> str:
    """The routes of an application and of what is mounted in it, as columns."""
    rows = [("METHODS", "PATH", "NAME", "HANDLER"), *_rows(app, "")]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False))
        + f"  {row[3]}"
        for row in rows
    )


def _rows(app: App[Any], prefix: str) -> list[tuple[str, str, str, str]]:
    rows = [_row(route, prefix) for route in app.all_routes() if route.mount is None]
    for mount in app.all_mounts():
        if mount.native is not None:
            rows += _rows(mount.app, prefix + mount.full_prefix)
        else:
            kind = type(mount.app).__name__
            rows.append(("any", f"{prefix}{mount.full_prefix}/*", "", f"ASGI: {kind}"))
    return rows


def _row(route: Route, prefix: str) -> tuple[str, str, str, str]:
    methods = ",".join(route.methods) if route.methods is not None else "any"
    return methods, prefix + route.full_path, route.name or "", describe(route.function)


def explain_match(app: App[Any], method: str, path: str) -> str:
    """Which route answers a request, and everything that is called on the way, mounts included."""
    app.build()  # whatever was added to groups since is planned now
    raw_path = path.partition("?")[0]
    lines = []
    mount, rest = None, ""
    try:
        match = app.router.match(method.upper(), raw_path)
    except Exception as error:
        lines.append(str(as_miss(error) or error))
    else:
        mount = match.value.mount
        if mount is None:
            lines += _story(match.value, match.params)
        else:
            prefix, rest = split_path(raw_path, mount.full_prefix.count("/"))
            lines.append(f"{prefix} -> the application that is mounted there, with {rest}")
            lines += _around(match.value)
    explain = getattr(app.router, "explain", None)
    if explain is not None:
        lines += ["", str(explain(method.upper(), raw_path))]
    if mount is not None:
        inside = f"an ASGI application of its own: {type(mount.app).__name__}"
        lines += ["", explain_match(mount.app, method, rest) if mount.native else inside]
    return "\n".join(lines)


def _story(route: Route, params: dict[str, Any]) -> list[str]:
    lines = [f"{route.full_path} -> {describe(route.function)}"]
    lines += [f"  {name} = {value!r}" for name, value in params.items()]
    lines += _around(route)
    call = route.call
    lines += [f"  provider among the guards: {describe(check.key)}" for check in call.checks]
    lines += [f"  argument {name}: from the head" for name in call.extracts]
    lines += [f"  argument {name}: from the body" for name in call.bodies]
    lines += [
        f"  argument {name}: {describe(provider.key)}, once per {provider.scope}"
        for name, provider in call.needs.items()
    ]
    return lines


def _around(route: Route) -> list[str]:
    """What is called around a route's own function, from the outside in."""
    lines = []
    for group in reversed(route.lineage):
        where = group.full_prefix or "application"
        lines += _named(f"middleware of {where}", group.middleware)
        lines += _named(f"guard of {where}", group.guards)
    lines += _named("middleware of the route", route.middleware)
    return lines + _named("guard of the route", route.guards)


def _named(what: str, functions: Sequence[Any]) -> list[str]:
    return [
        f"  {what}: {describe(function) if callable(function) else repr(function)}"
        for function in functions
        if not isinstance(function, Dependency)
    ]
