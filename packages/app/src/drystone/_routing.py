"""The router of an application: ours where none is given, and how routes are entered in it."""

from __future__ import annotations

import sys

from ._interfaces import Router
from ._route import Route


def default_router() -> Router[Route]:
    """A router that answers OPTIONS. Only who has no other imports it."""
    from drystone_router import Router as OurRouter

    router: OurRouter[Route] = OurRouter(answer_options=True)
    return router


def enter(router: Router[Route], route: Route) -> None:
    """Enter a route; the messages of our router name the user's line.

    Raises:
        ValueError: the path is malformed or taken (the router's word).
    """
    from drystone_router import Router as OurRouter

    path, methods, name = route.full_path, route.methods, route.name
    if isinstance(router, OurRouter):
        router.add_route(path, route, methods, name, stacklevel=_depth())
    else:
        router.add_route(path, route, methods, name)


def _depth() -> int:
    """How many frames above its caller the code of the user begins."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals["__name__"].startswith(f"{__package__}."):
        depth, frame = depth + 1, frame.f_back
    return depth
