"""Login attempts in this process's memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from drystone_auth._errors import StoreUnavailable
from drystone_auth._stores.delays import delay_after

# Looking through all counts for room takes milliseconds, so a flood may cause it once a second.
_LOOK_EVERY = 1.0


@dataclass(slots=True)
class _Count:
    attempts: int
    wait_until: float
    forget_at: float
    paid_at: float  # when the longest wait for each of its attempts would be over


class MemoryAttemptStore:
    """An `AttemptStore` of a dictionary. No method suspends, so each is atomic.

    When it is full, a count may go early only once the longest wait for each of its attempts
    would be over: whoever waits so long may guess at that rate anyhow, so a flood of names
    resets nobody's count to a guesser's gain. While no count is so old, new keys are refused.

    Args:
        max_counts: so many keys are counted at a time.
    """

    def __init__(self, max_counts: int = 100_000) -> None:
        if max_counts < 1:
            raise ValueError(f"max_counts must be at least 1, not {max_counts}")
        self._counts: dict[str, _Count] = {}
        self._max_counts = max_counts
        self._sweep_at = min(1024, max_counts)
        self._looked_at = float("-inf")

    async def acquire(
        self, key: str, delays: Sequence[float], forget_after: float, now: float
    ) -> float:
        """Count an attempt if none is to be waited for.

        Raises:
            StoreUnavailable: 503, the key is new, and there is no room.
        """
        count = self._counts.get(key)
        if count is None or count.forget_at <= now:
            self._make_room(now)
            count = self._counts[key] = _Count(0, now, now, now)
        if count.attempts:
            delay = delay_after(count.attempts, delays)
            count.wait_until = min(count.wait_until, now + delay)
        if count.wait_until > now:
            return count.wait_until - now
        count.attempts += 1
        delay = delay_after(count.attempts, delays)
        count.wait_until = now + delay
        count.forget_at = now + max(delay, forget_after)
        count.paid_at = min(count.forget_at, now + count.attempts * max(delays))
        return 0.0

    async def release(self, key: str) -> None:
        """Take the latest counted attempt back."""
        count = self._counts.get(key)
        if count is None:
            return
        count.attempts -= 1
        count.wait_until = 0.0
        if count.attempts <= 0:
            del self._counts[key]

    async def clear(self, key: str) -> None:
        """Forget the key."""
        self._counts.pop(key, None)

    def _make_room(self, now: float) -> None:
        """Forget what is over, each time the number has doubled; at the limit, what is paid."""
        if len(self._counts) < self._sweep_at:
            return
        if len(self._counts) < self._max_counts:
            self._forget([key for key, count in self._counts.items() if count.forget_at <= now])
            self._sweep_at = min(max(1024, 2 * len(self._counts)), self._max_counts)
            return
        if abs(now - self._looked_at) >= _LOOK_EVERY:
            self._looked_at = now
            self._forget([key for key, count in self._counts.items() if count.paid_at <= now])
        if len(self._counts) >= self._max_counts:
            raise StoreUnavailable(
                f"MemoryStore(max_counts={self._max_counts}) is full of recent login attempts:"
                " raise max_counts, or use SQLiteStore or RedisStore, which have no limit"
            )

    def _forget(self, keys: list[str]) -> None:
        for key in keys:
            del self._counts[key]
