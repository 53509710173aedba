"""The guards that come with the package: anyone, scopes, roles, a fresh login, any predicate."""

import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

from drystone_auth._interfaces import Clock
from drystone_auth._principal import Principal

from .guard import ANONYMOUS, Denial, Guard

# Clocks of several machines differ: a login up to this many seconds in the future counts as now.
_SKEW = 60.0


class _Principals(Guard):
    """A guard that only looks at a principal, and needs one."""

    __slots__ = ("_check",)

    def __init__(self, check: Callable[[Principal], Denial | None]) -> None:
        self._check = check

    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return ANONYMOUS if principal is None else self._check(principal)


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
            return ANONYMOUS
        answer = self._holds(principal, request)
        if inspect.isawaitable(answer):
            answer = await answer
        # Only True lets pass: a predicate that forgot its return refuses.
        return None if answer is True else Denial(self._reason)


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
