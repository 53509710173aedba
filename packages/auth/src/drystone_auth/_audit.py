"""What happened, as typed events for an observer: never a secret, never a whole token.

An event carries handles and identifiers only, so that it can go to a log, a queue or a table as
it is. Its repr escapes whatever a client sent, so a line break in a user name forges no log line.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger("drystone_auth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a security log should hold. `refusal` tells the bad news from the good."""

    @property
    def refusal(self) -> bool:
        """Whether somebody was turned away."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Event):
    """Somebody was turned away; `reason` says why."""

    reason: str

    @property
    def refusal(self) -> bool:
        """Always true."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(Event):
    """A login succeeded and a session began."""

    user_id: str
    session: str
    address: str = ""
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFailed(Refusal):
    """A password did not fit, or the account does not exist.

    The name that was typed is not here: people type passwords there.
    """

    user_id: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reauthenticated(Event):
    """A logged-in user proved once more who they are (step-up)."""

    user_id: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut(Event):
    """A user ended their session."""

    user_id: str
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsRevoked(Event):
    """Sessions of a user were ended from elsewhere: one by its handle, others, or all."""

    user_id: str
    count: int
    which: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRefused(Refusal):
    """A session cookie came that is not taken: unknown, over its time, or sent twice."""

    user_id: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled(Refusal):
    """A login was not even tried, because too many failed before it."""

    address: str
    retry_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRefused(Refusal):
    """Credentials, a forged request or a guard; `reason` is what the client is not told."""

    user_id: str | None
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRehashed(Event):
    """A stored hash was brought to today's parameters at login."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(Event):
    """A one-time or access token was made."""

    purpose: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRedeemed(Event):
    """A one-time token was used, and is dead from now on."""

    purpose: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused(Refusal):
    """A one-time token did not hold: unknown, used, expired, or meant for another purpose."""

    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensRevoked(Event):
    """Access tokens of a user were ended."""

    user_id: str
    count: int
    which: str


Observer = Callable[[Event], None]
"""Is told of each event, in the event loop's thread: it should hand over and return."""


def log_event(event: Event) -> None:
    """Write the event to the logger `drystone_auth`: refusals as warnings, the rest as info."""
    logger.log(logging.WARNING if event.refusal else logging.INFO, "%r", event)


def notify(observe: Observer, event: Event) -> None:
    """Tell the observer; its own failure is logged and changes nothing for the client."""
    try:
        observe(event)
    except Exception:
        logger.exception("the audit observer failed on %r", event)
