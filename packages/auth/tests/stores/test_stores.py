"""Each store keeps the same contracts."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from drystone_auth import MemoryStore, RedisStore, SQLiteStore
from drystone_auth.testing import (
    check_access_token_store,
    check_attempt_store,
    check_one_time_token_store,
    check_session_store,
)
from fakeredis import FakeAsyncRedis

AnyStore = MemoryStore | SQLiteStore | RedisStore
Make = Callable[[], AnyStore]
S = TypeVar("S")


@pytest.fixture(params=["memory", "sqlite-memory", "sqlite-file", "redis", "redis-decoding"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    paths = (tmp_path / f"{number}.db" for number in range(100))
    kinds: dict[str, Make] = {
        "memory": MemoryStore,
        "sqlite-memory": lambda: SQLiteStore(":memory:"),
        "sqlite-file": lambda: SQLiteStore(next(paths)),
        # A stand-in that runs our Lua; integration_tests has the same against a real server.
        "redis": lambda: RedisStore(FakeAsyncRedis()),
        "redis-decoding": lambda: RedisStore(FakeAsyncRedis(decode_responses=True)),
    }
    return kinds[request.param]


def part(make: Make, pick: Callable[[AnyStore], S]) -> Callable[[], AbstractAsyncContextManager[S]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[S]:
        async with make() as store:
            yield pick(store)

    return opened


async def test_sessions(make: Make) -> None:
    await check_session_store(part(make, lambda store: store.sessions))


async def test_attempts(make: Make) -> None:
    await check_attempt_store(part(make, lambda store: store.attempts))


async def test_access_tokens(make: Make) -> None:
    await check_access_token_store(part(make, lambda store: store.access_tokens))


async def test_one_time_tokens(make: Make) -> None:
    await check_one_time_token_store(part(make, lambda store: store.one_time_tokens))
