"""Any sequence of calls has the same answers from every session store."""

from dataclasses import replace
from typing import Any

import pytest
from drystone_auth import MemoryStore, RedisStore, SessionRecord, SQLiteStore
from fakeredis import FakeAsyncRedis
from hypothesis import given, settings
from hypothesis import strategies as st

HANDLES = st.sampled_from(["h1", "h2"])
USERS = st.sampled_from(["ann", "bob"])
SPANS = st.integers(0, 9).map(float)
DATA = st.dictionaries(st.sampled_from(["a", "b", ""]), st.sampled_from(["1", '"x"']))
CHANGES = st.dictionaries(st.sampled_from(["a", "b", ""]), st.sampled_from(["2", None]))
CALLS = st.one_of(
    st.tuples(st.just("insert"), HANDLES, USERS, DATA, SPANS),
    st.tuples(st.just("load"), HANDLES),
    st.tuples(st.just("merge"), HANDLES, CHANGES, st.none() | SPANS),
    st.tuples(st.just("renew"), HANDLES, HANDLES, USERS, st.booleans()),
    st.tuples(st.just("delete"), HANDLES),
    st.tuples(st.just("owned"), USERS),
    st.tuples(st.just("delete_owned"), USERS, st.none() | HANDLES),
)
# Time only goes on: what is over may be swept at any call.
STEPS = st.lists(st.tuples(st.integers(0, 3), CALLS), max_size=15)


def record(handle: str, user_id: str, number: int, ends: float) -> SessionRecord:
    return SessionRecord(handle, f"{handle}-{number}", user_id, 0.0, 0.0, float(number), ends)


class Driver:
    """Makes calls as the service would: a handle is inserted once, each key is new."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.keys: dict[str, str] = {}
        self.number = 0
        self.now = 0.0

    async def make(self, wait: int, name: str, *arguments: Any) -> Any:
        """Make one call, after a while."""
        self.number += 1
        self.now += wait
        return await getattr(self, name)(*arguments)

    async def insert(self, handle: str, user_id: str, data: Any, span: float) -> None:
        await self.store.delete(handle)
        made = record(handle, user_id, self.number, self.now + span)
        self.keys[handle] = made.key
        await self.store.insert(made, data, self.now)

    async def load(self, handle: str) -> Any:
        return await self.store.load(self.keys.get(handle, "none"), self.now)

    async def merge(self, handle: str, changes: Any, span: float | None) -> Any:
        ends = None if span is None else self.now + span
        merged = bool(await self.store.merge(handle, changes, self.now, ends))
        return merged, await self.load(handle)

    async def renew(self, old: str, new: str, user_id: str, keep_data: bool) -> Any:
        if new != old:
            await self.store.delete(new)
        made = replace(record(new, user_id, self.number, self.now + 5), remember=True)
        done = bool(await self.store.renew(old, made, self.now, keep_data=keep_data))
        if done:
            self.keys[new] = made.key
        return done, await self.load(old), await self.load(new)

    async def delete(self, handle: str) -> Any:
        await self.store.delete(handle)  # whether one that is over counts is left open
        return await self.load(handle)

    async def owned(self, user_id: str) -> list[SessionRecord]:
        found: list[SessionRecord] = await self.store.owned(user_id, self.now)
        seen = [each.last_seen_at for each in found]
        assert seen == sorted(seen, reverse=True)
        return sorted(found, key=lambda each: each.handle)

    async def delete_owned(self, user_id: str, keep: str | None) -> Any:
        await self.store.delete_owned(user_id, keep)
        return [await self.owned(each) for each in ("ann", "bob")]


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
@settings(max_examples=200, deadline=None)
@given(steps=STEPS)
async def test_any_calls_have_the_same_answers(kind: str, steps: list[Any]) -> None:
    other: Any = SQLiteStore(":memory:") if kind == "sqlite" else RedisStore(FakeAsyncRedis())
    async with MemoryStore() as memory, other:
        ours, theirs = Driver(memory.sessions), Driver(other.sessions)
        for wait, call in steps:
            assert await theirs.make(wait, *call) == await ours.make(wait, *call), call
