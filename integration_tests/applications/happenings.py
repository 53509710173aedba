"""What an application tells the test that runs it, and what the test tells the application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

LARGE = bytes(range(256)) * (20 * 1024)
"""Five megabytes in which each block shows its order."""


@dataclass
class Happenings:
    """Events between one application and one test, in one event loop.

    Attributes:
        life: what the lifespan did: ``started``, ``stopped``.
        first_piece: the first piece of an upload has come.
        release: the background task may end.
        done: the background task has ended.
        left: the endless stream was told that its client left.
    """

    life: list[str] = field(default_factory=list)
    first_piece: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def finish_in_background(self) -> None:
        """What the applications do after their response."""
        await self.release.wait()
        self.done.set()
