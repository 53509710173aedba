"""Server-side sessions: begin, check, rotate, list, end."""

import time
from dataclasses import dataclass, replace

from drystone_auth._audit import (
    LoggedIn,
    LoggedOut,
    Observer,
    Reauthenticated,
    SessionRefused,
    SessionsRevoked,
    log_event,
    notify,
)
from drystone_auth._cookies import cookie_values
from drystone_auth._errors import Unauthorized
from drystone_auth._interfaces import Clock, Request
from drystone_auth._secrets import looks_like_secret, new_handle, new_secret, store_key
from drystone_auth._text import readable

from .cookie import SessionCookie
from .record import SessionRecord, SessionStore
from .session import Session

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

# A visitor's last use is written at most this often, so reading pages costs no writes.
_TOUCH_EVERY = MINUTE


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a session lives, in seconds (OWASP ASVS 7.3).

    Attributes:
        idle: without any request.
        absolute: since its login, whatever happens.
    """

    idle: float = 2 * HOUR
    absolute: float = 12 * HOUR

    def __post_init__(self) -> None:
        if not 0 < self.idle <= self.absolute:
            raise ValueError(f"timeouts must be 0 < idle <= absolute, not {self}")


class Sessions:
    """Keeps sessions in a store and their ids in a cookie.

    In each request: `session = await load(request)`, then the handler, then
    `await commit(session)` and send each of its `Set-Cookie` values, on error responses too.

    Args:
        store: for example `MemoryStore().sessions` or `SQLiteStore("auth.db").sessions`.
        timeouts: of ordinary sessions.
        remembered: of sessions whose user asked to be remembered.
        cookie: how the id travels.
        clock: seconds since the epoch.
        observe: is told of each login, logout, revocation and refusal.
    """

    def __init__(
        self,
        store: SessionStore,
        *,
        timeouts: Timeouts = Timeouts(),
        remembered: Timeouts = Timeouts(idle=14 * DAY, absolute=30 * DAY),
        cookie: SessionCookie | None = None,
        clock: Clock = time.time,
        observe: Observer = log_event,
    ) -> None:
        self._store = store
        self._timeouts = {False: timeouts, True: remembered}
        self.cookie = cookie if cookie is not None else SessionCookie()
        self._clock = clock
        self._observe = observe

    async def load(self, request: Request) -> Session:
        """Return the request's session; an empty one when its cookie names none that lives.

        Raises:
            StoreUnavailable: it cannot be known who asks.
            InsecureCookieRefused: the cookie for localhost is used elsewhere.
        """
        self.cookie.check_host(request)
        secret = self._secret(request)
        if secret is None:
            return Session()
        now = self._clock()
        found = await self._store.load(store_key(secret), now)
        if found is None:
            return Session()  # unknown or over; not an event, browsers keep old cookies for long
        record, data = found
        if now >= self._deadline(record):
            await self._store.delete(record.handle)
            self._refuse("the session is over its time", record)
            return Session()
        return Session(record, data)

    async def login(
        self,
        session: Session,
        user_id: str,
        *,
        remember: bool = False,
        user_agent: str = "",
        address: str = "",
    ) -> None:
        """Make the session this user's, under a new id; the old id is dead (fixation).

        A visitor's data stay; what another user left in the session is dropped.

        Args:
            session: what `load` gave.
            user_id: who proved who they are.
            remember: live by the `remembered` times, and outlive the browser.
            user_agent: to tell sessions apart in a list.
            address: likewise, where the login came from.
        """
        now, secret = self._clock(), new_secret()
        record = replace(
            self._new_record(secret, now, remember=remember),
            user_id=user_id,
            authenticated_at=now,
            user_agent=readable(user_agent[:200]),
            address=readable(address),
        )
        await self._replace(session, record, now)
        session._become(record, secret)
        event = LoggedIn(
            user_id=user_id, session=record.handle, address=address, remembered=remember
        )
        notify(self._observe, event)

    async def _replace(self, session: Session, record: SessionRecord, now: float) -> None:
        """Put `record` where the session was, atomically, or beside it when it is gone."""
        keep_data = session.user_id in {None, record.user_id}
        old = session.record
        if not keep_data:
            session._forget()
        if old is not None and await self._store.renew(
            old.handle, record, now, keep_data=keep_data
        ):
            return
        await self._store.insert(record, session._stored, now)

    async def reauthenticated(self, session: Session) -> None:
        """Note that the user has just proved who they are once more (step-up); rotates the id.

        Raises:
            Unauthorized: nobody is logged in, or the session was revoked meanwhile.
        """
        record = await self._rotate(session, authenticated_at=self._clock())
        assert record.user_id is not None  # noqa: S101 - _rotate refuses visitors
        notify(self._observe, Reauthenticated(user_id=record.user_id, session=record.handle))

    async def rotate(self, session: Session) -> None:
        """Give the session a new id, as after any change of privilege; the old id is dead.

        Raises:
            Unauthorized: nobody is logged in, or the session was revoked meanwhile.
        """
        await self._rotate(session, authenticated_at=None)

    async def _rotate(self, session: Session, authenticated_at: float | None) -> SessionRecord:
        record = session.record
        if record is None or record.user_id is None:
            raise Unauthorized("nobody is logged in, so there is no id to rotate")
        secret, now = new_secret(), self._clock()
        record = replace(
            record,
            key=store_key(secret),
            authenticated_at=(
                record.authenticated_at if authenticated_at is None else authenticated_at
            ),
            last_seen_at=now,
            expires_at=self._deadline(record, now),
        )
        # The handle stays, so what a parallel request of this session commits is not lost.
        if not await self._store.renew(record.handle, record, now):
            session._forget()
            raise Unauthorized("the session was revoked meanwhile")
        session._become(record, secret)
        return record

    async def logout(self, session: Session) -> None:
        """End the session in the store, drop its data, and have the browser forget the cookie."""
        record = session.record
        session._forget()
        session._ended = True
        if record is None:
            return
        await self._store.delete(record.handle)
        if record.user_id is not None:
            notify(self._observe, LoggedOut(user_id=record.user_id, session=record.handle))

    async def commit(self, session: Session) -> list[str]:
        """Write what changed, if anything did.

        Returns:
            The `Set-Cookie` values to send, usually none.
        """
        changes, now = session.changes, self._clock()
        record = session.record
        if record is None:
            if changes:
                await self._begin(session, changes, now)
        elif changes or now - record.last_seen_at >= _TOUCH_EVERY:
            # False: revoked while this request ran, and so it stays.
            await self._store.merge(record.handle, changes, now, self._deadline(record, now))
        session._saved(changes)
        return self._set_cookies(session)

    async def _begin(self, session: Session, changes: dict[str, str | None], now: float) -> None:
        """Keep a visitor's first data."""
        secret = new_secret()
        record = self._new_record(secret, now)
        data = {name: text for name, text in changes.items() if text is not None}
        await self._store.insert(record, data, now)
        session._become(record, secret)

    def _new_record(self, secret: str, now: float, *, remember: bool = False) -> SessionRecord:
        return SessionRecord(
            handle=new_handle(),
            key=store_key(secret),
            user_id=None,
            created_at=now,
            authenticated_at=None,
            last_seen_at=now,
            expires_at=now + self._timeouts[remember].idle,
            remember=remember,
        )

    def _set_cookies(self, session: Session) -> list[str]:
        if session._cookie is not None and session.record is not None:
            secret, session._cookie = session._cookie, None
            left = self._last_moment(session.record) - self._clock()
            return [
                self.cookie.settings.set(
                    secret, max_age=int(left) if session.record.remember else None
                )
            ]
        if session._ended:
            session._ended = False
            return [self.cookie.settings.clear()]
        return []

    async def active(self, user_id: str) -> list[SessionRecord]:
        """List the user's living sessions, the last used first."""
        now = self._clock()
        records = await self._store.owned(user_id, now)
        return [record for record in records if now < self._deadline(record)]

    async def revoke(self, user_id: str, handle: str) -> bool:
        """End one session of this user; False when they have none of that handle."""
        if handle not in {record.handle for record in await self.active(user_id)}:
            return False
        gone = await self._store.delete(handle)
        self._revoked(user_id, int(gone), handle)
        return gone

    async def revoke_others(self, session: Session) -> int:
        """End all other sessions of the session's user; tell how many there were.

        Raises:
            Unauthorized: nobody is logged in.
        """
        record = session.record
        if record is None or record.user_id is None:
            raise Unauthorized("nobody is logged in, so there are no other sessions")
        count = await self._store.delete_owned(record.user_id, keep=record.handle)
        self._revoked(record.user_id, count, "others")
        return count

    async def revoke_all(self, user_id: str) -> int:
        """End all sessions of this user, as after a password reset; tell how many there were."""
        count = await self._store.delete_owned(user_id)
        self._revoked(user_id, count, "all")
        return count

    def _secret(self, request: Request) -> str | None:
        values = cookie_values(request.headers.get("cookie"), self.cookie.name)
        if len(values) > 1:
            # One of them was planted, and it cannot be told which.
            self._refuse("the session cookie came more than once")
            return None
        return values[0] if values and looks_like_secret(values[0]) else None

    def _deadline(self, record: SessionRecord, seen: float | None = None) -> float:
        """When the session is over, by today's settings."""
        limits = self._timeouts[record.remember]
        seen_at = record.last_seen_at if seen is None else seen
        return min(seen_at + limits.idle, self._last_moment(record))

    def _last_moment(self, record: SessionRecord) -> float:
        return record.created_at + self._timeouts[record.remember].absolute

    def _refuse(self, reason: str, record: SessionRecord | None = None) -> None:
        event = SessionRefused(
            reason=reason,
            user_id=record.user_id if record else None,
            session=record.handle if record else None,
        )
        notify(self._observe, event)

    def _revoked(self, user_id: str, count: int, which: str) -> None:
        notify(self._observe, SessionsRevoked(user_id=user_id, count=count, which=which))
