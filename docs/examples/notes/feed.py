"""Who is looking at a list of notes hears when it changes.

In memory, for one process: several workers would tell each other through a database or a broker.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncGenerator


class Feed:
    """The changes of every user's notes, as a revision that is another one after each change."""

    def __init__(self) -> None:
        self._start = secrets.token_hex(4)  # no revision of an earlier run of the service is ours
        self._counts: defaultdict[int, int] = defaultdict(int)
        self._waiting: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self._closed = False

    def revision(self, owner: int) -> str:
        """The present revision of this user's notes."""
        return f"{self._start}-{owner}-{self._counts.get(owner, 0)}"

    def changed(self, owner: int) -> None:
        """Tell whoever follows this user's notes."""
        self._counts[owner] += 1
        for event in self._waiting.get(owner, ()):
            event.set()

    async def follow(self, owner: int) -> AsyncGenerator[str, None]:
        """The present revision, and each one that comes; several changes at once may be one."""
        event = asyncio.Event()
        self._waiting[owner].add(event)
        try:
            while not self._closed:
                yield self.revision(owner)
                await event.wait()
                event.clear()
        finally:
            self._waiting[owner].discard(event)
            if not self._waiting[owner]:
                del self._waiting[owner]

    def close(self) -> None:
        """End every iteration of :meth:`follow`."""
        self._closed = True
        for events in self._waiting.values():
            for event in events:
                event.set()
