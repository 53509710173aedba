"""What is Redis' own. The contracts run in test_stores.py on a stand-in that runs our Lua, and in
integration_tests/test_auth_system_redis.py on a real server.
"""

import sys

import pytest
from drystone_auth import MissingExtra, RedisStore, SessionRecord, Sessions, StoreUnavailable
from drystone_auth.testing import FakeRequest
from fakeredis import FakeAsyncRedis, FakeServer

RECORD = SessionRecord("h", "k", "ann", 0.0, 0.0, 0.0, 100.0)


async def test_a_server_that_is_gone_fails_closed() -> None:
    server = FakeServer()
    async with RedisStore(FakeAsyncRedis(server=server)) as store:
        sessions = Sessions(store.sessions)
        server.connected = False
        with pytest.raises(StoreUnavailable) as caught:
            await sessions.load(FakeRequest(cookie="__Host-session=" + "A" * 43))

    assert caught.value.status == 503
    assert caught.value.reason.startswith("Redis store: ConnectionError")


async def test_nothing_listens_there() -> None:
    async with RedisStore.from_url("redis://127.0.0.1:1", timeout=1) as store:
        with pytest.raises(StoreUnavailable):
            await store.sessions.owned("ann", 0.0)


async def test_every_key_has_the_prefix_and_an_end() -> None:
    client = FakeAsyncRedis(decode_responses=True)
    store = RedisStore(client, prefix="notes:")
    await store.sessions.insert(RECORD, {"a": "1"}, 0.0)
    await store.attempts.acquire("x", [1.0], 60.0, 0.0)

    keys = await client.keys("*")
    assert sorted(str(key)[:8] for key in keys) == [
        "notes:k:",
        "notes:s:",
        "notes:t:",
        "notes:u:",
    ]
    for key in keys:
        assert 0 < await client.ttl(key) <= 100 + 3600
    await store.close()


async def test_seeing_a_session_puts_off_the_end_of_its_keys() -> None:
    client = FakeAsyncRedis()
    store = RedisStore(client)
    await store.sessions.insert(RECORD, {}, 0.0)
    await store.sessions.merge("h", {}, 50.0, 10_050.0)

    for key in await client.keys("*"):
        assert await client.ttl(key) > 10_000
    await store.close()


async def test_handles_that_the_server_forgot_drop_out_of_the_lists() -> None:
    client = FakeAsyncRedis()
    store = RedisStore(client, prefix="")
    await store.sessions.insert(RECORD, {}, 0.0)
    await client.delete("s:h")

    assert await store.sessions.owned("ann", 0.0) == []
    assert await client.keys("u:*") == []
    assert await store.sessions.delete_owned("ann") == 0
    await store.close()


def test_without_the_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeAsyncRedis()
    for module in ("redis.asyncio", "redis.exceptions"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtra, match=r"drystone-auth\[redis\]"):
        RedisStore.from_url("redis://127.0.0.1")
    with pytest.raises(MissingExtra, match=r"drystone-auth\[redis\]"):
        RedisStore(client)
