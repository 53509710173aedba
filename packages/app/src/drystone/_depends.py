"""`Depends`: a parameter, or a guard, that a function of the user's provides for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

ProviderScope: TypeAlias = Literal["app", "request", "call"]


@dataclass(frozen=True, slots=True)
class Dependency:
    """What `Depends` gives; see there."""

    function: Callable[..., Any] | None
    scope: ProviderScope
    thread: bool


def Depends(  # noqa: N802  # the name that the field knows
    function: Callable[..., Any] | None = None,
    *,
    scope: ProviderScope = "request",
    thread: bool = False,
) -> Any:
    """Fill a parameter with what a function provides.

    ``user: Annotated[User, Depends(current_user)]``, or as the default value.

    Among ``guards`` it is asked before the handler, for what it refuses, and its value is shared
    with a handler that asks for it, too.

    Args:
        function: plain, ``async``, or a generator of either kind whose end is the clean-up after
            the response. Its own parameters are filled as those of a handler. None calls the
            annotated class.
        scope: ``request`` calls it once for a request, ``app`` once for the application (cleaned up
            when that stops; it may need only others of that scope), ``call`` each time it is asked
            for.
        thread: run a plain function or generator in the application's thread pool, because it
            blocks.
    """
    return Dependency(function, scope, thread)
