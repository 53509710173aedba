"""One child at a time, with children and changes of our own, in virtual time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from drystone_server._supervisor import Supervisor


class FakeChild:
    """Ends itself with a status, or after so many signals."""

    def __init__(self, *, ends_with: int | None = None, signals: int = 1, status: int = 0) -> None:
        self.received: list[tuple[float, int]] = []
        self._needed = signals
        self._status = status
        self._ended = asyncio.Event()
        self.returncode: int | None = None
        self.clock = asyncio.get_running_loop().time
        self.begun = self.clock()
        if ends_with is not None:
            self.end(ends_with)

    def end(self, status: int) -> None:
        self.returncode = status
        self._ended.set()

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        self.received.append((self.clock() - self.begun, number))
        if len(self.received) == self._needed:
            self.end(-SIGKILL if number == SIGKILL else self._status)


class Scene:
    """Children in the order in which they are to be started, and changes to be told."""

    def __init__(self, *children: FakeChild) -> None:
        self._children = list(children)
        self.started: list[FakeChild] = []
        self.changes: asyncio.Queue[set[Path]] = asyncio.Queue()
        self.supervisor = Supervisor(self.start, self.tell(), grace=5.0)
        self.running = asyncio.ensure_future(self.supervisor.run())

    async def start(self) -> FakeChild:
        self.started.append(self._children[len(self.started)])
        return self.started[-1]

    async def tell(self) -> AsyncIterator[set[Path]]:
        while True:
            yield await self.changes.get()

    async def change(self, *names: str) -> None:
        self.changes.put_nowait({Path("/work", name) for name in names})
        await asyncio.sleep(1)

    async def stop(self) -> int:
        await asyncio.sleep(1)
        self.supervisor.stop()
        return await self.running


async def test_each_change_is_one_child_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "drystone_server")
    first, second = FakeChild(), FakeChild()
    scene = Scene(first, second)
    await scene.change("b.py", "a.py")
    assert [number for _, number in first.received] == [SIGTERM]
    assert scene.started == [first, second]
    assert caplog.messages == ["a.py, b.py changed: restarting"]
    assert await scene.stop() == 0
    assert [number for _, number in second.received] == [SIGTERM]


async def test_a_child_that_fails_is_begun_again_at_the_next_change(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene(FakeChild(ends_with=1), FakeChild(status=3))
    await asyncio.sleep(1)
    assert caplog.messages == ["Ended with status 1; the next change restarts it"]
    assert len(scene.started) == 1
    await scene.change("a.py")
    assert len(scene.started) == 2
    assert scene.started[0].received == []
    assert await scene.stop() == 3


async def test_stopping_while_none_runs() -> None:
    scene = Scene(FakeChild(ends_with=1))
    assert await scene.stop() == 1


async def test_a_child_that_does_not_end_is_pressed_and_killed() -> None:
    stubborn = FakeChild(signals=3)
    scene = Scene(stubborn, FakeChild())
    await scene.change("a.py")
    await asyncio.sleep(11)
    assert stubborn.received == [(0, SIGTERM), (5, SIGTERM), (10, SIGKILL)]
    assert len(scene.started) == 2
    assert await scene.stop() == 0


async def test_a_second_signal_is_passed_on_at_once() -> None:
    child = FakeChild(signals=2, status=130)
    scene = Scene(child)
    await asyncio.sleep(1)
    scene.supervisor.stop()
    await asyncio.sleep(1)
    scene.supervisor.stop()
    assert await scene.running == 130
    assert child.received == [(1, SIGTERM), (2, SIGTERM)]


async def test_a_child_that_was_killed_is_told_as_a_shell_does() -> None:
    scene = Scene(FakeChild(signals=3))
    assert await scene.stop() == 137


async def test_stopped_in_the_middle_of_a_restart_it_starts_nothing() -> None:
    slow = FakeChild(signals=2)
    scene = Scene(slow)
    await scene.change("a.py")
    scene.supervisor.stop()
    assert await scene.running == 0
    assert len(scene.started) == 1


async def test_a_change_while_a_child_ends_is_not_missed() -> None:
    slow = FakeChild(signals=2)
    scene = Scene(slow, FakeChild(), FakeChild())
    await scene.change("a.py")
    await scene.change("b.py")
    await asyncio.sleep(5)
    assert len(scene.started) == 3
    await scene.stop()


async def test_a_watcher_that_fails_ends_it_all() -> None:
    class Failing:
        def __aiter__(self) -> AsyncIterator[set[Path]]:
            return self

        async def __anext__(self) -> set[Path]:
            raise OSError("no more watches")

    child = FakeChild()

    async def start() -> FakeChild:
        return child

    with pytest.raises(OSError, match="no more watches"):
        await Supervisor(start, Failing()).run()
    assert child.returncode == 0
