"""The routes behind a router, and the routers that include them.

A registry knows which registries it was mounted into, so a route added later reaches these too,
and is refused everywhere if it is refused anywhere.
"""

import threading
import weakref
from dataclasses import dataclass, replace
from typing import Any, Generic

from drystone_router._compiled import Compiled, Options
from drystone_router._conflicts import conflict_between, host_conflict
from drystone_router._converters import Converter
from drystone_router._errors import RouteConflict, RouteError
from drystone_router._index import Entry, Index
from drystone_router._pattern import Pattern, compare_patterns, under
from drystone_router._relation import Relation
from drystone_router._route import Route, T

# Adding is rare and may touch several registries; matching never takes it.
_ADDING = threading.RLock()

_EVERY_HOST = Pattern("", ())


@dataclass(frozen=True)
class Mount(Generic[T]):
    """Where a registry's routes appear in another."""

    # Weak, since a router that lives long may be included in many that do not.
    parent: "weakref.ref[Registry[T]]"
    prefix: Pattern
    namespace: str | None
    host: Pattern | None
    metadata: dict[str, Any]

    def place(self, route: Route[T]) -> Route[T]:
        """The route as it stands in the parent."""
        if self.host is not None and route.host_pattern is not None:
            raise RouteError(
                f"{route} ({route.location}) names a host, and so does the router that includes it"
            )
        host = self.host or route.host_pattern
        placed = replace(
            route,
            pattern=self.prefix.text + route.pattern,
            patterns=under(self.prefix, route.patterns),
            name=f"{self.namespace}:{route.name}"
            if self.namespace and route.name is not None
            else route.name,
            host=host.text if host is not None else None,
            host_pattern=host,
            metadata={**self.metadata, **route.metadata},
        )
        check_host_names(placed)
        return placed


def check_host_names(route: Route[T]) -> None:
    """Refuse a parameter that stands both in the host and in the path."""
    if route.host_pattern is not None:
        twice = route.host_pattern.parameters.keys() & route.patterns[0].parameters.keys()
        if twice:
            raise RouteError(
                f"{route}: parameter {min(twice)!r} stands in the host and in the path"
            )


class Registry(Generic[T]):
    """Routes, checked against each other as they are added, and their compiled form."""

    def __init__(self, options: Options, converters: dict[str, Converter[Any]]) -> None:
        self.options = options
        self.converters = converters
        self.routes: list[Route[T]] = []
        self.mounts: list[Mount[T]] = []
        # Kept, since what is added to them comes here, also when nobody else has them any more.
        self.included: list[Registry[T]] = []
        # None after each addition, until somebody matches.
        self.compiled: Compiled[T] | None = None
        self._names: dict[str, list[Route[T]]] = {}
        self._indexes: dict[tuple[object, ...], tuple[Pattern, Index[T]]] = {}

    def add(self, route: Route[T]) -> None:
        """Add a route here and wherever this registry is mounted, or nowhere.

        Raises:
            RouteError, RouteConflict: it cannot stand beside the others.
        """
        self._add_all([(self, route)])

    def mount(self, child: "Registry[T]", mount: Mount[T]) -> None:
        """Add the routes of `child`, those that it has and those that it will have."""
        with _ADDING:
            if self is child or self._reaches(child):
                raise RouteError("a router cannot include itself")
            self._add_all([(self, mount.place(route)) for route in child.routes])
            child.mounts.append(mount)
            self.included.append(child)

    def compile(self) -> Compiled[T]:
        """The compiled form of the routes there are."""
        with _ADDING:
            if self.compiled is None:
                self.compiled = Compiled(self.routes, self.options)
            return self.compiled

    def _reaches(self, child: "Registry[T]") -> bool:
        return any(parent is child or parent._reaches(child) for parent, _ in self._parents())

    def _parents(self) -> "list[tuple[Registry[T], Mount[T]]]":
        """Where this registry is mounted; forgets what is gone."""
        alive = [(parent, m) for m in self.mounts if (parent := m.parent()) is not None]
        self.mounts = [mount for _, mount in alive]
        return alive

    def _add_all(self, additions: "list[tuple[Registry[T], Route[T]]]") -> None:
        with _ADDING:
            done: list[tuple[Registry[T], Route[T]]] = []
            try:
                while additions:
                    registry, route = additions.pop(0)
                    registry._enter(route)
                    done.append((registry, route))
                    additions += [(parent, m.place(route)) for parent, m in registry._parents()]
            except RouteError:
                for registry, route in reversed(done):
                    registry._forget(route)
                raise

    def _enter(self, route: Route[T]) -> None:
        self._check_name(route)
        host = route.host_pattern or _EVERY_HOST
        index = self._index_of(host)
        entries = [Entry(route, pattern) for pattern in route.patterns]
        for entry in entries:
            self._check_conflicts(host, index, entry)
        for entry in entries:
            index.add(entry)
        if route.name is not None:
            self._names.setdefault(route.name, []).append(route)
        self.routes.append(route)
        self.compiled = None

    def _forget(self, route: Route[T]) -> None:
        index = self._index_of(route.host_pattern or _EVERY_HOST)
        for pattern in route.patterns:
            index.remove(Entry(route, pattern))
        if route.name is not None:
            self._names[route.name].remove(route)
        self.routes.remove(route)
        self.compiled = None

    def _index_of(self, host: Pattern) -> Index[T]:
        key = tuple(segment.shape for segment in host.segments)
        return self._indexes.setdefault(key, (host, Index()))[1]

    def _check_name(self, route: Route[T]) -> None:
        """One name may stand for several routes only if `url_for` gives the same for all."""
        for other in self._names.get(route.name or "", ()):
            if (other.pattern, other.host) != (route.pattern, route.host):
                raise RouteError(
                    f"{route} ({route.location}) cannot be named {route.name!r}: "
                    f"{other} ({other.location}) is"
                )

    def _check_conflicts(self, host: Pattern, index: Index[T], new: Entry[T]) -> None:
        for old, relation in index.overlapping(new.pattern):
            message = conflict_between(new, old, relation)
            if message is not None:
                raise RouteConflict(message)
        for other_host, other_index in self._indexes.values():
            if other_index is index or _EVERY_HOST in (host, other_host):
                continue
            if compare_patterns(host, other_host) not in (Relation.CROSSING, Relation.EQUAL):
                continue
            for old, _relation in other_index.overlapping(new.pattern, contained=True):
                message = host_conflict(new, old)
                if message is not None:
                    raise RouteConflict(message)
