"""The contracts notice stores that break them: each fault is planted once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from drystone_auth import AccessToken, MemoryStore, OneTimeToken, SessionRecord
from drystone_auth.testing import (
    FakeClock,
    FakeRequest,
    Recorder,
    check_access_token_store,
    check_attempt_store,
    check_one_time_token_store,
    check_session_store,
)

Sessions = type(MemoryStore().sessions)
Attempts = type(MemoryStore().attempts)
Access = type(MemoryStore().access_tokens)
OneTime = type(MemoryStore().one_time_tokens)


class MergesWhole(Sessions):  # type: ignore[valid-type, misc]
    """Writes all data instead of single names."""

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        found = self._living(handle, now)
        if found is None:
            return False
        self._by_handle[handle] = (found[0], {n: t for n, t in changes.items() if t is not None})
        return True


class RevivesTheDead(Sessions):  # type: ignore[valid-type, misc]
    """Takes a merge for a session that is gone."""

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        return bool(await super().merge(handle, changes, now, expires_at)) or True


class GoesBackInTime(Sessions):  # type: ignore[valid-type, misc]
    """Takes whatever time it is told last."""

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        merged = bool(await super().merge(handle, changes, now, expires_at))
        if merged and expires_at is not None:
            record, data = self._by_handle[handle]
            self._by_handle[handle] = (
                replace(record, last_seen_at=now, expires_at=expires_at),
                data,
            )
        return merged


class NeverExpires(Sessions):  # type: ignore[valid-type, misc]
    def _living(self, handle: str, now: float) -> Any:
        return self._by_handle.get(handle)


class KeepsTheOldKey(Sessions):  # type: ignore[valid-type, misc]
    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        found = self._living(handle, now)
        if found is None:
            return False
        await self.insert(record, found[1] if keep_data else {}, now)
        return True


class KeepsTheData(Sessions):  # type: ignore[valid-type, misc]
    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        return bool(await super().renew(handle, record, now))


class HandsOutItsOwn(Sessions):  # type: ignore[valid-type, misc]
    async def load(self, key: str, now: float) -> Any:
        return self._living(self._handles.get(key, ""), now)


class DeletesTheSpared(Sessions):  # type: ignore[valid-type, misc]
    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        return int(await super().delete_owned(user_id))


class ListsInAnyOrder(Sessions):  # type: ignore[valid-type, misc]
    async def owned(self, user_id: str, now: float) -> list[SessionRecord]:
        return list(reversed(await super().owned(user_id, now)))


class TakesAnyText(Sessions):  # type: ignore[valid-type, misc]
    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        if not user_id.isprintable():
            return 0
        return int(await super().delete_owned(user_id, keep))


@pytest.mark.parametrize(
    "store",
    [
        MergesWhole,
        RevivesTheDead,
        GoesBackInTime,
        NeverExpires,
        KeepsTheOldKey,
        KeepsTheData,
        HandsOutItsOwn,
        DeletesTheSpared,
        ListsInAnyOrder,
        TakesAnyText,
    ],
)
async def test_faulty_session_stores_are_found(store: Callable[[], Any]) -> None:
    await expect_broken(check_session_store, store)


async def test_a_session_store_that_forgets_all_is_found() -> None:
    class Forgets(Sessions):  # type: ignore[valid-type, misc]
        async def insert(self, *args: object) -> None: ...

    await expect_broken(check_session_store, Forgets)
    from drystone_auth._contract.sessions import data_of, merge_moves_times_on_never_back

    with pytest.raises(AssertionError, match="is gone"):
        await data_of(Forgets())
    with pytest.raises(AssertionError, match="lives longer"):
        await merge_moves_times_on_never_back(Forgets())


async def expect_broken(check: Callable[[Any], Awaitable[None]], store: Callable[[], Any]) -> None:
    @asynccontextmanager
    async def make() -> AsyncIterator[Any]:
        yield store()

    with pytest.raises(AssertionError, match="broken: "):
        await check(make)


class NeverWaits(Attempts):  # type: ignore[valid-type, misc]
    async def acquire(self, *args: object) -> float:
        return 0.0


class ClearsNothing(Attempts):  # type: ignore[valid-type, misc]
    async def clear(self, key: str) -> None: ...


@pytest.mark.parametrize("store", [NeverWaits, ClearsNothing])
async def test_faulty_attempt_stores_are_found(store: Callable[[], Any]) -> None:
    await expect_broken(check_attempt_store, store)


class FindsTheExpired(Access):  # type: ignore[valid-type, misc]
    async def find(self, key: str, now: float) -> AccessToken | None:
        token: AccessToken | None = self._by_key.get(key)
        return token


class RevokesForAnyone(Access):  # type: ignore[valid-type, misc]
    def _of(self, user_id: str) -> list[AccessToken]:
        return list(self._by_key.values())


@pytest.mark.parametrize("store", [FindsTheExpired, RevokesForAnyone])
async def test_faulty_access_token_stores_are_found(store: Callable[[], Any]) -> None:
    await expect_broken(check_access_token_store, store)


class TakesTwice(OneTime):  # type: ignore[valid-type, misc]
    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        token: OneTimeToken | None = await self.find(key, purpose, now)
        return token


class TakesForAnyPurpose(OneTime):  # type: ignore[valid-type, misc]
    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        token: OneTimeToken | None = self._by_key.pop(key, None)
        return token


@pytest.mark.parametrize("store", [TakesTwice, TakesForAnyPurpose])
async def test_faulty_one_time_token_stores_are_found(store: Callable[[], Any]) -> None:
    await expect_broken(check_one_time_token_store, store)


def test_fakes() -> None:
    clock, recorder = FakeClock(5), Recorder()
    clock.now += 1

    assert clock() == 6
    assert recorder.names == []
    assert FakeRequest("POST", {"a": "1"}, sec_fetch_site="none").headers == {
        "a": "1",
        "sec-fetch-site": "none",
    }


def test_a_fake_requests_fields_are_found_in_any_case() -> None:
    request = FakeRequest("GET", {"X-API-Key": "a"}, sec_fetch_site="none")

    assert request.headers.get("x-api-key") == request.headers.get("X-Api-Key") == "a"
    assert request.headers.get("Sec-Fetch-Site") == "none"
    assert request.headers.get("Cookie") is None
