"""Tables by host: which ones to look into for a given host, the more specific host first."""

from collections.abc import Iterator
from typing import Any, Generic

from drystone_router._path import Path
from drystone_router._pattern import MismatchError, Pattern, compare_patterns
from drystone_router._relation import Relation
from drystone_router._route import T
from drystone_router._table import Table


class Hosts(Generic[T]):
    """The tables of the routes that name a host."""

    def __init__(self, tables: list[tuple[Pattern, Table[T]]]) -> None:
        self._fixed: dict[tuple[str, ...], Table[T]] = {}
        self._open: list[tuple[Pattern, Table[T]]] = []
        for pattern, table in tables:
            labels = [segment.static for segment in pattern.segments]
            fixed = tuple(label for label in labels if label is not None)
            if len(fixed) == len(labels):
                self._fixed[fixed] = table
            else:
                self._open.insert(self._place(pattern), (pattern, table))

    def tables(self, host: str) -> Iterator[tuple[Table[T], dict[str, Any]]]:
        """The tables for a host, each with the parameters that the host gives."""
        labels = labels_of(host)
        fixed = self._fixed.get(tuple(labels))
        if fixed is not None:
            yield fixed, {}
        path = Path(labels)
        for pattern, table in self._open:
            try:
                yield table, pattern.read(path)
            except MismatchError:
                continue

    def _place(self, pattern: Pattern) -> int:
        for index, (other, _table) in enumerate(self._open):
            if compare_patterns(pattern, other) is Relation.SUBSET:
                return index
        return len(self._open)


def labels_of(host: str) -> list[str]:
    """The labels of a Host value: `Acme.Example.org:8080` => acme, example, org."""
    if host.startswith("["):
        name = host.partition("]")[0] + "]"
    else:
        name = host.partition(":")[0]
    return name.lower().removesuffix(".").split(".")
