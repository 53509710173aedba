"""How long a body may be at most: what the parser is told, so that it refuses nothing allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._endpoint import calls_of
from ._request import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._app import App


def largest_body(app: App[Any]) -> int:
    """The bytes of the longest body that the application, or one mounted in it, allows."""
    return max(_allowed(app))


def _allowed(app: App[Any]) -> Iterator[int]:
    yield MAX_BODY
    yield app.form_limits.total_size
    for route in app.all_routes():
        yield route.max_body or 0
        yield from (group.max_body or 0 for group in route.lineage)
        for call in calls_of(route.call):
            yield call.form_size
    for mount in app.all_mounts():
        if mount.is_ours:
            yield largest_body(mount.app)
