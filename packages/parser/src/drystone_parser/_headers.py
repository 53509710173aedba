"""The fields of a message: looked up in any case, listed as they were received.

What a parser found valid is split only when somebody asks for it; a name or two are looked for in
the text itself.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, overload

Pair = tuple[str, str]

# Never shown by repr(): a log line must not hold what lets somebody in.
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})

# Name and value of each line of a valid section that begins at the LF before its first line. The
# white space behind a value is given back one by one; a value of nothing else is the second case.
split_lines = re.compile(r"\n([^:]++):[\t ]*+([^\r]*(?<![\t ])|)").findall

# So many names are looked for in the text before an index of all is made: it costs about as much.
_SEARCHES = 2


def combine(pairs: Iterable[Pair]) -> dict[str, str]:
    """Lower-case names to values; the values of a repeated name joined (RFC 9110 section 5.3)."""
    lookup: dict[str, str] = {}
    for name, value in pairs:
        name = name.lower()
        if name in lookup:
            separator = "; " if name == "cookie" else ", "
            value = lookup[name] + separator + value
        lookup[name] = value
    return lookup


class Lines:
    """Valid field lines that were split already."""

    __slots__ = ("items", "lookup", "raw")

    def __init__(self, items: list[Pair]):
        self.items = items  # name as received, value
        self.lookup = combine(items)
        self.raw = _raw(items)


def _raw(items: list[Pair]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in items]


NO_LINES = Lines([])


class Headers:
    """Header or trailer fields, read-only.

    Names are matched in any case. Values are text in which each character is one received byte
    (latin-1), without the white space around it.

    Args:
        pairs: (name, value) in order. They are taken as they are: what checks them is the parser,
            or on the way out the writers.
    """

    __slots__ = ("_front", "_items", "_lookup", "_raw", "_searches", "_start", "_text")

    _front: Lines  # the first lines, where they were known
    _text: str  # what holds the others; whoever keeps it as a whole shares it
    _start: int  # of the LF before them in there
    _searches: int  # how many names were looked for in them; -1: all are in the index
    _items: list[Pair] | None  # all: name as received, value
    _lookup: dict[str, str]  # all, or what was found so far
    _raw: list[tuple[bytes, bytes]] | None

    def __init__(self, pairs: Iterable[Pair] = ()):
        self._front = NO_LINES
        self._items = list(pairs)
        self._lookup = combine(self._items)
        self._searches = -1
        self._raw = None

    @overload
    def get(self, name: str, default: str) -> str: ...
    @overload
    def get(self, name: str, default: None = None) -> str | None: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a field; of a repeated one all, joined with ``", "`` (Cookie: ``"; "``)."""
        name = name.lower()
        value = self._lookup.get(name)
        if value is None and self._searches >= 0:
            value = self._search(name)
        return default if value is None else value

    def _search(self, name: str) -> str | None:
        """The value of a field that is not in the index, as long as that is not one of all."""
        if self._searches == _SEARCHES or self._items is not None or ":" in name:
            return self._index().get(name)
        self._searches += 1
        text, front = self._text[self._start :], self._front.lookup
        lower = text.lower()
        key = f"\n{name}:"
        start = lower.find(key)
        if start < 0:
            return front.get(name)
        end = start + len(key)
        if name in front or lower.find(key, end) >= 0:
            return self._index().get(name)
        value = text[end : text.index("\r", end)].strip("\t ")
        self._lookup[name] = value
        return value

    def _index(self) -> dict[str, str]:
        items = self._items or self._all()
        front = self._front
        own = items[len(front.items) :] if front.items else items
        lookup = {name.lower(): value for name, value in own}
        if front.items:
            lookup = front.lookup | lookup
        if len(lookup) != len(items):
            lookup = combine(items)
        self._lookup = lookup
        self._searches = -1  # last: another thread may be looking
        return lookup

    def _all(self) -> list[Pair]:
        items = self._items
        if items is None:
            items, known = split_lines(self._text, self._start), self._front.items
            if known:
                items = known + items
            self._items = items
        return items

    def get_all(self, name: str) -> list[str]:
        """The values of all lines with this name, in order; empty if there is none."""
        name = name.lower()
        return [value for known, value in self._all() if known.lower() == name]

    def items(self) -> list[Pair]:
        """All (name, value) pairs in the order and the case they were received."""
        return self._all().copy()

    @property
    def raw(self) -> list[tuple[bytes, bytes]]:
        """All pairs in order as bytes with lower-case names, the form that ASGI wants.

        A list of the caller's own: middleware changes it, and messages may share their fields.
        """
        if self._raw is None:
            known = self._front
            self._raw = known.raw + _raw(self._all()[len(known.items) :])
        return self._raw.copy()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name.lower())
        return value

    def __iter__(self) -> Iterator[str]:
        """The names as received, one for each line."""
        return iter([name for name, _ in self._all()])

    def __len__(self) -> int:
        """The number of field lines."""
        return len(self._all())

    def _plain(self) -> list[Pair]:
        return [(name.lower(), value) for name, value in self._all()]

    def __eq__(self, other: Any) -> bool:
        return self._plain() == other._plain() if isinstance(other, Headers) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._plain()))

    def __repr__(self) -> str:
        shown = [(n, "..." if n.lower() in _SECRET else v) for n, v in self._all()]
        return f"Headers({shown!r})"


def received(front: Lines, text: str, start: int, lookup: dict[str, str]) -> Headers:
    """Headers of lines that a parser found valid: not split before somebody asks.

    Args:
        front: the first lines.
        text: ends with the others, and at most an empty line behind them.
        start: of the LF before them.
        lookup: the values of some names that are surely not repeated.
    """
    headers = _new(Headers)
    headers._front = front
    headers._text = text
    headers._start = start
    headers._lookup = lookup
    headers._searches = 0
    headers._items = headers._raw = None
    return headers


_new = object.__new__
EMPTY = Headers()
