"""The compiled table: what `match` looks into. It never changes once it is built.

A path is looked up by what a route has fixed. Routes without parameters are found by the whole
path in one dictionary. The others are put together by arrangement, that is, how many segments they
have and which of these are literal: `/repos/{owner}/{repo}/issues/{number}` has 5 with 1 and 4
literal, and stands under ("issues",) in the dictionary of that arrangement under "repos". So a
lookup costs one dictionary access for each arrangement that its first segment leaves, however many
routes there are.

The arrangements are tried with those first that are literal further to the left. A pattern that is
more specific than another is literal wherever that one is, so it is tried before it.

A path of n segments is split once, each arrangement is tried at most once, and each takes one key
of at most n segments: the time is linear in the length of the path, whatever it contains.
"""

from typing import Final, Generic

from drystone_router._arrangement import ANY, Arrangement, Probes, RestProbes
from drystone_router._index import Entry
from drystone_router._methods import answered
from drystone_router._path import PathError, read_path
from drystone_router._route import Match, Route, T

_NONE: Final[dict[int, tuple[()]]] = {}


class Table(Generic[T]):
    """The routes of one host (or of those without one), ready to be matched."""

    __slots__ = ("_encoded", "_first", "_other", "_rest_first", "_rest_other", "_static", "methods")

    def __init__(self, entries: list[Entry[T]], *, encoded: bool) -> None:
        self._encoded = encoded
        self.methods = sorted({m for e in entries for m in answered(e.route.methods)})
        self._static: dict[str, dict[str, Route[T]]] = {}
        arrangement: Arrangement[T] = Arrangement()
        for entry in entries:
            path = entry.pattern.static
            # The path "/100%" is malformed, so the pattern "/100%" cannot be found by the raw path.
            if path is not None and "%" not in path:
                _add_static(self._static.setdefault(path, {}), entry.route)
            else:
                arrangement.add(entry)
        self._first: dict[str, dict[int, Probes[T]]]
        self._other: dict[int, Probes[T]]
        self._first, self._other = arrangement.probes()
        self._rest_first: dict[str, RestProbes[T]]
        self._rest_other: RestProbes[T]
        self._rest_first, self._rest_other = arrangement.rest_probes()

    def find(self, method: str, path: str) -> Match[T] | bool:
        """The match; True where patterns may match the path with other methods; else False."""
        near = False
        static = self._static.get(path)
        if static is not None:
            route = static.get(method) or static.get(ANY)
            if route is not None:
                return Match(route.value, {}, route)
            near = True
        segments = path.split("/")
        count = len(segments)
        reach = count - 1
        if segments[0] or "%" in path or "//" in path or "/." in path or not reach:
            try:
                segments = ["", *read_path(path, encoded=self._encoded).segments]
            except PathError:
                return False
            route, near = self._find_static(method, segments)
            if route is not None:
                return Match(route.value, {}, route)
            if "" in segments[1:-1]:
                # Only a path parameter takes an empty segment, and only one that begins before it.
                reach, count = segments.index("", 1), 0
            elif not path:
                return near
        first = segments[1]
        for key, leaves in self._first.get(first, _NONE).get(count) or self._other.get(count, ()):
            leaf = leaves.get(key(segments))
            if leaf is not None:
                near = True
                build = leaf.get(method) or leaf.get(ANY)
                if build is not None:
                    found = build(segments)
                    if found is not None:
                        return found
        for start, key, leaves in self._rest_first.get(first, self._rest_other):
            if start <= reach:
                leaf = leaves.get(key(segments))
                if leaf is not None:
                    near = True
                    build = leaf.get(method) or leaf.get(ANY)
                    if build is not None:
                        found = build(segments)
                        if found is not None:
                            return found
        return near

    def _find_static(self, method: str, segments: list[str]) -> tuple[Route[T] | None, bool]:
        """The route without parameters for decoded segments, and whether one is near."""
        path = "/".join(segments)
        if path.count("/") != len(segments) - 1:
            return None, False  # an encoded slash: no literal text holds one
        static = self._static.get(path, {})
        return static.get(method) or static.get(ANY), bool(static)


def _add_static(leaf: dict[str, Route[T]], route: Route[T]) -> None:
    """Enter the route under each method it answers; naming HEAD beats answering it through GET."""
    if route.methods is None:
        leaf[ANY] = route
        return
    for method in route.methods:
        leaf[method] = route
    if "GET" in route.methods:
        head = leaf.get("HEAD")
        if head is None or "HEAD" not in (head.methods or ()):
            leaf["HEAD"] = route
