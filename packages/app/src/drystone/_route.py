"""A route: where it stands, what it calls, and what was agreed on for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ._arguments import Overrides, check_guard, plan_call
from ._depends import Dependency
from ._doc import Doc
from ._endpoint import make_endpoint
from ._handlers import Guard, Handler, Middleware
from ._middleware import fold, guarded, responding, with_max_body, with_timeout

if TYPE_CHECKING:
    from ._arguments import AppResources, Call
    from ._layer import Layer
    from ._mount import Mount


@dataclass(slots=True, eq=False)
class Route:
    """One handler under one path.

    Attributes:
        path: relative to the group that holds it.
        function: what was registered.
        methods: in upper case; None answers any.
        name: for ``url_for``; None where it has none.
        status: of the response where the function returns a plain value.
        middleware: around this route only.
        guards: before this route only.
        max_body: bytes of a body that is read into memory; None inherits.
        timeout: seconds until the handler is cancelled; None never.
        doc: what is said of it in a description of the application.
        group: the group that holds it.
        mount: the application behind it, where the route is one of a mount.
        call: how to call the function; planned when the route joins an application.
        checks: the providers among the guards around, as they were planned.
        endpoint: the planned call as a native handler.
        handle: the endpoint in its middleware; set when the application is built.
    """

    path: str
    function: Callable[..., Any]
    methods: tuple[str, ...] | None
    name: str | None
    status: int
    middleware: Sequence[Middleware]
    guards: Sequence[Guard]
    max_body: int | None
    timeout: float | None
    doc: Doc
    group: Layer
    mount: Mount | None = None
    call: Call = field(init=False)
    checks: list[Dependency] = field(init=False)
    endpoint: Handler = field(init=False)
    handle: Handler = field(init=False)
    _plan: tuple[Overrides, AppResources] = field(init=False, repr=False)

    @property
    def full_path(self) -> str:
        """The path with the prefixes of its groups."""
        return self.group.full_prefix + self.path

    @property
    def lineage(self) -> list[Layer]:
        """The groups around this route, the nearest first, the application last."""
        return list(self.group.lineage())

    def plan(self, overrides: Overrides, provided: AppResources) -> None:
        """Work out how to call the function, now that the whole path is known.

        Args:
            overrides: providers to be replaced.
            provided: what providers give to the whole application.

        Raises:
            SignatureError: its parameters cannot be filled.
        """
        self._plan = overrides, provided
        self.checks = self._find_checks()
        self.call = plan_call(self.function, self.full_path, overrides, self.checks)
        self.endpoint = make_endpoint(self.call, self.status, provided)

    def _find_checks(self) -> list[Dependency]:
        """The providers among the guards, the outermost first."""
        outside_in = (*(layer.guards for layer in reversed(self.lineage)), self.guards)
        return [guard for guards in outside_in for guard in guards if isinstance(guard, Dependency)]

    def build(self) -> None:
        """Fold what is around the endpoint into ``handle``, from the inside out.

        Raises:
            SignatureError: a guard asks for more than the request.
        """
        if self.checks != self._find_checks():  # guards were added since
            self.plan(*self._plan)
        for guards in (self.guards, *(group.guards for group in self.lineage)):
            for guard in filter(callable, guards):
                check_guard(guard)
        handle = guarded(self.endpoint, self.guards)
        handle = fold(handle, self.middleware, self.group.error_levels())
        groups = self.lineage
        for group in groups[:-1]:
            handle = group.enclose(guarded(handle, group.guards))
        if self.middleware or any(group.middleware for group in groups[:-1]):
            handle = responding(handle)
        handle = guarded(handle, groups[-1].guards)
        if self.timeout is not None:
            handle = with_timeout(handle, self.timeout)
        limits = [self.max_body, *(group.max_body for group in groups)]
        size = next((limit for limit in limits if limit is not None), None)
        self.handle = handle if size is None else with_max_body(handle, size)
