"""Login attempts in this process's memory."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class _Count:
    attempts: int
    wait_until: float
    forget_at: float


class MemoryAttemptStore:
    """An `AttemptStore` of a dictionary. No method suspends, so each is atomic."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}
        self._sweep_at = 1024

    async def acquire(
        self, key: str, delays: Sequence[float], forget_after: float, now: float
    ) -> float:
        """Count an attempt if none is to be waited for."""
        count = self._counts.get(key)
        if count is None or count.forget_at <= now:
            self._sweep(now)
            count = self._counts[key] = _Count(0, now, now)
        if count.attempts:
            delay = delays[min(count.attempts, len(delays)) - 1]
            count.wait_until = min(count.wait_until, now + delay)
        if count.wait_until > now:
            return count.wait_until - now
        count.attempts += 1
        delay = delays[min(count.attempts, len(delays)) - 1]
        count.wait_until = now + delay
        count.forget_at = now + max(delay, forget_after)
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

    def _sweep(self, now: float) -> None:
        """Forget what is over, each time the number has doubled."""
        if len(self._counts) < self._sweep_at:
            return
        for key in [key for key, count in self._counts.items() if count.forget_at <= now]:
            del self._counts[key]
        self._sweep_at = max(1024, 2 * len(self._counts))
