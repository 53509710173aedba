"""What a guard is, and how guards combine with `&`, `|` and `~`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from drystone_auth._principal import Principal


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


ANONYMOUS = Denial("nobody is authenticated", anonymous=True)


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


class _Pair(Guard):
    __slots__ = ("_first", "_second")

    def __init__(self, first: Guard, second: Guard) -> None:
        self._first = first
        self._second = second


class _Both(_Pair):
    async def denial(self, principal: Principal | None, request: Any) -> Denial | None:
        return await self._first.denial(principal, request) or await self._second.denial(
            principal, request
        )


class _Either(_Pair):
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
            return ANONYMOUS
        if await self._guard.denial(principal, request) is None:
            return Denial("the principal is what the guard excludes")
        return None
