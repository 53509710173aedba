"""A router that maps a method and a path to any value, and knows nothing of HTTP objects."""

from drystone_router._converters import Converter
from drystone_router._errors import (
    AutomaticOptions,
    MethodNotAllowed,
    NotFound,
    Redirect,
    RouteConflict,
    RouteError,
    RoutingError,
    UrlError,
)
from drystone_router._explain import Explanation
from drystone_router._route import Match, Route
from drystone_router._router import Router

__version__ = "0.1.0"

__all__ = [
    "AutomaticOptions",
    "Converter",
    "Explanation",
    "Match",
    "MethodNotAllowed",
    "NotFound",
    "Redirect",
    "Route",
    "RouteConflict",
    "RouteError",
    "Router",
    "RoutingError",
    "UrlError",
]
