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

from typing import Generic

from drystone_router._arrangement import ANY, Arrangement
from drystone_router._index import Entry
from drystone_router._methods import answered
from drystone_router._path import PathError, read_path
from drystone_router._route import Match, Route, T


class Table(Generic[T]):
    """The routes of one host (or of those without one), ready to be matched."""

    __slots__ = (
        "_encoded",
        "_probes_of",
        "_probes_of_others",
        "_rests_of",
        "_rests_of_others",
        "_static",
        "methods",
    )

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
        first, self._probes_of_others = arrangement.probes()
        self._probes_of = first.get
        rests, self._rests_of_others = arrangement.rest_probes()
        self._rests_of = rests.get

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
        if segments[0] or "%" in path or ("." in path and "/." in path):
            try:
                segments = ["", *read_path(path, encoded=self._encoded).segments]
            except PathError:
                return False
            route, near = self._find_static(method, segments)
            if route is not None:
                return Match(route.value, {}, route)
        count = len(segments)
        try:
            probes = self._probes_of(segments[1], self._probes_of_others)[count]
        except IndexError:  # more segments than any pattern has; or the empty path
            probes = ()
        for key, leaves in probes:
            leaf = leaves.get(key(segments))
            if leaf is not None:
                near = True
                build = leaf.get(method) or leaf.get(ANY)
                if build is not None:
                    found = build(segments)
                    if found is not None:
                        return found
        if path and (rests := self._rests_of(segments[1], self._rests_of_others)):
            for start, key, leaves in rests:
                leaf = leaves.get(key(segments)) if start < count else None
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
