"""What a description of the application says of a route, beyond what its function tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """What the description of a route says beyond its signature, its docstring and its guards.

    Given to a group, it goes for every route inside; what is nearer to the route wins, responses
    are put together.

    Args:
        summary: a line; by default the first paragraph of the docstring, or the function's name.
        description: more than that, in CommonMark; by default the rest of the docstring.
        operation_id: by default the name of the route or of its function.
        tags: what it is listed under; by default the last literal part of the group's prefix.
        responses: by status, the type of a body, None for no body. `HTTPError` stands for
            Problem Details. The status of the route itself may be among them, for a function that
            makes its own `Response`.
        security: names of security schemes of which one is needed; ``()`` says none. None says
            what the guards show.
        deprecated: clients should leave it.
        hidden: it is not described at all.

    Raises:
        TypeError, ValueError: tags or names are one str, or a status is none.
    """

    summary: str = ""
    description: str = ""
    operation_id: str = ""
    tags: Sequence[str] = ()
    responses: Mapping[int, Any] = field(default_factory=dict)
    security: Sequence[str] | None = None
    deprecated: bool = False
    hidden: bool = False

    def __post_init__(self) -> None:
        for name in ("tags", "security"):
            if isinstance(getattr(self, name), str):
                raise TypeError(f"Doc({name}=...) takes several: write [{getattr(self, name)!r}]")
        for status in self.responses:
            if status not in range(100, 600):
                raise ValueError(f"Doc(responses=...) is by status, 100 to 599, not {status!r}")

    def within(self, outer: Doc) -> Doc:
        """This, and behind it what is said of the group around."""
        return Doc(
            summary=self.summary,  # these three are of one route
            description=self.description,
            operation_id=self.operation_id,
            tags=self.tags or outer.tags,
            responses={**outer.responses, **self.responses},
            security=outer.security if self.security is None else self.security,
            deprecated=self.deprecated or outer.deprecated,
            hidden=self.hidden or outer.hidden,
        )


NOTHING = Doc()
HIDDEN = Doc(hidden=True)
