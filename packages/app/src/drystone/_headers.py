"""The header fields of a response: ordered pairs with a case-insensitive way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, overload

HeadersInit: TypeAlias = "Mapping[str, str] | Iterable[tuple[str, str]]"


class ResponseHeaders:
    """Fields in the order in which they will be sent; iterating gives (name, value) pairs.

    ``headers[name] = value`` replaces every field of that name, ``add`` sends one more. Values are
    checked when the response is rendered, so no check is done twice.

    Args:
        fields: a mapping or pairs to begin with.
    """

    __slots__ = ("_pairs",)

    _pairs: list[tuple[str, str]]

    def __init__(self, fields: HeadersInit = ()) -> None:
        # Pairs first: an isinstance against an abstract class is dear, and nearly all are pairs.
        is_pairs = fields.__class__ is tuple or fields.__class__ is list
        self._pairs = list(fields) if is_pairs else _pairs(fields)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def items(self) -> list[tuple[str, str]]:
        """The fields themselves: changing the list changes the response."""
        return self._pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    @overload
    def get(self, name: str, default: str) -> str: ...
    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of the field, or the default."""
        name = name.lower()
        for key, value in self._pairs:
            if key.lower() == name:
                return value
        return default

    def get_all(self, name: str) -> list[str]:
        """Every value of the field, in order."""
        name = name.lower()
        return [value for key, value in self._pairs if key.lower() == name]

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: str) -> None:
        self.remove(name)
        self._pairs.append((name, value))

    def __delitem__(self, name: str) -> None:
        self.remove(name)

    def add(self, name: str, value: str) -> None:
        """Send one more field of that name."""
        self._pairs.append((name, value))

    def setdefault(self, name: str, value: str) -> str:
        """Set the field unless it is there; give what is there now."""
        present = self.get(name)
        if present is None:
            self._pairs.append((name, value))
            return value
        return present

    def remove(self, name: str) -> None:
        """Drop every field of that name; nothing happens where there is none."""
        name = name.lower()
        self._pairs[:] = [pair for pair in self._pairs if pair[0].lower() != name]

    def vary(self, name: str) -> None:
        """Add a request field to ``Vary`` unless it stands there already (RFC 9110, 12.5.5)."""
        present = ", ".join(self.get_all("vary"))
        named = {part.strip().lower() for part in present.split(",")}
        if "*" not in named and name.lower() not in named:
            self["vary"] = f"{present}, {name}" if present else name

    def __repr__(self) -> str:
        return f"ResponseHeaders({self._pairs!r})"


def _pairs(fields: HeadersInit) -> list[tuple[str, str]]:
    return list(fields.items() if isinstance(fields, Mapping) else fields)
