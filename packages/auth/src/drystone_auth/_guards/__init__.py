"""Who may: small predicates over a principal, and one for each path.

Each says why it refused, for the log. Except for `anyone`, each refuses a request without a
principal, also when negated.
"""

from .enforce import enforce
from .guard import Denial, Guard
from .routes import RouteGuards
from .rules import anyone, authenticated, fresh, nobody, predicate, roles, scopes

__all__ = [
    "Denial",
    "Guard",
    "RouteGuards",
    "anyone",
    "authenticated",
    "enforce",
    "fresh",
    "nobody",
    "predicate",
    "roles",
    "scopes",
]
