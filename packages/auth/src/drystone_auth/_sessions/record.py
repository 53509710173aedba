"""What a store keeps of a session, and what a store must do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One stored session. The id in the cookie is nowhere in it, only its SHA-256.

    Attributes:
        handle: names the session in lists and logs; not a credential.
        key: hex SHA-256 of the id in the cookie.
        user_id: who is logged in, None for a visitor.
        created_at: when the session, or the login in it, began; seconds since the epoch.
        authenticated_at: when the user last proved who they are; None for a visitor.
        last_seen_at: when it was last used, to the minute or so.
        expires_at: when the store may forget it, unless it is used before.
        remember: whether it lives by the longer "remember me" times.
        user_agent: what the browser called itself at login.
        address: where the login came from.
    """

    handle: str
    key: str = field(repr=False)
    user_id: str | None
    created_at: float
    authenticated_at: float | None
    last_seen_at: float
    expires_at: float
    remember: bool = False
    user_agent: str = ""
    address: str = ""


class SessionStore(Protocol):
    """Where sessions live. `check_session_store` in `drystone_auth.testing` is the contract.

    Data are names with JSON texts. Every method is atomic, so that parallel requests of one
    session lose nothing of each other. `now` is the caller's clock; a session whose `expires_at`
    is not after it does not exist, for any method. What cannot be answered raises
    `StoreUnavailable`; a str with a lone surrogate raises `MalformedText`, and nothing is done.
    """

    async def insert(self, record: SessionRecord, data: Mapping[str, str], now: float) -> None:
        """Keep a new session."""
        ...

    async def load(self, key: str, now: float) -> tuple[SessionRecord, dict[str, str]] | None:
        """Find the session with this key, with its data."""
        ...

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        """Set and (None) remove single names; leave all others as they are.

        With `expires_at` the session was also seen now: `last_seen_at` and `expires_at` move on,
        never back. False when the session is gone: it must not come back to life.
        """
        ...

    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        """Make the session become `record` in one step: the old key is dead, the data stay.

        False, and nothing done, when the session is gone.
        """
        ...

    async def delete(self, handle: str) -> bool:
        """Forget one session; False when there was none."""
        ...

    async def owned(self, user_id: str, now: float) -> list[SessionRecord]:
        """List a user's sessions, the last seen first."""
        ...

    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        """Forget all of a user's sessions but the one with the handle `keep`; tell how many."""
        ...
