"""Sessions, schemes, CSRF and guards for any ASGI application: Starlette, FastAPI, or your own.

`AuthMiddleware` recognises the principal before the application runs; `principal_of` and
`session_of` read it; `guarded` and `require` guard an endpoint. In Starlette and FastAPI
`request.session` and `request.user` are these very objects.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, ParamSpec, TypeVar

from ._audit import Observer, log_event
from ._combine import FirstOf
from ._errors import AuthError
from ._fetch_metadata import CrossOriginProtection
from ._guards import Guard, enforce
from ._interfaces import Scheme
from ._principal import Principal
from ._route_guards import RouteGuards
from ._session import Session
from ._session_scheme import FindUser, SessionScheme
from ._sessions import Sessions

__all__ = ["AuthMiddleware", "guarded", "principal_of", "require", "session_of"]

P = ParamSpec("P")
R = TypeVar("R")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_KEY = "drystone_auth"
# A page must add these itself, and cannot for another origin unless that one allows it (CORS).
_SENT_ON_PURPOSE = frozenset({"bearer", "api-key"})
_BEGINS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


class AuthMiddleware:
    """Wraps an ASGI application.

    Every `AuthError`, whoever raises it, is answered with its status and fields as long as the
    response has not begun.

    Args:
        app: the application.
        sessions: where sessions live, None for an API without cookies.
        find_user: see `SessionScheme`.
        schemes: further schemes; they go before the session.
        csrf: refuses unsafe cross-origin requests; they would ride on cookies or on Basic.
        routes: guards by path, deny by default; None leaves guarding to the endpoints.
        observe: is told of each refusal.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions | None = None,
        find_user: FindUser | None = None,
        schemes: tuple[Scheme, ...] = (),
        csrf: CrossOriginProtection | None = None,
        routes: RouteGuards | None = None,
        observe: Observer = log_event,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = None if sessions is None else SessionScheme(sessions, find_user=find_user)
        self._explicit = FirstOf(*schemes)
        every: tuple[Scheme, ...] = schemes if self._cookie is None else (*schemes, self._cookie)
        self._challenges = FirstOf(*every).challenges
        self._csrf = csrf if csrf is not None else CrossOriginProtection()
        self._routes = routes
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is neither http nor websocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self._sessions)
        try:
            await self._admit(scope, exchange)
            await self._app(scope, receive, exchange.send)
            await exchange.finish()
        except AuthError as error:
            if exchange.started:
                raise
            await exchange.refuse(error)

    async def _admit(self, scope: Scope, exchange: "_Exchange") -> None:
        """Recognise the principal, refuse forgeries, ask the path's guard."""
        request = ASGIRequest(scope)
        auth = scope[_KEY] = _Auth(self._challenges, self._observe)
        principal = await self._explicit.authenticate(request)
        if self._cookie is not None and self._sessions is not None:
            session = exchange.session = await self._sessions.load(request)
            auth.session = scope["session"] = session
            principal = principal or await self._cookie.principal_of(session)
        auth.principal = scope["user"] = principal
        if self._rides_on_the_browser(auth, request):
            self._csrf.check(request)
        if self._routes is not None:
            guard = self._routes.guard_for(scope["path"])
            await auth.enforce(guard, request)

    def _rides_on_the_browser(self, auth: "_Auth", request: "ASGIRequest") -> bool:
        """Whether anything in the request was sent by the browser unasked.

        A login form has no cookie yet and is guarded too (login CSRF); only credentials that a
        page must send on purpose, and no cookie beside them, excuse a request.
        """
        if request.headers.get("cookie") is not None or auth.principal is None:
            return True
        return auth.principal.scheme not in _SENT_ON_PURPOSE


class _Auth:
    """What is known about one request."""

    __slots__ = ("_challenges", "_observe", "principal", "session")

    def __init__(self, challenges: tuple[str, ...], observe: Observer) -> None:
        self._challenges = challenges
        self._observe = observe
        self.principal: Principal | None = None
        self.session: Session | None = None

    async def enforce(self, guard: Guard, request: object) -> Principal | None:
        return await enforce(
            guard,
            self.principal,
            request,
            challenges=self._challenges,
            observe=self._observe,
        )


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

    def __init__(self, scope: Scope, send: Send, sessions: Sessions | None) -> None:
        self._websocket = scope["type"] == "websocket"
        self._responds = "websocket.http.response" in (scope.get("extensions") or {})
        self._send = send
        self._sessions = sessions
        self.session: Session | None = None
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
        if cookies and not any(name.lower() == b"cache-control" for name, _ in headers):
            headers.append((b"cache-control", b"no-store"))  # a shared cache must not hand it on
        return headers

    async def finish(self) -> None:
        """Write what a WebSocket changed after it was accepted."""
        if self._websocket:
            await self._commit()

    async def _commit(self) -> list[str]:
        if self._sessions is None or self.session is None:
            return []
        return await self._sessions.commit(self.session)

    async def refuse(self, error: AuthError) -> None:
        """Answer with the error's status, fields and public text."""
        self.started = True
        try:
            cookies = [] if error.status >= 500 else await self._commit()
        except AuthError as failure:
            error, cookies = failure, []
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


def principal_of(request: Any) -> Principal | None:
    """Return who asks, None for a visitor.

    Args:
        request: an object with `scope` (Starlette's and FastAPI's requests), or an ASGI scope.

    Raises:
        RuntimeError: `AuthMiddleware` is not installed.
    """
    return _auth_of(request).principal


def session_of(request: Any) -> Session:
    """Return the request's session.

    Raises:
        RuntimeError: `AuthMiddleware` is not installed, or has no `sessions`.
    """
    session = _auth_of(request).session
    if session is None:
        raise RuntimeError("AuthMiddleware was made without sessions")
    return session


async def require(request: Any, guard: Guard) -> Principal:
    """Return the principal if the guard lets it pass; for a FastAPI dependency, or mid-handler.

    Raises:
        AuthError: what to answer; `AuthMiddleware` does.
        RuntimeError: `AuthMiddleware` is not installed, or the guard admits visitors.
    """
    principal = await _auth_of(request).enforce(guard, request)
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
            await _auth_of(request).enforce(guard, request)
            return await endpoint(*args, **kwargs)

        return guarded_endpoint

    return decorate


def _auth_of(request: Any) -> _Auth:
    auth = getattr(request, "scope", request).get(_KEY)
    if not isinstance(auth, _Auth):
        raise RuntimeError("AuthMiddleware is not installed in front of this endpoint")
    return auth
