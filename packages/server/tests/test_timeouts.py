"""Three clocks on one timer, in virtual time."""

from __future__ import annotations

import asyncio

from drystone_server._timeouts import HANDLER, READ, WRITE, Timeouts
from drystone_server.testing import VirtualLoop


def make(fired: list[tuple[int, float]]) -> tuple[Timeouts, VirtualLoop]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return Timeouts(loop, lambda clock: fired.append((clock, round(loop.time(), 3)))), loop


async def test_each_clock_runs_out_in_its_time() -> None:
    fired: list[tuple[int, float]] = []
    timeouts, loop = make(fired)
    timeouts.reset_timeout(READ, 10)
    timeouts.reset_timeout(WRITE, 5)
    timeouts.reset_timeout(HANDLER, 20)
    assert len(loop.timers()) == 1
    await asyncio.sleep(30)
    assert fired == [(WRITE, 5), (READ, 10), (HANDLER, 20)]
    assert loop.timers() == []


async def test_resetting_later_moves_no_timer() -> None:
    fired: list[tuple[int, float]] = []
    timeouts, loop = make(fired)
    timeouts.reset_timeout(READ, 10)
    (timer,) = loop.timers()
    for _ in range(9):
        await asyncio.sleep(1)
        timeouts.reset_timeout(READ, 10)
        assert timer in loop.timers()
    await asyncio.sleep(20)
    assert fired == [(READ, 19)]


async def test_cancelling_and_none() -> None:
    fired: list[tuple[int, float]] = []
    timeouts, loop = make(fired)
    timeouts.reset_timeout(READ, 10)
    timeouts.reset_timeout(WRITE, 10)
    timeouts.cancel_timeout(READ)
    timeouts.reset_timeout(WRITE, None)
    await asyncio.sleep(20)
    assert fired == []
    assert loop.timers() == []


async def test_closing_drops_the_timer() -> None:
    fired: list[tuple[int, float]] = []
    timeouts, loop = make(fired)
    timeouts.close()
    timeouts.reset_timeout(READ, 10)
    timeouts.close()
    assert loop.timers() == []
    timeouts.close_on_timeout(READ)
    assert fired == []


async def test_a_clock_may_be_set_again_when_it_runs_out() -> None:
    fired: list[float] = []
    loop = asyncio.get_running_loop()

    def again(clock: int) -> None:
        fired.append(loop.time())
        if len(fired) < 3:
            timeouts.reset_timeout(clock, 2)

    timeouts = Timeouts(loop, again)
    timeouts.reset_timeout(READ, 2)
    timeouts.reset_timeout(WRITE, None)
    await asyncio.sleep(100)
    assert fired == [2, 4, 6]
