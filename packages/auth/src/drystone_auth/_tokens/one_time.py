"""One-time tokens: verify an e-mail address, reset a password, sign in by a link."""

import time
from dataclasses import dataclass, field
from typing import Protocol

from drystone_auth._audit import (
    Observer,
    TokenIssued,
    TokenRedeemed,
    TokenRefused,
    log_event,
    notify,
)
from drystone_auth._errors import Forbidden
from drystone_auth._interfaces import Clock
from drystone_auth._secrets import looks_like_secret, new_secret, store_key


class InvalidToken(Forbidden):
    """403: the token is unknown, used, expired or for another purpose; it is not told which."""

    public = "This link is not valid any more. Ask for a new one."


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    """One stored token. The token itself is nowhere in it, only its SHA-256.

    Attributes:
        key: hex SHA-256 of the token.
        purpose: the only thing it is good for.
        user_id: for whom it was made.
        data: what the application wants back, such as the address to verify.
        expires_at: seconds since the epoch.
    """

    key: str = field(repr=False)
    purpose: str
    user_id: str
    data: str
    expires_at: float


class OneTimeTokenStore(Protocol):
    """Where one-time tokens live. Every method is atomic; an expired token does not exist.

    A str with a lone surrogate raises `MalformedText`, and nothing is done.
    """

    async def insert(self, token: OneTimeToken, now: float) -> None:
        """Keep a new token."""
        ...

    async def find(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find the token with this key if it is for this purpose."""
        ...

    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Like `find`, and forget it in the same step: of two at once, one gets it."""
        ...

    async def delete_owned(self, user_id: str, purpose: str) -> None:
        """Forget the user's tokens for this purpose."""
        ...


class OneTimeTokens:
    """Issues and redeems tokens that work once, for one purpose, for a while.

    Mail scanners follow links: let the link show a page (`check`), and redeem on its POST.

    Args:
        store: for example `SQLiteStore("auth.db").one_time_tokens`.
        clock: seconds since the epoch.
        observe: is told of each token made, redeemed and refused.
    """

    def __init__(
        self, store: OneTimeTokenStore, *, clock: Clock = time.time, observe: Observer = log_event
    ) -> None:
        self._store = store
        self._clock = clock
        self._observe = observe

    async def issue(
        self,
        purpose: str,
        user_id: str,
        *,
        lifetime: float,
        data: str = "",
        replace: bool = True,
    ) -> str:
        """Make a token.

        Args:
            purpose: such as "reset-password"; it redeems for nothing else.
            user_id: for whom.
            lifetime: seconds; an hour is plenty for a reset.
            data: comes back when it is redeemed; stored as it is.
            replace: whether the user's older tokens for this purpose die.

        Returns:
            The token, for the link; it is not stored.
        """
        now, secret = self._clock(), new_secret()
        if replace:
            await self._store.delete_owned(user_id, purpose)
        token = OneTimeToken(store_key(secret), purpose, user_id, data, now + lifetime)
        await self._store.insert(token, now)
        notify(self._observe, TokenIssued(purpose=purpose, user_id=user_id))
        return secret

    async def check(self, purpose: str, secret: str) -> OneTimeToken:
        """Return what the token stands for, and leave it unused.

        Raises:
            InvalidToken: 403.
        """
        if looks_like_secret(secret):
            found = await self._store.find(store_key(secret), purpose, self._clock())
            if found is not None:
                return found
        raise self._refusal(purpose)

    async def redeem(self, purpose: str, secret: str) -> OneTimeToken:
        """Use the token up.

        Raises:
            InvalidToken: 403; also the second time.
        """
        if looks_like_secret(secret):
            found = await self._store.take(store_key(secret), purpose, self._clock())
            if found is not None:
                notify(self._observe, TokenRedeemed(purpose=purpose, user_id=found.user_id))
                return found
        raise self._refusal(purpose)

    async def revoke(self, purpose: str, user_id: str) -> None:
        """End the user's tokens for this purpose."""
        await self._store.delete_owned(user_id, purpose)

    def _refusal(self, purpose: str) -> InvalidToken:
        reason = "unknown, used, expired, or for another purpose"
        notify(self._observe, TokenRefused(reason=reason, purpose=purpose))
        return InvalidToken(f"one-time token for {purpose}: {reason}")
