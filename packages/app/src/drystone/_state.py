"""A place to keep what belongs to a request or an application, typed where you wish.

>>> USER: Key[str] = Key("user")
>>> state = State()
>>> state[USER] = "ada"      # a type checker knows that this is a str
>>> state.started = 1.5      # or without ceremony
>>> state[USER], state.started
('ada', 1.5)
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
D = TypeVar("D")


class Key(Generic[T]):
    """The typed name of an entry. Two keys of one name are two entries.

    Args:
        name: what messages call it.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Key({self.name!r})"


class State:
    """Attributes of any kind, and entries under typed keys."""

    def __init__(self, **attributes: Any) -> None:
        self._entries: dict[Key[Any], Any] = {}
        self.__dict__.update(attributes)

    def __getitem__(self, key: Key[T]) -> T:
        try:
            value: T = self._entries[key]
        except KeyError:
            raise KeyError(f"Nothing was stored under {key!r}") from None
        return value

    def __setitem__(self, key: Key[T], value: T) -> None:
        self._entries[key] = value

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    @overload
    def get(self, key: Key[T]) -> T | None: ...
    @overload
    def get(self, key: Key[T], default: D) -> T | D: ...
    def get(self, key: Key[Any], default: Any = None) -> Any:
        """The entry, or the default."""
        return self._entries.get(key, default)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"Nothing was stored as state.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value
