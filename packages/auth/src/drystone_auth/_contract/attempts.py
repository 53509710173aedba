"""The contract of an attempt store, as cases. `drystone_auth.testing` runs them."""

import asyncio

from drystone_auth._login import AttemptStore

from .expect import expect_same

NOW = 1_000.0
DELAYS = [0.0, 0.0, 1.0, 2.0, 4.0]


async def waits_grow_and_stop_growing(store: AttemptStore) -> None:
    """Each delay in turn; the last one from there on; a refused attempt is not counted."""
    now = NOW
    for delay in [*DELAYS, 4.0, 4.0]:
        expect_same(await store.acquire("k", DELAYS, 100, now), 0.0, "it may go ahead")
        if delay:
            expect_same(await store.acquire("k", DELAYS, 100, now), delay, "then it waits")
            half = await store.acquire("k", DELAYS, 100, now + delay / 2)
            expect_same(half, delay / 2, "and waits less as time goes by")
        now += delay


async def keys_are_apart(store: AttemptStore) -> None:
    """One key's failures are not another's."""
    for _ in range(3):
        await store.acquire("k", DELAYS, 100, NOW)
    expect_same(await store.acquire("other", DELAYS, 100, NOW), 0.0, "another key is free")


async def many_at_once_get_no_further(store: AttemptStore) -> None:
    """Forty attempts at the same moment: as many pass as one after the other would."""
    waits = await asyncio.gather(*(store.acquire("k", DELAYS, 100, NOW) for _ in range(40)))
    expect_same(waits.count(0.0), 3, "how many of forty pass")


async def clear_forgets(store: AttemptStore) -> None:
    """After a success all is as at first."""
    for _ in range(3):
        await store.acquire("k", DELAYS, 100, NOW)
    await store.clear("k")
    await store.clear("unknown")
    for _ in range(3):
        expect_same(await store.acquire("k", DELAYS, 100, NOW), 0.0, "free again")


async def release_takes_one_back(store: AttemptStore) -> None:
    """With the wait that it caused, and not below nothing."""
    for _ in range(3):
        await store.acquire("k", DELAYS, 100, NOW)
    await store.release("k")
    expect_same(await store.acquire("k", DELAYS, 100, NOW), 0.0, "no wait after release")
    expect_same(await store.acquire("k", DELAYS, 100, NOW), 1.0, "the others still count")
    for _ in range(5):
        await store.release("k")
    await store.release("unknown")
    for _ in range(3):
        expect_same(await store.acquire("k", DELAYS, 100, NOW), 0.0, "not below nothing")


async def it_is_forgotten_in_time(store: AttemptStore) -> None:
    """`forget_after` seconds after the last attempt; never before its wait is over."""
    for _ in range(3):
        await store.acquire("k", DELAYS, 100, NOW)
    later = NOW + 100
    for _ in range(3):
        expect_same(await store.acquire("k", DELAYS, 100, later), 0.0, "forgotten")
    await store.acquire("slow", [50.0], 1, NOW)
    expect_same(await store.acquire("slow", [50.0], 1, NOW + 10), 40.0, "a wait outlives it")


async def a_clock_that_went_back_locks_nobody_out(store: AttemptStore) -> None:
    """An hour back, or another machine's clock: at most the delay is waited for, from then on."""
    await store.acquire("free", DELAYS, 100, NOW)
    expect_same(await store.acquire("free", DELAYS, 100, NOW - 3600), 0.0, "no delay, no wait")
    for _ in range(3):
        await store.acquire("k", DELAYS, 100, NOW)
    back = NOW - 3600
    expect_same(await store.acquire("k", DELAYS, 100, back), 1.0, "the delay and no more")
    expect_same(await store.acquire("k", DELAYS, 100, back + 0.5), 0.5, "which goes by")
    expect_same(await store.acquire("k", DELAYS, 100, back + 1), 0.0, "and is over")
    expect_same(await store.acquire("k", DELAYS, 100, back + 1), 2.0, "the count stays")


ATTEMPT_CASES = (
    waits_grow_and_stop_growing,
    keys_are_apart,
    many_at_once_get_no_further,
    clear_forgets,
    release_takes_one_back,
    it_is_forgotten_in_time,
    a_clock_that_went_back_locks_nobody_out,
)
