"""`async with` for every kind of store: it is closed at the end."""

from abc import ABC, abstractmethod
from typing import Self


class Closing(ABC):
    """An async context manager of whatever has a `close`."""

    @abstractmethod
    async def close(self) -> None:
        """Release what is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()
