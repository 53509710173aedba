"""Opaque tokens for programs: issued once, stored hashed, listed and revoked by their handle."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from drystone_auth._audit import Observer, TokenIssued, TokensRevoked, log_event, notify
from drystone_auth._interfaces import Clock, FindUser
from drystone_auth._principal import Principal
from drystone_auth._secrets import new_handle, new_secret, store_key

_TOUCH_EVERY = 60.0
_SCOPE = re.compile(r"[!#-\[\]-~]+", re.ASCII)  # RFC 6749 3.3: no space, which separates them
_PREFIX = re.compile(r"[A-Za-z0-9]{1,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """One stored token. The token itself is nowhere in it, only its SHA-256.

    Attributes:
        handle: names the token in lists and logs; not a credential.
        key: hex SHA-256 of the token.
        user_id: for whom it stands.
        label: what its owner calls it.
        scopes: what it may be used for.
        created_at: seconds since the epoch.
        expires_at: None for a token that lives until it is revoked.
        last_used_at: to the minute or so; None when never.
    """

    handle: str
    key: str = field(repr=False)
    user_id: str
    label: str
    scopes: frozenset[str]
    created_at: float
    expires_at: float | None = None
    last_used_at: float | None = None


class AccessTokenStore(Protocol):
    """Where tokens live. Every method is atomic; an expired token does not exist.

    A str with a lone surrogate raises `MalformedText`, and nothing is done.
    """

    async def insert(self, token: AccessToken, now: float) -> None:
        """Keep a new token."""
        ...

    async def find(self, key: str, now: float) -> AccessToken | None:
        """Find the token with this key."""
        ...

    async def used(self, handle: str, now: float) -> None:
        """Note that it was used now, never going back."""
        ...

    async def owned(self, user_id: str, now: float) -> list[AccessToken]:
        """List a user's tokens, the newest first."""
        ...

    async def delete_owned(self, user_id: str, handle: str | None = None) -> int:
        """Forget the user's token with this handle, or all; tell how many."""
        ...


class AccessTokens:
    """Issues, verifies, lists and revokes tokens, for `Bearer` and `APIKey`.

    Args:
        store: for example `SQLiteStore("auth.db").access_tokens`.
        prefix: begins every token, so that scanners find one that leaked into a repository.
        find_user: looks up the token's user in each request, so that a closed account counts at
            once; the principal's scopes are the token's alone.
        clock: seconds since the epoch.
        observe: is told of each token made and revoked.
    """

    def __init__(
        self,
        store: AccessTokenStore,
        *,
        prefix: str = "dst",
        find_user: FindUser | None = None,
        clock: Clock = time.time,
        observe: Observer = log_event,
    ) -> None:
        if _PREFIX.fullmatch(prefix) is None:
            raise ValueError(f"the prefix {prefix!r} must be 1 to 16 letters and digits")
        self._store = store
        self._prefix = prefix
        self._shape = re.compile(rf"{prefix}_[A-Za-z0-9_-]{{43}}", re.ASCII)
        self._find_user = find_user
        self._clock = clock
        self._observe = observe

    async def issue(
        self,
        user_id: str,
        *,
        label: str = "",
        scopes: Iterable[str] = (),
        lifetime: float | None = None,
    ) -> tuple[str, AccessToken]:
        """Make a token.

        Args:
            user_id: for whom it stands.
            label: what its owner calls it.
            scopes: what it may be used for.
            lifetime: seconds; None for no end.

        Returns:
            The token, to be shown once and never stored, and its record.

        Raises:
            ValueError: a scope is no scope-token (RFC 6749 section 3.3); with a space in it, it
                would be two.
            MalformedText: 400, the label holds a lone surrogate.
        """
        names = frozenset(scopes)
        for name in names:
            if _SCOPE.fullmatch(name) is None:
                raise ValueError(
                    f'the scope {name!r} must be printable ASCII without space, " or \\'
                )
        now, secret = self._clock(), f"{self._prefix}_{new_secret()}"
        token = AccessToken(
            handle=new_handle(),
            key=store_key(secret),
            user_id=user_id,
            label=label,
            scopes=names,
            created_at=now,
            expires_at=None if lifetime is None else now + lifetime,
        )
        await self._store.insert(token, now)
        notify(self._observe, TokenIssued(purpose="access", user_id=user_id))
        return secret, token

    async def verify(self, secret: str) -> Principal | None:
        """Return the token's principal; None when it is unknown, expired, revoked, or its user is
        gone.
        """
        if self._shape.fullmatch(secret) is None:
            return None
        now = self._clock()
        token = await self._store.find(store_key(secret), now)
        if token is None:
            return None
        if token.last_used_at is None or now - token.last_used_at >= _TOUCH_EVERY:
            await self._store.used(token.handle, now)
        if self._find_user is None:
            return Principal(token.user_id, scopes=token.scopes)
        user = await self._find_user(token.user_id)
        # A token is no login, however lately its user was here.
        return None if user is None else replace(user, scopes=token.scopes, authenticated_at=None)

    async def active(self, user_id: str) -> list[AccessToken]:
        """List the user's tokens, the newest first."""
        return await self._store.owned(user_id, self._clock())

    async def revoke(self, user_id: str, handle: str) -> bool:
        """End one token of this user; False when they have none of that handle."""
        count = await self._store.delete_owned(user_id, handle)
        notify(self._observe, TokensRevoked(user_id=user_id, count=count, which=handle))
        return count > 0

    async def revoke_all(self, user_id: str) -> int:
        """End all tokens of this user; tell how many there were."""
        count = await self._store.delete_owned(user_id)
        notify(self._observe, TokensRevoked(user_id=user_id, count=count, which="all"))
        return count
