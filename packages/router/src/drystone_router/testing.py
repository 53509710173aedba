"""The contract of a router as cases that any implementation can be passed through.

    from drystone_router.testing import check_router

    def test_my_router():
        check_router(MyRouter)

`make()` gives an empty router with `add_route(path, value, methods)` and `match(method, path)`. A
match has `value` and `params`; no match is an exception with `status` 404, or 405 and then
`allowed`. An implementation that cannot do some of it lists the names of those cases with its
reasons.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from drystone_router._cases import CASES, Case, Methods, Request

__all__ = ["CASES", "Case", "MatchLike", "Request", "RouterLike", "check_router"]


class MatchLike(Protocol):
    """What `match` gives."""

    @property
    def value(self) -> Any:
        """The value of the route."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The converted parameters."""


class RouterLike(Protocol):
    """What is checked."""

    def add_route(self, path: str, value: Any, methods: Methods, /) -> object:
        """Add a route; any exception refuses it."""

    def match(self, method: str, path: str, /) -> MatchLike:
        """Look a raw path up; an exception with `status` refuses it."""


def check_router(
    make: Callable[[], RouterLike], *, declined: Mapping[str, str] | None = None
) -> None:
    """Pass a router through every case.

    Args:
        make: gives an empty router.
        declined: the names of cases that this router does not pass, each with the reason.

    Raises:
        AssertionError: a case fails, or one that is declined passes; all of them are named.
    """
    declined = declined or {}
    faults = [f"there is no case {name!r}" for name in declined.keys() - {c.name for c in CASES}]
    for case in CASES:
        fault = _fault(make(), case)
        if case.name in declined:
            if fault is None:
                faults.append(f"{case.name}: declined, but it passes")
        elif fault is not None:
            faults.append(f"{case.name}: {fault}")
    if faults:
        raise AssertionError("\n".join(faults))


def _fault(router: RouterLike, case: Case) -> str | None:
    """What goes wrong first; None where nothing does."""
    for route in case.routes:
        error = _refusal(router, route)
        if error is not None:
            return f"adding {route[0]!r} raised {error!r}"
    for route in case.refused:
        if _refusal(router, route) is None:
            return f"{route[0]!r} was added although {case.why}"
    for request in case.requests:
        found = _asked(router, request)
        if found != request.expected:
            return f"{request.method} {request.path} gave {found!r}, not {request.expected!r}"
    return None


def _refusal(router: RouterLike, route: tuple[str, Any, Methods]) -> Exception | None:
    try:
        router.add_route(*route)
    except Exception as error:
        return error
    return None


def _asked(router: RouterLike, request: Request) -> object:
    """(value, params), or 404, or (405, allowed), or the exception that is none of these."""
    try:
        match = router.match(request.method, request.path)
    except Exception as error:
        status = getattr(error, "status", None)
        if status == 405:
            return 405, tuple(getattr(error, "allowed", ()))
        return status if status == 404 else error
    return match.value, dict(match.params)
