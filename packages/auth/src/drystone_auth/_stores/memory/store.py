"""Stores in this process's memory: for tests, and for a service of one process."""

from contextlib import AbstractAsyncContextManager

from .attempts import MemoryAttemptStore
from .sessions import MemorySessionStore
from .tokens import MemoryAccessTokenStore, MemoryOneTimeTokenStore


class MemoryStore(AbstractAsyncContextManager["MemoryStore"]):
    """Every store that this package needs, in memory; all is gone when the process ends.

    Args:
        max_counts: so many names and addresses are counted for the throttle at a time; while it
            is full of recent ones, a name that is not counted yet cannot log in (503).

    Attributes:
        sessions: for `Sessions`.
        access_tokens: for `AccessTokens`.
        one_time_tokens: for `OneTimeTokens`.
        attempts: for `LoginThrottle`.
    """

    def __init__(self, *, max_counts: int = 100_000) -> None:
        self.sessions = MemorySessionStore()
        self.access_tokens = MemoryAccessTokenStore()
        self.one_time_tokens = MemoryOneTimeTokenStore()
        self.attempts = MemoryAttemptStore(max_counts)

    async def close(self) -> None:
        """Do nothing, as there is nothing to release."""

    async def __aexit__(self, *error: object) -> None:
        await self.close()
