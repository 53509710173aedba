"""A flood of names fills the memory's counts; it neither grows them for ever nor resets one."""

import itertools

import pytest
from drystone_auth import MemoryStore, StoreUnavailable
from hypothesis import example, given, settings
from hypothesis import strategies as st

DELAYS = [0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 10.0]
LONGEST, DAY = DELAYS[-1], 86400.0
NOW = 1000.0


async def flood(store: MemoryStore, now: float, prefix: str = "flood") -> int:
    """Try new names until no more are counted; tell how many were."""
    for number in itertools.count():
        try:
            await store.attempts.acquire(f"{prefix}-{number}-{now}", DELAYS, DAY, now)
        except StoreUnavailable:
            return number
    raise AssertionError("unreachable")


async def test_there_is_a_limit_and_a_clear_word() -> None:
    store = MemoryStore(max_counts=10)

    assert await flood(store, NOW) == 10
    with pytest.raises(StoreUnavailable) as caught:
        await store.attempts.acquire("new", DELAYS, DAY, NOW)
    assert caught.value.status == 503
    assert "max_counts=10" in caught.value.reason


async def test_a_count_that_is_there_goes_on_while_the_store_is_full() -> None:
    store = MemoryStore(max_counts=10)
    for _ in range(3):
        await store.attempts.acquire("ann", DELAYS, DAY, NOW)
    await flood(store, NOW)

    assert await store.attempts.acquire("ann", DELAYS, DAY, NOW) == 1.0
    assert await store.attempts.acquire("ann", DELAYS, DAY, NOW + 1) == 0.0
    assert await store.attempts.acquire("ann", DELAYS, DAY, NOW + 1) == 2.0
    await store.attempts.clear("ann")
    assert await store.attempts.acquire("bob", DELAYS, DAY, NOW + 1) == 0.0


async def test_a_flood_resets_no_count_before_its_waits_are_paid() -> None:
    """Three failures: forgotten after three times the longest wait, and not a moment earlier."""
    store = MemoryStore(max_counts=10)
    for _ in range(3):
        await store.attempts.acquire("ann", DELAYS, DAY, NOW)
    await flood(store, NOW)

    assert await flood(store, NOW + LONGEST) == 9  # single failures have made room for others
    assert await flood(store, NOW + 3 * LONGEST - 0.001) == 9
    assert await store.attempts.acquire("ann", DELAYS, DAY, NOW + 3 * LONGEST - 0.001) == 0.0
    assert await store.attempts.acquire("ann", DELAYS, DAY, NOW + 3 * LONGEST - 0.001) == 2.0

    await flood(store, NOW + 9 * LONGEST)
    with pytest.raises(StoreUnavailable):  # gone, and a flood took its place
        await store.attempts.acquire("ann", DELAYS, DAY, NOW + 9 * LONGEST)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 4 * LONGEST), max_size=60))
@example([1.5] * 60)
@example([0, 0, LONGEST] * 20)
@example([0, 0, 3 * LONGEST] * 20)
async def test_a_guesser_behind_a_flood_has_no_more_guesses_than_one_who_waits(
    pauses: list[float],
) -> None:
    """However they time them: the free ones, and one for each longest wait."""
    store, now, guesses = MemoryStore(max_counts=5), NOW, 0
    for pause in pauses:
        try:
            guesses += await store.attempts.acquire("ann", DELAYS, DAY, now) == 0.0
        except StoreUnavailable:
            pass  # no guess either
        await flood(store, now)
        now += pause
    free = len(DELAYS) + 2

    assert guesses <= free + (now - NOW) / LONGEST


async def test_room_is_looked_for_once_a_second_so_that_a_flood_costs_little() -> None:
    store = MemoryStore(max_counts=10)
    await flood(store, NOW)
    await flood(store, NOW + LONGEST - 0.5)

    with pytest.raises(StoreUnavailable):
        await store.attempts.acquire("new", DELAYS, DAY, NOW + LONGEST)
    assert await store.attempts.acquire("new", DELAYS, DAY, NOW + LONGEST + 0.5) == 0.0


async def test_a_clock_that_went_back_does_not_keep_it_from_looking() -> None:
    store = MemoryStore(max_counts=10)
    await flood(store, NOW)
    await store.attempts.acquire("new", DELAYS, DAY, NOW + 3600)
    assert await flood(store, NOW) == 9

    assert await flood(store, NOW + LONGEST) == 9


def test_the_limit_is_a_number_of_counts() -> None:
    with pytest.raises(ValueError, match="max_counts must be at least 1, not 0"):
        MemoryStore(max_counts=0)
