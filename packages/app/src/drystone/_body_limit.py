"""How long a body may be at most: what the parser is told, so that it refuses nothing allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._arguments import calls_of
from ._request import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._forms import FormLimits
    from ._group import Group


def largest_body(group: Group, forms: FormLimits) -> int:
    """The bytes of the longest body that a group, or an application mounted in it, allows.

    Args:
        group: an application, usually.
        forms: how much of a form is taken where nothing else is said.
    """
    return max(MAX_BODY, forms.total_size, *_allowed(group))


def _allowed(group: Group) -> Iterator[int]:
    for route in group.all_routes():
        yield route.max_body or 0
        yield from (layer.max_body or 0 for layer in route.lineage)
        for call in calls_of(route.call):
            yield call.form_size
    for mount in group.all_mounts():
        if mount.native is not None:
            mount.native.build()
            yield mount.native.largest_body
