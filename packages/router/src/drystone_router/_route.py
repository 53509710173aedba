"""What is added, a Route, and what is found, a Match."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Generic, TypeVar

from drystone_router._methods import Methods, label
from drystone_router._pattern import Pattern

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Route(Generic[T]):
    """One registration.

    Attributes:
        pattern: the path as written, prefixes of including routers before it.
        value: what a match leads to.
        methods: sorted, or None for any method.
        name: for `url_for`, namespaces of including routers before it.
        host: the host as written, or None for every host.
        metadata: whatever was given along.
        location: file and line where it was added.
    """

    pattern: str
    value: T
    methods: Methods
    name: str | None
    host: str | None
    metadata: Mapping[str, Any]
    location: str
    patterns: tuple[Pattern, ...] = field(repr=False)
    host_pattern: Pattern | None = field(repr=False)

    def __str__(self) -> str:
        return f"{label(self.methods)} {self.host or ''}{self.pattern}"


class Match(Generic[T]):
    """What `Router.match` found. Only a router makes one, so it has no constructor to call.

    Attributes:
        value: the value of the route.
        params: the converted parameters, those of the host first; yours to change.
        route: the route itself.
    """

    # Without __init__, since a call to one written in Python takes half the time of a lookup.
    __slots__ = ("params", "route", "value")

    value: T
    params: dict[str, Any]
    route: Route[T]

    def __repr__(self) -> str:
        return f"<Match {self.route} {self.params}>"

    @property
    def pattern(self) -> str:
        """The pattern as written, such as `/users/{id}`: what logs and metrics should group by."""
        return self.route.pattern

    @property
    def name(self) -> str | None:
        """The name of the route."""
        return self.route.name

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What was given to the route along with its value."""
        return self.route.metadata


def caller(stacklevel: int) -> str:
    """File and line of the code that called into this package, `stacklevel` - 1 frames above it."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    for _ in range(stacklevel - 1):
        frame = frame.f_back if frame is not None else None
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else "unknown"
