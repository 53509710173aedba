"""Letting scripts of other sites read answers (Fetch standard, 3.2: CORS)."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection
from typing import Any, Literal

from ._errors import HTTPError
from ._handlers import Handler, Middleware
from ._headers import ResponseHeaders
from ._request import Request
from ._response import Response

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s@*]+")


def cors(
    origins: Literal["*"] | Collection[str] | Callable[[str], bool],
    *,
    methods: Collection[str] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
    headers: Collection[str] = ("authorization", "content-type"),
    expose: Collection[str] = (),
    credentials: bool = False,
    max_age: int = 600,
) -> Middleware:
    """Middleware that tells browsers which other sites' scripts may use this application.

    It stands around a whole application, since the requests by which a browser asks beforehand
    (preflights) match no route; outside of authentication, which they do not carry.

    Args:
        origins: who may: ``https://app.example``, with its port and nothing behind; or a function
            that judges one; or ``"*"`` for anybody.
        methods: what they may ask for.
        headers: which fields they may send, beside those that any page may.
        expose: which fields of answers they may read, beside those that any page may.
        credentials: whether the cookies of the reader come along. Not for ``"*"``: every site that
            a person visits could then act in that person's name.
        max_age: seconds for which a browser remembers the answer to a preflight.

    Raises:
        ValueError: something that is no origin, or credentials for everybody.
    """
    is_allowed = _judge(origins, credentials)
    allowing = {
        "access-control-allow-methods": ", ".join(method.upper() for method in methods),
        "access-control-allow-headers": ", ".join(headers),
        "access-control-max-age": str(max_age),
    }

    def sign(response: Response, origin: str | None) -> Response:
        """Return a copy: a response that a handler keeps would tell one site what another may."""
        answer = copy.copy(response)
        answer.headers = fields = ResponseHeaders(response.headers)
        if origins != "*":
            fields.vary("origin")
        if origin is not None and is_allowed(origin):
            fields["access-control-allow-origin"] = "*" if origins == "*" else origin
            if credentials:
                fields["access-control-allow-credentials"] = "true"
            if expose:
                fields["access-control-expose-headers"] = ", ".join(expose)
        return answer

    def preflight(origin: str) -> Response:
        if not is_allowed(origin):
            raise HTTPError(
                403, f"Scripts of {origin} may not use this", headers={"vary": "origin"}
            )
        return sign(Response(b"", 204, allowing), origin)

    def middleware(handler: Handler) -> Handler:
        async def handle_with_cors(request: Request[Any]) -> Response:
            origin = request.headers.get("origin")
            if origin is not None and request.method == "OPTIONS" and _asks_beforehand(request):
                return preflight(origin)
            return sign(await handler(request), origin)

        return handle_with_cors

    return middleware


def _asks_beforehand(request: Request[Any]) -> bool:
    return "access-control-request-method" in request.headers


def _judge(
    origins: Literal["*"] | Collection[str] | Callable[[str], bool], credentials: bool
) -> Callable[[str], bool]:
    if origins == "*":
        if credentials:
            raise ValueError("credentials cannot go to every origin: name those that may have them")
        return lambda origin: True
    if callable(origins):
        return origins
    if isinstance(origins, str):
        raise ValueError(f"origins is a list, or '*' alone: [{origins!r}]")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin!r} is no origin: write scheme, host and port in lower case and nothing "
                "behind, as in 'https://app.example'"
            )
    return frozenset(origins).__contains__
