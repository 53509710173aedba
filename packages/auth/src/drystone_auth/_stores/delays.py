"""The wait after so many attempts, as `AttemptStore.acquire` has it."""

from collections.abc import Sequence


def delay_after(attempts: int, delays: Sequence[float]) -> float:
    """Return the seconds to wait after the attempt with this number, counted from 1."""
    return delays[min(attempts, len(delays)) - 1]
