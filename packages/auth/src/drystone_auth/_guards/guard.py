"""Who may: small predicates over a principal that combine with `&`, `|` and `~`.

Each says why it refused, for the log. Except for `anyone`, each refuses a request without a
principal, also when negated.
"""

import inspect
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from drystone_auth._audit import AccessRefused, Observer, log_event, notify
from drystone_auth._errors import AuthError, Forbidden, FreshLoginRequired, Unauthorized
from drystone_auth._interfaces import Clock
from drystone_auth._principal import Principal
from drystone_auth._schemes import build_challenge, insufficient_scope

# Clocks of several machines differ: a login up to this many seconds in the future counts as now.
_SKEW = 60.0


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a guard refused.

    Attributes:
        reason: for the log.
        scopes: what a token would need (RFC 6750 section 3.1).
        max_age: seconds within which the login must lie (RFC 9470).
        anonymous: there was no principal at all.
    """

    reason: str
    scopes: frozenset[str] = frozenset()
    max_age: float | None = None
    anonymous: bool = False


class Guard(ABC):
    """One condition. Subclass it, or use `predicate`."""

    @abstractmethod
    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        """Return why not, or None to let the principal pass."""

    def __and__(self, other: "Guard") -> "Guard":
        return _Both(self, other)

    def __or__(self, other: "Guard") -> "Guard":
        return _Either(self, other)

    def __invert__(self) -> "Guard":
        return _Not(self)


async def enforce(
    guard: Guard,
    principal: Principal | None,
    request: Any = None,
    *,
    challenges: tuple[str, ...] = (),
    observe: Observer = log_event,
) -> Principal | None:
    """Let the principal pass, or raise what to answer.

    Args:
        guard: the condition.
        principal: who asks, None when nobody was recognised.
        request: handed to predicates, unread.
        challenges: of the schemes that would be taken, for a 401.
        observe: is told the reason.

    Returns:
        The principal; None only where the guard admits anyone.

    Raises:
        Unauthorized: 401, there is no principal.
        FreshLoginRequired: 401, they logged in too long ago.
        Forbidden: 403, they may not; for a bearer token with the scopes that it lacks.
    """
    denial = await guard.denial(principal, request)
    if denial is None:
        return principal
    error = _error(denial, principal, challenges)
    event = AccessRefused(
        reason=denial.reason, user_id=principal.id if principal else None, status=error.status
    )
    notify(observe, event)
    raise error


def _error(denial: Denial, principal: Principal | None, challenges: tuple[str, ...]) -> AuthError:
    if principal is None or denial.anonymous:
        return Unauthorized(denial.reason, challenges=challenges)
    if denial.max_age is not None:
        challenge = build_challenge(
            "Bearer" if principal.scheme == "bearer" else "Cookie",
            error="insufficient_user_authentication",
            max_age=str(int(denial.max_age)),
        )
        return FreshLoginRequired(denial.reason, challenges=[challenge])
    if denial.scopes and principal.scheme == "bearer":
        return Forbidden(denial.reason, challenges=[insufficient_scope(denial.scopes)])
    return Forbidden(denial.reason)


class _Principals(Guard):
    """A guard that only looks at a principal, and needs one."""

    __slots__ = ("_check",)

    def __init__(self, check: Callable[[Principal], Denial | None]) -> None:
        self._check = check

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return _ANONYMOUS if principal is None else self._check(principal)


class _Anyone(Guard):
    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return None


class _Predicate(Guard):
    __slots__ = ("_holds", "_reason")

    def __init__(
        self, holds: Callable[[Principal, Any], bool | Awaitable[bool]], reason: str
    ) -> None:
        self._holds = holds
        self._reason = reason

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        if principal is None:
            return _ANONYMOUS
        answer = self._holds(principal, request)
        if inspect.isawaitable(answer):
            answer = await answer
        # Only True lets pass: a predicate that forgot its return refuses.
        return None if answer is True else Denial(self._reason)


class _Both(Guard):
    __slots__ = ("_first", "_second")

    def __init__(self, first: Guard, second: Guard) -> None:
        self._first = first
        self._second = second

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return await self._first.denial(principal, request) or await self._second.denial(
            principal, request
        )


class _Either(Guard):
    __slots__ = ("_first", "_second")

    def __init__(self, first: Guard, second: Guard) -> None:
        self._first = first
        self._second = second

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        first = await self._first.denial(principal, request)
        if first is None:
            return None
        second = await self._second.denial(principal, request)
        if second is None:
            return None
        # The first one's scopes: they are what the challenge offers as the way in.
        return Denial(
            f"{first.reason}; and {second.reason}",
            first.scopes or second.scopes,
            first.max_age if second.max_age is None else second.max_age,
            first.anonymous and second.anonymous,
        )


class _Not(Guard):
    __slots__ = ("_guard",)

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        if principal is None:
            return _ANONYMOUS
        if await self._guard.denial(principal, request) is None:
            return Denial("the principal is what the guard excludes")
        return None


_ANONYMOUS = Denial("nobody is authenticated", anonymous=True)

anyone: Guard = _Anyone()
"""Lets everybody pass, recognised or not."""

authenticated: Guard = _Principals(lambda principal: None)
"""Lets every recognised principal pass."""

nobody: Guard = _Principals(lambda principal: Denial("no rule lets anybody in here"))
"""Lets no one pass: the default for what nobody thought of."""


def scopes(*names: str) -> Guard:
    """Let those pass whose credentials have all of these scopes."""
    needed = frozenset(names)

    def check(principal: Principal) -> Denial | None:
        if needed <= principal.scopes:
            return None
        lacking = " ".join(sorted(needed - principal.scopes))
        return Denial(f"the credentials lack the scopes {lacking}", needed)

    return _Principals(check)


def roles(*names: str) -> Guard:
    """Let those pass who have one of these roles.

    For several at once write `roles("a") & roles("b")`.
    """
    wanted = frozenset(names)

    def check(principal: Principal) -> Denial | None:
        if wanted & principal.roles:
            return None
        return Denial(f"the principal has none of the roles {' '.join(sorted(wanted))}")

    return _Principals(check)


def fresh(within: float = 600.0, *, clock: Clock = time.time) -> Guard:
    """Let those pass who proved who they are in the last `within` seconds (step-up)."""

    def check(principal: Principal) -> Denial | None:
        at = principal.authenticated_at
        if at is not None and -_SKEW <= clock() - at < within:
            return None
        return Denial(f"the last login is not within {within:g} seconds", max_age=within)

    return _Principals(check)


def predicate(holds: Callable[[Principal, Any], bool | Awaitable[bool]], reason: str) -> Guard:
    """Let those pass for whom `holds(principal, request)` is (or awaits to) True.

    Args:
        holds: plain or async; anything but True refuses.
        reason: why it refuses, for the log.
    """
    return _Predicate(holds, reason)
