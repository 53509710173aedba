"""Sessions, schemes, CSRF and guards for any ASGI application: Starlette, FastAPI, or your own.

`AuthMiddleware` recognises the principal before the application runs; `principal_of` and
`session_of` read it; `guarded` and `require` guard an endpoint. In Starlette and FastAPI
`request.session` and `request.user` are these very objects.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, ParamSpec, TypeVar

from ._audit import logger
from ._authenticator import Authenticator, Visit, keep_from_caches
from ._errors import AuthError
from ._guards import Guard
from ._principal import Principal
from ._sessions import Session

__all__ = ["AuthMiddleware", "guarded", "principal_of", "require", "session_of"]

P = ParamSpec("P")
R = TypeVar("R")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_KEY = "drystone_auth"
_BEGINS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


class AuthMiddleware:
    """Wraps an ASGI application.

    Every `AuthError`, whoever raises it, is answered with its status and fields as long as the
    response has not begun.

    Args:
        app: the application.
        authenticator: how principals are recognised.
    """

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is neither http nor websocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            raw = (scope.get("raw_path") or b"").decode("latin-1")
            visit = await self._authenticator.admit(ASGIRequest(scope), scope["path"], raw)
            exchange.visit = scope[_KEY] = visit
            scope["user"] = visit.principal
            if visit.has_session:
                scope["session"] = visit.session
            await self._app(scope, receive, exchange.send)
            await exchange.finish()
        except AuthError as error:
            if exchange.started:
                raise
            await exchange.refuse(error)


class ASGIRequest:
    """An ASGI scope as this package reads requests."""

    __slots__ = ("headers", "method", "query_string")

    def __init__(self, scope: Scope) -> None:
        # A WebSocket handshake is a GET that opens a two-way channel with the user's cookies:
        # under a name that is not safe, another site's is refused (cross-site hijacking).
        self.method: str = scope["method"] if scope["type"] == "http" else "WEBSOCKET"
        self.headers = ASGIHeaders(scope["headers"])
        self.query_string: str = scope["query_string"].decode("latin-1")


class ASGIHeaders:
    """Field lookup that joins repeats, so that a repeated credential is seen and refused."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs

    def get(self, name: str) -> str | None:
        """Return the value; repeats joined with ", ", Cookie's with "; " (RFC 9113 8.2.3)."""
        wanted = name.lower().encode("latin-1")
        values = [value for found, value in self._pairs if found.lower() == wanted]
        if not values:
            return None
        return (b"; " if wanted == b"cookie" else b", ").join(values).decode("latin-1")


class _Exchange:
    """The way of the answer: commits the session just before the head goes out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._websocket = scope["type"] == "websocket"
        self._responds = "websocket.http.response" in (scope.get("extensions") or {})
        self._send = send
        self.visit: Visit | None = None
        self.started = False

    async def send(self, message: Message) -> None:
        """Send a message of the application's."""
        if not self.started and message["type"] in _BEGINS:
            message = {**message, "headers": await self._with_cookies(message)}
            self.started = True
        await self._send(message)

    async def _with_cookies(self, message: Message) -> list[tuple[bytes, bytes]]:
        headers = list(message.get("headers", ()))
        cookies = await self._commit()
        headers += [(b"set-cookie", value.encode("latin-1")) for value in cookies]
        return _uncached(headers) if cookies else headers

    async def finish(self) -> None:
        """Write what a WebSocket changed after it was accepted."""
        if self._websocket:
            await self._commit()

    async def _commit(self) -> list[str]:
        return [] if self.visit is None else await self.visit.commit()

    async def refuse(self, error: AuthError) -> None:
        """Answer with the error's status, fields and public text; log what is our own fault."""
        self.started = True
        try:
            cookies = await self._commit()
        except AuthError as failure:
            error, cookies = failure, []
        if error.status >= 500:
            logger.error("answered %d: %s", error.status, error.reason, exc_info=error)
        fields = [*error.headers, *(("Set-Cookie", value) for value in cookies)]
        headers = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in fields]
        if self._websocket and not self._responds:
            await self._send({"type": "websocket.close", "code": 1008, "reason": str(error)})
            return
        kind = "websocket.http.response" if self._websocket else "http.response"
        body = str(error).encode()
        headers += [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await self._send({"type": f"{kind}.start", "status": error.status, "headers": headers})
        await self._send({"type": f"{kind}.body", "body": body})


def _uncached(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    set_before = [value for name, value in headers if name.lower() == b"cache-control"]
    kept = keep_from_caches(b", ".join(set_before).decode("latin-1") if set_before else None)
    others = [(name, value) for name, value in headers if name.lower() != b"cache-control"]
    return [*others, (b"cache-control", kept.encode("latin-1"))]


def principal_of(request: Any) -> Principal | None:
    """Return who asks, None for a visitor.

    Args:
        request: an object with `scope` (Starlette's and FastAPI's requests), or an ASGI scope.

    Raises:
        RuntimeError: `AuthMiddleware` is not installed.
    """
    return _visit_of(request).principal


def session_of(request: Any) -> Session:
    """Return the request's session.

    Raises:
        RuntimeError: `AuthMiddleware` is not installed, or its authenticator has no `sessions`.
    """
    return _visit_of(request).session


async def require(request: Any, guard: Guard) -> Principal:
    """Return the principal if the guard lets it pass; for a FastAPI dependency, or mid-handler.

    Raises:
        AuthError: what to answer; `AuthMiddleware` does.
        RuntimeError: `AuthMiddleware` is not installed, or the guard admits visitors.
    """
    principal = await _visit_of(request).enforce(guard, request)
    if principal is None:
        raise RuntimeError("require() is for guards that need a principal; this one admits anyone")
    return principal


def guarded(guard: Guard) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Guard an async endpoint that takes a parameter `request`.

    Raises:
        TypeError: the endpoint is not async, or has no parameter `request`: at decoration, so
            that no endpoint is left open by mistake.
    """

    def decorate(endpoint: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        parameters = list(inspect.signature(endpoint).parameters)
        if not inspect.iscoroutinefunction(endpoint) or "request" not in parameters:
            name = getattr(endpoint, "__qualname__", repr(endpoint))
            raise TypeError(f"guarded() needs an async endpoint with a parameter request: {name}")
        position = parameters.index("request")

        @functools.wraps(endpoint)
        async def guarded_endpoint(*args: P.args, **kwargs: P.kwargs) -> R:
            request = kwargs["request"] if "request" in kwargs else args[position]
            await _visit_of(request).enforce(guard, request)
            return await endpoint(*args, **kwargs)

        return guarded_endpoint

    return decorate


def _visit_of(request: Any) -> Visit:
    visit = getattr(request, "scope", request).get(_KEY)
    if not isinstance(visit, Visit):
        raise RuntimeError("AuthMiddleware is not installed in front of this endpoint")
    return visit
