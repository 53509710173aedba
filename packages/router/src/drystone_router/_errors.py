"""What a router raises: the answers that are no match, and the mistakes of who adds routes.

The answers carry `status`, the HTTP status a server would send, so a framework needs no table of
its own. They keep what they were given in `args` and build their texts only when someone reads
them: a miss is part of normal work and has to be cheap.
"""

from drystone_router._path import PathError, read_path


class RoutingError(Exception):
    """No value answers this method and path. `status` is the HTTP status that says so."""

    status = 404


class NotFound(RoutingError):
    """No pattern matches the path (404)."""

    status = 404

    @property
    def path(self) -> str:
        """The path as it was given to `match`."""
        path: str = self.args[0]
        return path

    @property
    def reason(self) -> str:
        """Why nothing matched, for a log or a developer."""
        if len(self.args) > 1:
            return str(self.args[1])
        try:
            segments = read_path(self.path).segments
        except PathError as error:
            return str(error)
        if "" in segments[:-1]:
            return "it has an empty segment ('//')"
        if "?" in self.path:
            return "no pattern fits its segments; it has a '?': give it without the query"
        return "no pattern fits its segments"

    def __str__(self) -> str:
        return f"no route matches {self.path!r}: {self.reason}"


class _NotThisMethod(RoutingError):
    """Holds (method, path, allowed)."""

    @property
    def method(self) -> str:
        """The method asked for."""
        method: str = self.args[0]
        return method

    @property
    def path(self) -> str:
        """The path as it was given to `match`."""
        path: str = self.args[1]
        return path

    @property
    def allowed(self) -> tuple[str, ...]:
        """The methods that the path does answer, sorted: the value of `Allow`."""
        allowed: tuple[str, ...] = self.args[2]
        return allowed


class MethodNotAllowed(_NotThisMethod):
    """Patterns match the path, but none of them with this method (405, RFC 9110 section 15.5.6)."""

    status = 405

    def __str__(self) -> str:
        return f"{self.path!r} does not answer {self.method}, only {', '.join(self.allowed)}"


class AutomaticOptions(_NotThisMethod):
    """An OPTIONS that no route answers itself: answer 204 with `Allow` (RFC 9110 section 9.3.7).

    Raised only by a router made with `answer_options=True`.
    """

    status = 204

    def __str__(self) -> str:
        return f"{self.path!r} answers {', '.join(self.allowed)}"


class Redirect(RoutingError):
    """The path would match with or without its trailing slash (308, RFC 9110 section 15.4.9).

    Raised only by a router made with `trailing_slash="redirect"`.
    """

    status = 308

    @property
    def location(self) -> str:
        """The raw path to go to; the query, which a router never sees, has to be added."""
        location: str = self.args[0]
        return location

    def __str__(self) -> str:
        return f"the path is {self.location!r}"


class RouteError(ValueError):
    """A route, a prefix or a converter that cannot be added as it is written."""


class RouteConflict(RouteError):
    """A route would answer requests that another route answers, and neither is more specific."""


class UrlError(ValueError):
    """`url_for` has no route of that name, or its parameters are missing, unknown or wrong."""
