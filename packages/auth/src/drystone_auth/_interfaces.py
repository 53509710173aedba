"""What this package needs from others: a request's method and fields, ways to verify, a clock."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from ._principal import Principal


class Headers(Protocol):
    """Field lookup in any case; a repeated field is best joined with ", " (RFC 9110 5.2)."""

    def get(self, name: str, /) -> str | None:
        """Return the field's value, or None."""
        ...


class Request(Protocol):
    """The only two things that are read of a request."""

    @property
    def method(self) -> str:
        """The method token."""
        ...

    @property
    def headers(self) -> Headers:
        """The fields."""
        ...


class Scheme(Protocol):
    """One way to recognise a principal.

    `authenticate` answers None when the request carries nothing for this scheme, a principal when
    its credentials hold, and raises an `AuthError` when they are there and do not hold.
    """

    @property
    def challenges(self) -> tuple[str, ...]:
        """What to put in `WWW-Authenticate` when credentials are missing, one field line each."""
        ...

    async def authenticate(self, request: Request, /) -> Principal | None:
        """Recognise the request's principal."""
        ...


VerifyPassword = Callable[[str, str], Awaitable[Principal | None]]
"""`(user name, password) -> principal`, or None when they do not fit together."""

VerifyToken = Callable[[str], Awaitable[Principal | None]]
"""`(token) -> principal`, or None when the token is unknown, expired or revoked."""

FindUser = Callable[[str], Awaitable[Principal | None]]
"""`(user id) -> principal` with today's roles, or None when the user may no longer come in."""

Clock = Callable[[], float]
"""Seconds since the epoch, as `time.time`."""
