"""What tests of this package share, and the contracts that any store must keep.

`check_session_store(make)` and its siblings run a list of cases, each on a store of its own:
`make()` returns an async context manager that gives a fresh, empty store. A broken promise is an
`AssertionError` that names it.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from ._audit import Event
from ._contract import ACCESS_TOKEN_CASES, ATTEMPT_CASES, ONE_TIME_TOKEN_CASES, SESSION_CASES
from ._login import AttemptStore
from ._sessions import SessionStore
from ._tokens import AccessTokenStore, OneTimeTokenStore

__all__ = [
    "FakeClock",
    "FakeHeaders",
    "FakeRequest",
    "Recorder",
    "check_access_token_store",
    "check_attempt_store",
    "check_one_time_token_store",
    "check_session_store",
]

S = TypeVar("S")
Make = Callable[[], AbstractAsyncContextManager[S]]


class FakeHeaders(dict[str, str]):
    """Fields, looked up in any case.

    Args:
        fields: names and values.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in fields.items()})

    def get(self, name: str, default: Any = None) -> Any:
        """Return the field's value."""
        return super().get(name.lower(), default)


class FakeRequest:
    """A request of a method and fields, which is all that is read of one.

    Args:
        method: the method token.
        headers: in any case; or as keywords with `_` for `-`.
    """

    def __init__(
        self, method: str = "GET", headers: Mapping[str, str] | None = None, **fields: str
    ) -> None:
        self.method = method
        named = {k.replace("_", "-"): v for k, v in fields.items()}
        self.headers = FakeHeaders({**(headers or {}), **named})
        self.query_string = ""


class FakeClock:
    """A clock that stands still until it is moved: `clock.now += 60`."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time, as `time.time` does."""
        return self.now


class Recorder:
    """An audit observer that keeps the events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Keep the event."""
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        """The events' class names, in order."""
        return [type(event).__name__ for event in self.events]


async def check_session_store(make: Make[SessionStore]) -> None:
    """Check the contract of `SessionStore`: atomic merges, rotation, expiry, revocation."""
    await _check(SESSION_CASES, make)


async def check_attempt_store(make: Make[AttemptStore]) -> None:
    """Check the contract of `AttemptStore`."""
    await _check(ATTEMPT_CASES, make)


async def check_access_token_store(make: Make[AccessTokenStore]) -> None:
    """Check the contract of `AccessTokenStore`."""
    await _check(ACCESS_TOKEN_CASES, make)


async def check_one_time_token_store(make: Make[OneTimeTokenStore]) -> None:
    """Check the contract of `OneTimeTokenStore`: single use, purpose, expiry."""
    await _check(ONE_TIME_TOKEN_CASES, make)


async def _check(cases: Iterable[Callable[[S], Awaitable[None]]], make: Make[S]) -> None:
    for case in cases:
        async with make() as store:
            await case(store)
