"""Answering for one's own names only (RFC 9110, 7.4)."""

from __future__ import annotations

import re
from typing import Any

from ._errors import HTTPError
from ._handlers import Handler, Middleware
from ._request import Request
from ._response import Response

_NAME = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")


def allowed_hosts(*hosts: str) -> Middleware:
    """Middleware that answers 421 where the ``Host`` of a request is none of these.

    Who sends a request chooses its ``Host``, and ``request.url`` is made of it: a link in a mail
    would lead where a stranger wishes.

    Args:
        hosts: names or addresses in lower case, without a port: ``example.org``; with a dot in
            front, ``.example.org``, all names below it, too.

    Raises:
        ValueError: none is given, or one is no host.
    """
    if not hosts:
        raise ValueError("Name at least one host: without any, nothing would be answered")
    for host in hosts:
        if not _NAME.fullmatch(host):
            raise ValueError(
                f"{host!r} is no host: write a name in lower case without scheme and port, as in "
                "'example.org', or '.example.org' with all names below it"
            )
    below = tuple(host for host in hosts if host.startswith("."))
    names = frozenset(host.removeprefix(".") for host in hosts)

    def middleware(handler: Handler) -> Handler:
        async def handle_own(request: Request[Any]) -> Response:
            name = _without_port(request.host)
            if name not in names and not name.endswith(below):
                raise HTTPError(421, "This server does not answer for the host of the request")
            return await handler(request)

        return handle_own

    return middleware


def _without_port(host: str) -> str:
    """``Example.org:8000`` -> ``example.org``."""
    name, bracket, _ = host.lower().partition("]")
    return f"{name}]" if bracket else name.partition(":")[0].removesuffix(".")
