"""What is the memory stores' own: they forget in time."""

from drystone_auth import MemoryStore, SessionRecord


async def test_sessions_that_are_over_are_forgotten() -> None:
    store = MemoryStore().sessions
    for i in range(5000):
        end = 10.0 if i < 2000 else 1e9
        await store.insert(SessionRecord(f"h{i}", f"k{i}", None, 0.0, None, 0.0, end), {}, float(i))

    assert len(store._by_handle) == len(store._handles) == 3000


async def test_attempts_that_are_over_are_forgotten() -> None:
    store = MemoryStore().attempts
    for i in range(5000):
        await store.acquire(f"k{i}", [0.0], 100.0, float(i))

    assert len(store._counts) < 2000
