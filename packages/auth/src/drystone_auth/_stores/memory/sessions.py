"""Sessions in this process's memory."""

from collections.abc import Mapping
from dataclasses import astuple, replace

from drystone_auth._sessions import SessionRecord
from drystone_auth._text import check_text


class MemorySessionStore:
    """A `SessionStore` of dictionaries. No method suspends, so each is atomic."""

    def __init__(self) -> None:
        self._by_handle: dict[str, tuple[SessionRecord, dict[str, str]]] = {}
        self._handles: dict[str, str] = {}  # key -> handle
        self._sweep_at = 1024

    async def insert(self, record: SessionRecord, data: Mapping[str, str], now: float) -> None:
        """Keep a new session; forgets all that are over, each time their number has doubled."""
        check_text(*astuple(record), *data, *data.values())
        if len(self._by_handle) >= self._sweep_at:
            self._sweep(now)
        self._by_handle[record.handle] = (record, dict(data))
        self._handles[record.key] = record.handle

    async def load(self, key: str, now: float) -> tuple[SessionRecord, dict[str, str]] | None:
        """Find the session with this key, with its data."""
        found = self._living(self._handles.get(key, ""), now)
        return None if found is None else (found[0], found[1].copy())

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        """Set and remove single names."""
        check_text(handle, *changes, *changes.values())
        found = self._living(handle, now)
        if found is None:
            return False
        record, data = found
        for name, text in changes.items():
            if text is None:
                data.pop(name, None)
            else:
                data[name] = text
        if expires_at is not None:
            seen = replace(
                record,
                last_seen_at=max(now, record.last_seen_at),
                expires_at=max(expires_at, record.expires_at),
            )
            self._by_handle[handle] = (seen, data)
        return True

    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        """Make the session become `record`; the old key is dead."""
        check_text(handle, *astuple(record))
        found = self._living(handle, now)
        if found is None:
            return False
        self._forget(handle)
        await self.insert(record, found[1] if keep_data else {}, now)
        return True

    async def delete(self, handle: str) -> bool:
        """Forget one session."""
        check_text(handle)
        return self._forget(handle)

    async def owned(self, user_id: str, now: float) -> list[SessionRecord]:
        """List a user's sessions; looks at every session, as a list page is rare."""
        check_text(user_id)
        records = [
            record
            for record, _ in self._by_handle.values()
            if record.user_id == user_id and record.expires_at > now
        ]
        return sorted(records, key=lambda record: record.last_seen_at, reverse=True)

    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        """Forget all of a user's sessions but one."""
        check_text(user_id, keep)
        handles = [
            handle
            for handle, (record, _) in self._by_handle.items()
            if record.user_id == user_id and handle != keep
        ]
        return sum(self._forget(handle) for handle in handles)

    def _living(self, handle: str, now: float) -> tuple[SessionRecord, dict[str, str]] | None:
        found = self._by_handle.get(handle)
        return found if found is not None and found[0].expires_at > now else None

    def _forget(self, handle: str) -> bool:
        found = self._by_handle.pop(handle, None)
        if found is None:
            return False
        self._handles.pop(found[0].key, None)
        return True

    def _sweep(self, now: float) -> None:
        over = [h for h, (record, _) in self._by_handle.items() if record.expires_at <= now]
        for handle in over:
            self._forget(handle)
        self._sweep_at = max(1024, 2 * len(self._by_handle))
