"""A router that maps a method and a path to any value, and knows nothing of HTTP objects."""

from drystone_router._errors import (
    MethodNotAllowed,
    NotFound,
    RouteConflict,
    RouteError,
    RoutingError,
)
from drystone_router._router import Match, Route, Router

__version__ = "0.1.0"

__all__ = [
    "Match",
    "MethodNotAllowed",
    "NotFound",
    "Route",
    "RouteConflict",
    "RouteError",
    "Router",
    "RoutingError",
]
