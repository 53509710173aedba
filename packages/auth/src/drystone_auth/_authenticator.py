"""What every adapter does with a request, in the right order, for no framework in particular."""

from typing import Any

from ._audit import AccessRefused, Observer, log_event, notify
from ._csrf import CrossOriginProtection
from ._errors import AuthError
from ._guards import Guard, RouteGuards, enforce
from ._interfaces import FindUser, Request, Scheme
from ._principal import Principal
from ._schemes import FirstOf, SessionScheme
from ._sessions import Session, Sessions

# A page must add these itself, and cannot for another origin unless that one allows it (CORS).
_SENT_ON_PURPOSE = frozenset({"bearer", "api-key"})


class Authenticator:
    """Recognises who asks, loads the session, refuses forgeries, asks the path's guard.

    An adapter calls `visit = await admit(request, path)` before the application,
    `await visit.commit()` when the response is known, and answers each `AuthError` on the way.

    Args:
        sessions: where sessions live, None for an API without cookies.
        find_user: see `SessionScheme`.
        schemes: further schemes; they go before the session.
        csrf: refuses unsafe cross-origin requests that ride on cookies or on Basic.
        routes: guards by path, deny by default; None leaves guarding to the endpoints.
        observe: is told of each refusal.
    """

    def __init__(
        self,
        *,
        sessions: Sessions | None = None,
        find_user: FindUser | None = None,
        schemes: tuple[Scheme, ...] = (),
        csrf: CrossOriginProtection | None = None,
        routes: RouteGuards | None = None,
        observe: Observer = log_event,
    ) -> None:
        self._sessions = sessions
        self._cookie = None if sessions is None else SessionScheme(sessions, find_user=find_user)
        self._explicit = FirstOf(*schemes)
        self._cookie_challenges = () if self._cookie is None else self._cookie.challenges
        self.challenges = (*self._explicit.challenges, *self._cookie_challenges)
        self._csrf = csrf if csrf is not None else CrossOriginProtection()
        self._routes = routes
        self.observe = observe

    async def admit(
        self, request: Request, path: str | None = None, raw_path: str | None = None
    ) -> "Visit":
        """Return what is known about the request.

        Args:
            request: its method and fields.
            path: decoded, for `routes`.
            raw_path: as it was sent, so that `routes` sees an encoded slash.

        Raises:
            AuthError: credentials or the session store failed, another site forged the request,
                or the path's guard refused.
        """
        try:
            visit = await self._recognise(request)
            if _rides_on_the_browser(visit.principal, request):
                self._csrf.check(request)
        except AuthError as error:
            event = AccessRefused(reason=error.reason, user_id=None, status=error.status)
            notify(self.observe, event)
            raise
        if self._routes is not None and path is not None:
            await visit.enforce(self._routes.guard_for(path, raw_path), request)
        return visit

    async def _recognise(self, request: Request) -> "Visit":
        principal, session = await self._authenticate(request), None
        if self._cookie is not None and self._sessions is not None:
            session = await self._sessions.load(request)
            if principal is None:
                principal = await self._cookie.principal_of(session)
        return Visit(self, self._sessions, principal, session)

    async def _authenticate(self, request: Request) -> Principal | None:
        try:
            return await self._explicit.authenticate(request)
        except AuthError as error:
            if error.status == 401:
                error.challenges += self._cookie_challenges
            raise


class Visit:
    """One request's principal and session.

    Attributes:
        principal: who asks, None for a visitor.
    """

    __slots__ = ("_authenticator", "_session", "_sessions", "principal")

    def __init__(
        self,
        authenticator: Authenticator,
        sessions: Sessions | None,
        principal: Principal | None,
        session: Session | None,
    ) -> None:
        self._authenticator = authenticator
        self._sessions = sessions
        self._session = session
        self.principal = principal

    @property
    def session(self) -> Session:
        """The request's session.

        Raises:
            RuntimeError: the authenticator was made without `sessions`.
        """
        if self._session is None:
            raise RuntimeError("there are no sessions: give Authenticator(sessions=...)")
        return self._session

    @property
    def has_session(self) -> bool:
        """Whether there are sessions at all."""
        return self._session is not None

    async def enforce(self, guard: Guard, request: Any = None) -> Principal | None:
        """Return the principal if the guard lets it pass; see `enforce`.

        Raises:
            AuthError: what to answer.
        """
        return await enforce(
            guard,
            self.principal,
            request,
            challenges=self._authenticator.challenges,
            observe=self._authenticator.observe,
        )

    async def commit(self) -> list[str]:
        """Write the session if it changed.

        Returns:
            What to send, each as a `Set-Cookie` field; with any, see `keep_from_caches`.
        """
        if self._sessions is None or self._session is None:
            return []
        return await self._sessions.commit(self._session)


def keep_from_caches(cache_control: str | None) -> str:
    """Return the `Cache-Control` for a response that sets a session cookie.

    A shared cache may store a response with `Set-Cookie` and hand one user's session to the next
    (RFC 9111 section 7.3), so what does not say "private" or "no-store" becomes "no-store".
    "no-transform" stays beside it: it may keep a secret from being compressed.

    Args:
        cache_control: what the application set, None when nothing.
    """
    directives = {word.strip().lower() for word in (cache_control or "").split(",")}
    if cache_control is not None and directives & {"no-store", "private"}:
        return cache_control
    return "no-store, no-transform" if "no-transform" in directives else "no-store"


def _rides_on_the_browser(principal: Principal | None, request: Request) -> bool:
    """Whether anything in the request may have been sent by the browser unasked.

    A login form has no cookie yet and is guarded too (login CSRF); only credentials that a page
    must send on purpose, and no cookie beside them, excuse a request.
    """
    if principal is None or principal.scheme not in _SENT_ON_PURPOSE:
        return True
    return request.headers.get("cookie") is not None
