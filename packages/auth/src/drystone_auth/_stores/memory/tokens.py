"""Access tokens and one-time tokens in this process's memory. No method suspends."""

from dataclasses import astuple, replace

from drystone_auth._text import check_text
from drystone_auth._tokens import AccessToken, OneTimeToken


class MemoryAccessTokenStore:
    """An `AccessTokenStore` of a dictionary."""

    def __init__(self) -> None:
        self._by_key: dict[str, AccessToken] = {}

    async def insert(self, token: AccessToken, now: float) -> None:
        """Keep a new token; forgets this user's that are over."""
        check_text(*astuple(token), *token.scopes)
        over = [t.key for t in self._of(token.user_id) if not _lives(t.expires_at, now)]
        for key in over:
            del self._by_key[key]
        self._by_key[token.key] = token

    async def find(self, key: str, now: float) -> AccessToken | None:
        """Find the token with this key."""
        token = self._by_key.get(key)
        return token if token is not None and _lives(token.expires_at, now) else None

    async def used(self, handle: str, now: float) -> None:
        """Note that it was used now."""
        check_text(handle)
        for token in self._by_key.values():
            if token.handle == handle:
                self._by_key[token.key] = replace(
                    token, last_used_at=max(now, token.last_used_at or now)
                )
                return

    async def owned(self, user_id: str, now: float) -> list[AccessToken]:
        """List a user's tokens, the newest first."""
        check_text(user_id)
        tokens = [token for token in self._of(user_id) if _lives(token.expires_at, now)]
        return sorted(tokens, key=lambda token: token.created_at, reverse=True)

    async def delete_owned(self, user_id: str, handle: str | None = None) -> int:
        """Forget the user's token with this handle, or all."""
        check_text(user_id, handle)
        tokens = [token for token in self._of(user_id) if handle in {None, token.handle}]
        for token in tokens:
            del self._by_key[token.key]
        return len(tokens)

    def _of(self, user_id: str) -> list[AccessToken]:
        return [token for token in self._by_key.values() if token.user_id == user_id]


class MemoryOneTimeTokenStore:
    """A `OneTimeTokenStore` of a dictionary."""

    def __init__(self) -> None:
        self._by_key: dict[str, OneTimeToken] = {}

    async def insert(self, token: OneTimeToken, now: float) -> None:
        """Keep a new token; forgets all that are over."""
        check_text(*astuple(token))
        for key in [k for k, t in self._by_key.items() if not _lives(t.expires_at, now)]:
            del self._by_key[key]
        self._by_key[token.key] = token

    async def find(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find the token with this key if it is for this purpose."""
        check_text(purpose)
        token = self._by_key.get(key)
        if token is None or token.purpose != purpose or not _lives(token.expires_at, now):
            return None
        return token

    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find it and forget it."""
        token = await self.find(key, purpose, now)
        if token is not None:
            del self._by_key[key]
        return token

    async def delete_owned(self, user_id: str, purpose: str) -> None:
        """Forget the user's tokens for this purpose."""
        check_text(user_id, purpose)
        for token in list(self._by_key.values()):
            if (token.user_id, token.purpose) == (user_id, purpose):
                del self._by_key[token.key]


def _lives(expires_at: float | None, now: float) -> bool:
    return expires_at is None or expires_at > now
