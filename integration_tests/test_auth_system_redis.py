"""The Redis store against a real server, which each run starts in a folder of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from drystone_auth import RedisStore, Sessions, StoreUnavailable
from drystone_auth.testing import (
    FakeRequest,
    check_access_token_store,
    check_attempt_store,
    check_one_time_token_store,
    check_session_store,
)

pytestmark = pytest.mark.system

S = TypeVar("S")
Open = Callable[[], RedisStore]


@asynccontextmanager
async def redis_server(folder: Path) -> AsyncIterator[Path]:
    """Run redis-server on a socket in the folder; give the socket's path."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.fail("needs redis-server: run integration_tests/install-debian-packages.sh")
    path = folder / "redis.sock"
    arguments = ["--port", "0", "--unixsocket", str(path), "--dir", str(folder), "--save", ""]
    process = await asyncio.create_subprocess_exec(
        program, *arguments, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(10):
            while not path.exists():
                await asyncio.sleep(0.01)
        yield path
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@pytest.fixture
async def open_store(tmp_path: Path) -> AsyncIterator[Open]:
    numbers = iter(range(1000))
    async with redis_server(tmp_path) as path:
        yield lambda: RedisStore.from_url(f"unix://{path}", prefix=f"test{next(numbers)}:")


def part(
    open_store: Open, pick: Callable[[RedisStore], S]
) -> Callable[[], AbstractAsyncContextManager[S]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[S]:
        async with open_store() as store:
            yield pick(store)

    return opened


async def test_sessions(open_store: Open) -> None:
    await check_session_store(part(open_store, lambda store: store.sessions))


async def test_attempts(open_store: Open) -> None:
    await check_attempt_store(part(open_store, lambda store: store.attempts))


async def test_access_tokens(open_store: Open) -> None:
    await check_access_token_store(part(open_store, lambda store: store.access_tokens))


async def test_one_time_tokens(open_store: Open) -> None:
    await check_one_time_token_store(part(open_store, lambda store: store.one_time_tokens))


async def test_two_machines_share_a_session(tmp_path: Path) -> None:
    async with redis_server(tmp_path) as path:
        url = f"unix://{path}"
        async with RedisStore.from_url(url) as here, RedisStore.from_url(url) as there:
            sessions = Sessions(here.sessions)
            session = await sessions.load(FakeRequest())
            await sessions.login(session, "ann")
            (cookie,) = await sessions.commit(session)

            request = FakeRequest(cookie=cookie.partition(";")[0])
            assert (await Sessions(there.sessions).load(request)).user_id == "ann"
            await Sessions(there.sessions).revoke_all("ann")
            assert (await sessions.load(request)).user_id is None


async def test_a_server_that_is_gone_fails_closed(tmp_path: Path) -> None:
    async with redis_server(tmp_path) as path:
        store = RedisStore.from_url(f"unix://{path}")
        sessions = Sessions(store.sessions)
        session = await sessions.load(FakeRequest())
        await sessions.login(session, "ann")
        (cookie,) = await sessions.commit(session)

    with pytest.raises(StoreUnavailable, match="unavailable") as caught:
        await sessions.load(FakeRequest(cookie=cookie.partition(";")[0]))

    assert caught.value.status == 503
    assert caught.value.reason.startswith("Redis store: ConnectionError")
    await store.close()
