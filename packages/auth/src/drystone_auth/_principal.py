"""Who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, a service or a device whose credentials held.

    Attributes:
        id: the application's identifier, stable over renames.
        scopes: what these credentials may be used for.
        roles: what this principal is.
        scheme: how it was recognised: "basic", "bearer", "api-key", "api-key-in-query", "session".
        authenticated_at: when they last proved who they are, seconds since the epoch; None where
            that has no meaning, as for a token.
        attributes: whatever else the application wants at hand; left out of the repr.
    """

    id: str
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    scheme: str = ""
    authenticated_at: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
