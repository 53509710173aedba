"""The fields of a message: looked up in any case, listed as they were received."""

from collections.abc import Iterable, Iterator
from typing import Any, overload

Pair = tuple[str, str]

# Never shown by repr(): a log line must not hold what lets somebody in.
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


def combine(pairs: Iterable[Pair]) -> dict[str, str]:
    """Lower-case names to values; the values of a repeated name joined (RFC 9110 section 5.3)."""
    lookup: dict[str, str] = {}
    for name, value in pairs:
        if name in lookup:
            separator = "; " if name == "cookie" else ", "
            value = lookup[name] + separator + value
        lookup[name] = value
    return lookup


class Headers:
    """Header or trailer fields, read-only.

    Names are matched in any case. Values are text in which each character is one received byte
    (latin-1), without the white space around it.

    Args:
        pairs: (name, value) in order. They are taken as they are: what checks them is the parser,
            or on the way out the writers.
    """

    __slots__ = ("_items", "_lines", "_lookup", "_pairs", "_raw")

    _items: list[Pair]  # the first of them: name as received, value
    _lines: list[str]  # the others; each begins with its name as received
    _pairs: list[Pair]  # all of them: lower-case name, value
    _lookup: dict[str, str]
    _raw: list[tuple[bytes, bytes]] | None

    def __init__(self, pairs: Iterable[Pair] = ()):
        received = list(pairs)
        self._items = received
        self._lines = []
        self._pairs = [(name.lower(), value) for name, value in received]
        self._lookup = combine(self._pairs)
        self._raw = None

    @overload
    def get(self, name: str, default: str) -> str: ...
    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a field; of a repeated one all, joined with ``", "`` (Cookie: ``"; "``)."""
        return self._lookup.get(name.lower(), default)

    def get_all(self, name: str) -> list[str]:
        """The values of all lines with this name, in order; empty if there is none."""
        name = name.lower()
        if name not in self._lookup:
            return []
        return [value for known, value in self._pairs if known == name]

    def items(self) -> list[Pair]:
        """All (name, value) pairs in the order and the case they were received."""
        known = self._items
        if not self._lines:
            return known.copy()
        rest = zip(self._lines, self._pairs[len(known) :], strict=True)
        return known + [(line[: len(name)], value) for line, (name, value) in rest]

    @property
    def raw(self) -> list[tuple[bytes, bytes]]:
        """All pairs in order as bytes with lower-case names, the form that ASGI wants.

        A list of the caller's own: middleware changes it, and messages may share their fields.
        """
        if self._raw is None:
            self._raw = [
                (name.encode("ascii"), value.encode("latin-1")) for name, value in self._pairs
            ]
        return self._raw.copy()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._lookup

    def __getitem__(self, name: str) -> str:
        return self._lookup[name.lower()]

    def __iter__(self) -> Iterator[str]:
        """The names as received, one for each line."""
        return iter([name for name, _ in self.items()])

    def __len__(self) -> int:
        """The number of field lines."""
        return len(self._pairs)

    def __eq__(self, other: Any) -> bool:
        return self._pairs == other._pairs if isinstance(other, Headers) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._pairs))

    def __repr__(self) -> str:
        shown = [(n, "..." if n.lower() in _SECRET else v) for n, v in self.items()]
        return f"Headers({shown!r})"


def received(
    items: list[Pair], lines: list[str], pairs: list[Pair], lookup: dict[str, str]
) -> Headers:
    """Headers of what a parser has at hand already: no copy, no second look."""
    headers = _new(Headers)
    headers._items = items
    headers._lines = lines
    headers._pairs = pairs
    headers._lookup = lookup
    headers._raw = None
    return headers


_new = object.__new__
EMPTY = Headers()
