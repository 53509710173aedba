"""The embedded default: one SQLite file, used from one thread of its own."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Self

from .attempts import ATTEMPT_TABLES, SQLiteAttemptStore
from .database import SQLiteDatabase
from .sessions import SESSION_TABLES, SQLiteSessionStore
from .tokens import TABLES as TOKEN_TABLES
from .tokens import SQLiteAccessTokenStore, SQLiteOneTimeTokenStore


class SQLiteStore(AbstractAsyncContextManager["SQLiteStore"]):
    """Every store that this package needs, in one SQLite file.

    The file is opened at first use, in WAL mode, readable by its owner only. Several processes of
    one machine may share it. It never blocks the event loop: all calls run in one thread. ``async
    with store`` closes the file in the end, and opens it again when entered again.

    Args:
        path: the file, or ":memory:".
        busy_timeout: seconds to wait for another process's write.

    Attributes:
        sessions: for `Sessions`.
        access_tokens: for `AccessTokens`.
        one_time_tokens: for `OneTimeTokens`.
        attempts: for `LoginThrottle`.
    """

    def __init__(self, path: str | Path, *, busy_timeout: float = 5.0) -> None:
        schema = SESSION_TABLES + TOKEN_TABLES + ATTEMPT_TABLES
        database = self._database = SQLiteDatabase(path, schema, busy_timeout)
        self.sessions = SQLiteSessionStore(database)
        self.access_tokens = SQLiteAccessTokenStore(database)
        self.one_time_tokens = SQLiteOneTimeTokenStore(database)
        self.attempts = SQLiteAttemptStore(database)

    async def close(self) -> None:
        """Close the file; until the store is entered again, a call raises `StoreUnavailable`."""
        await self._database.close()

    async def __aenter__(self) -> Self:
        """An application may be started again, and each test of one starts it."""
        self._database.reopen()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()
