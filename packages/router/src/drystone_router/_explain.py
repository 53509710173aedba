"""Why a path matched or not, told step by step.

Told by reading every pattern one after the other, as the definition in Pattern.read has it, and
not by the compiled table: so it is slow, and an independent witness of what the table found.
"""

from dataclasses import dataclass
from typing import Generic

from drystone_router._errors import RoutingError
from drystone_router._hosts import labels_of
from drystone_router._methods import label, rank
from drystone_router._path import Path, PathError, read_path
from drystone_router._pattern import MismatchError
from drystone_router._route import Match, Route, T

# How many of the patterns that do not match are worth showing.
NEAREST = 5


@dataclass(frozen=True)
class Explanation(Generic[T]):
    """The outcome, a match or an error, and the steps that lead to it; as text, one step a line."""

    match: Match[T] | None
    error: RoutingError | None
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.steps)


@dataclass(frozen=True)
class _Look:
    """One look at one pattern: how many segments fit, and what came of it."""

    fitting: int
    fits: bool
    text: str


def explain(
    routes: tuple[Route[T], ...],
    request: tuple[str, str, str | None],
    outcome: Match[T] | RoutingError,
    *,
    encoded: bool,
) -> Explanation[T]:
    """The steps for a request, a (method, path, host), whose outcome is known."""
    method, raw, host = request
    chosen = outcome if isinstance(outcome, Match) else None
    error = None if isinstance(outcome, Match) else outcome
    steps = [f"{method} {raw}" + (f" at host {host}" if host is not None else "")]
    try:
        path = read_path(raw, encoded=encoded)
    except PathError as reason:
        steps += [f"the path is refused: {reason}", f"so: {outcome}"]
        return Explanation(chosen, error, tuple(steps))
    steps.append(f"the path has the segments {path.segments}")
    looks = [
        look
        for route in routes
        for look in _looks(route, method, path, host, chosen.route if chosen else None)
    ]
    steps += [look.text for look in looks if look.fits]
    others = sorted((look for look in looks if not look.fits), key=lambda look: -look.fitting)
    steps += [look.text for look in others[:NEAREST]]
    if others[NEAREST:]:
        steps.append(f"{len(others) - NEAREST} more patterns fit no better")
    steps.append(f"so: {_conclusion(outcome)}")
    return Explanation(chosen, error, tuple(steps))


def _looks(
    route: Route[T], method: str, path: Path, host: str | None, chosen: Route[T] | None
) -> list[_Look]:
    if route.host_pattern is not None:
        try:
            route.host_pattern.read(Path(labels_of(host or "")))
        except MismatchError as reason:
            return [_Look(-1, False, f"{route}: not this host: {reason}")]
    looks = []
    for pattern in route.patterns:
        try:
            params = pattern.read(path)
        except MismatchError as reason:
            looks.append(_Look(reason.fitting, False, f"{route}: {reason}"))
            continue
        found = f"matches the path with {params}" if params else "matches the path"
        if route is chosen:
            verdict = "and is the most specific that answers the method"
        elif rank(route.methods, method) is None:
            verdict = f"but answers only {label(route.methods)}"
        else:
            verdict = "but another is more specific"
        looks.append(_Look(len(path.segments), True, f"{route}: {found}, {verdict}"))
    return looks


def _conclusion(outcome: Match[T] | RoutingError) -> str:
    if isinstance(outcome, Match):
        return f"{outcome.route} ({outcome.route.location}) with {outcome.params}"
    return f"{type(outcome).__name__}: {outcome}"
