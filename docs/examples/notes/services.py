"""What the handlers work with, opened when the application starts and closed when it stops."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drystone import App
from drystone_auth import (
    AccessTokens,
    Argon2Parameters,
    Authenticator,
    Bearer,
    LoginThrottle,
    PasswordLogin,
    Passwords,
    SessionCookie,
    Sessions,
    SQLiteStore,
)

from ._database import Database
from .feed import Feed
from .files import FileStore
from .forms import PASSWORD_MAX, PASSWORD_MIN
from .store import Note, NoteStore
from .users import UserStore

COMMON_PASSWORDS = ("password123", "1234567890", "qwertyuiop", "passwordpassword", "iloveyou123")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says.

    Attributes:
        database: The SQLite file (``NOTES_DATABASE``); files on notes go to a folder beside it.
        https: Whether browsers reach the service over https (``NOTES_HTTPS=1``). Without it, the
            session cookie works on this machine only.
        hashing: What a password's hash costs (``NOTES_ARGON2``, written as in a hash:
            ``m=65536,t=3,p=4`` are 64 MiB, 3 passes, 4 lanes).
    """

    database: Path
    https: bool = False
    hashing: Argon2Parameters = field(default_factory=Argon2Parameters)

    @property
    def files(self) -> Path:
        """The folder for files on notes."""
        return self.database.with_name(f"{self.database.name}-files")

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read them."""
        return cls(
            database=Path(os.environ.get("NOTES_DATABASE", "notes.sqlite3")),
            https=os.environ.get("NOTES_HTTPS") == "1",
            hashing=_hashing(os.environ.get("NOTES_ARGON2")),
        )


def _hashing(cost: str | None) -> Argon2Parameters:
    if not cost:
        return Argon2Parameters()
    found = re.fullmatch(r"m=(\d+),t=(\d+),p=(\d+)", cost)
    if found is None:
        raise ValueError(f"NOTES_ARGON2 is {cost!r}; write it like m=65536,t=3,p=4")
    memory, passes, lanes = map(int, found.groups())
    return Argon2Parameters(memory_cost=memory, time_cost=passes, parallelism=lanes)


class Services:
    """What the handlers find as ``request.app.state``.

    Args:
        settings: Where things are.
    """

    def __init__(self, settings: Settings) -> None:
        self.https = settings.https
        self._database = Database(settings.database)
        self._auth = SQLiteStore(settings.database)
        self.feed = Feed()
        self.notes = NoteStore(self._database, changed=self.feed.changed)
        self.files = FileStore(self._database, settings.files)
        self.users = UserStore(self._database)
        self.passwords = Passwords(
            parameters=settings.hashing,
            min_length=PASSWORD_MIN,
            max_length=PASSWORD_MAX,
            common=COMMON_PASSWORDS,
        )
        self.login = PasswordLogin(
            self.users.account,
            self.passwords,
            save_hash=self.users.set_password_hash,
            throttle=LoginThrottle(self._auth.attempts),
        )
        cookie = SessionCookie() if settings.https else SessionCookie.for_localhost()
        self.sessions = Sessions(self._auth.sessions, cookie=cookie)
        self.tokens = AccessTokens(
            self._auth.access_tokens, prefix="notes", find_user=self.users.principal
        )
        self.authenticator = Authenticator(
            sessions=self.sessions,
            find_user=self.users.principal,
            schemes=(Bearer(self.tokens.verify, realm="Notes"),),
        )

    @asynccontextmanager
    async def running(self, app: App["Services"]) -> AsyncIterator["Services"]:
        """Open the stores around the application's running: its lifespan."""
        async with self._database, self._auth:
            await self.notes.open()
            await self.files.open()
            try:
                yield self
            finally:
                self.feed.close()
                self.passwords.close()

    async def delete_note(self, owner: int, note_id: int) -> Note:
        """Delete a note with its files; raises NoteNotFound."""
        files = await self.files.of(owner, note_id)
        note = await self.notes.delete(owner, note_id)
        await self.files.forget(files)
        return note

    async def delete_user(self, user_id: str) -> None:
        """Delete an account with all that belongs to it, its way in first."""
        await self.tokens.revoke_all(user_id)
        await self.sessions.revoke_all(user_id)
        files = await self.files.of_user(int(user_id))
        await self.users.delete(user_id)
        await self.files.forget(files)
        self.feed.changed(int(user_id))
