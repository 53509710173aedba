"""A read-only multi-dict: names to one or more values, in the order they came.

>>> query = MultiDict([("tag", "a"), ("page", "2"), ("tag", "b")])
>>> query["tag"], query.get_all("tag"), query.get("sort", "name")
('a', ['a', 'b'], 'name')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote_plus

V = TypeVar("V")


class MultiDict(Mapping[str, V], Generic[V]):
    """Values by name, several for one name allowed; ``[name]`` and ``get`` give the first.

    Args:
        pairs: names and values, in order.
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, V]] = ()) -> None:
        values: dict[str, list[V]] = {}
        for name, value in pairs:
            if name in values:
                values[name].append(value)
            else:
                values[name] = [value]
        self._values = values

    def __getitem__(self, name: str) -> V:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def find(self, name: str) -> list[V] | None:
        """The values of the name as they are kept, not to be changed; None where there is none."""
        return self._values.get(name)

    def get_all(self, name: str) -> list[V]:
        """Every value of the name, in order; an empty list where there is none."""
        return list(self._values.get(name, ()))

    def pairs(self) -> Iterator[tuple[str, V]]:
        """Every (name, value), grouped by name."""
        for name, values in self._values.items():
            for value in values:
                yield name, value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.pairs())!r})"


class QueryParams(MultiDict[str]):
    """The parameters of a query string or of a urlencoded form."""

    __slots__ = ()

    @classmethod
    def parse(cls, query_string: str) -> QueryParams:
        """Split a query string.

        Args:
            query_string: what follows ``?``, percent-encoded. ``+`` is a space; a name without
                ``=`` has the empty value; bytes that are not UTF-8 become U+FFFD.
        """
        values: dict[str, list[str]] = {}
        encoded = "%" in query_string or "+" in query_string
        for piece in query_string.split("&"):
            if piece:
                name, _, value = piece.partition("=")
                if encoded:
                    name, value = unquote_plus(name), unquote_plus(value)
                if name in values:
                    values[name].append(value)
                else:
                    values[name] = [value]
        parsed = cls.__new__(cls)
        parsed._values = values
        return parsed
