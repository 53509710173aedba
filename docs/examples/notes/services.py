"""What the handlers work with, opened when the application starts and closed when it stops."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from drystone import App
from drystone_auth import (
    AccessTokens,
    Bearer,
    LoginThrottle,
    PasswordLogin,
    Passwords,
    SessionCookie,
    Sessions,
    SessionScheme,
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
    """

    database: Path
    https: bool = False

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
        )


@dataclass(frozen=True, slots=True)
class Services:
    """The application's state: ``request.app.state``."""

    notes: NoteStore
    files: FileStore
    feed: Feed
    users: UserStore
    passwords: Passwords
    login: PasswordLogin
    sessions: Sessions
    by_session: SessionScheme
    tokens: AccessTokens
    by_token: Bearer

    async def delete_note(self, owner: int, note_id: int) -> Note:
        """Delete a note with its files; raises NoteNotFound."""
        files = await self.files.of(owner, note_id)
        note = await self.notes.delete(owner, note_id)
        await self.files.forget(files)
        return note


@asynccontextmanager
async def lifespan(app: App[Services]) -> AsyncIterator[Services]:
    """Open what the application needs around its running."""
    settings = Settings.from_environment()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.database))
        auth = await stack.enter_async_context(SQLiteStore(settings.database))
        feed = Feed()
        stack.callback(feed.close)
        notes, users = NoteStore(database, changed=feed.changed), UserStore(database)
        await notes.open()
        files = FileStore(database, settings.files)
        await files.open()
        passwords = Passwords(
            min_length=PASSWORD_MIN, max_length=PASSWORD_MAX, common=COMMON_PASSWORDS
        )
        stack.callback(passwords.close)
        cookie = SessionCookie() if settings.https else SessionCookie.for_localhost()
        sessions = Sessions(auth.sessions, cookie=cookie)
        tokens = AccessTokens(auth.access_tokens, prefix="notes", find_user=users.principal)
        yield Services(
            notes=notes,
            files=files,
            feed=feed,
            users=users,
            passwords=passwords,
            login=PasswordLogin(
                users.account,
                passwords,
                save_hash=users.set_password_hash,
                throttle=LoginThrottle(auth.attempts),
            ),
            sessions=sessions,
            by_session=SessionScheme(sessions, find_user=users.principal),
            tokens=tokens,
            by_token=Bearer(tokens.verify, realm="Notes"),
        )
