"""What a router raises: the answers that are no match, and the mistakes of who adds routes.

The answers carry `status`, the HTTP status a server would send, so a framework needs no table.
"""


class RoutingError(Exception):
    """No value answers this method and path. `status` is the HTTP status that says so."""

    status = 404


class NotFound(RoutingError):
    """No pattern matches the path (404).

    Attributes:
        path: the path as it was given to `match`.
        reason: why nothing matched, for a log or a developer.
    """

    status = 404

    @property
    def path(self) -> str:
        path: str = self.args[0]
        return path

    @property
    def reason(self) -> str:
        reason: str = self.args[1]
        return reason

    def __str__(self) -> str:
        return f"no route matches {self.path!r}: {self.reason}"


class MethodNotAllowed(RoutingError):
    """Patterns match the path, but none of them with this method (405, RFC 9110 section 15.5.6).

    Attributes:
        method: the method asked for.
        path: the path as it was given to `match`.
        allowed: the methods that the path does answer, sorted: the value of `Allow`.
    """

    status = 405

    @property
    def method(self) -> str:
        method: str = self.args[0]
        return method

    @property
    def path(self) -> str:
        path: str = self.args[1]
        return path

    @property
    def allowed(self) -> tuple[str, ...]:
        allowed: tuple[str, ...] = self.args[2]
        return allowed

    def __str__(self) -> str:
        return f"{self.path!r} does not answer {self.method}, only {', '.join(self.allowed)}"


class RouteError(ValueError):
    """A route, a prefix or a converter that cannot be added as it is written."""


class RouteConflict(RouteError):
    """A route would answer requests that another route answers, and neither is more specific."""
