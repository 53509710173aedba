"""What is noted about functions: a handler's guards, that it is registered, whom one asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from ._handlers import Guard, Middleware

if TYPE_CHECKING:
    from drystone_auth import Authenticator

_REGISTERED: WeakSet[Callable[..., Any]] = WeakSet()
_GUARDS: WeakKeyDictionary[Callable[..., Any], tuple[Guard, ...]] = WeakKeyDictionary()
_AUTHENTICATORS: WeakKeyDictionary[Middleware, Authenticator] = WeakKeyDictionary()


def _noted(function: Callable[..., Any]) -> Callable[..., Any]:
    """The lasting part of a bound method, which is itself made anew each time it is asked for."""
    inner: Callable[..., Any] = getattr(function, "__func__", function)
    return inner


def note_authenticator(middleware: Middleware, authenticator: Authenticator) -> None:
    """Note whom a middleware asks who is calling."""
    _AUTHENTICATORS[middleware] = authenticator


def authenticator_of(middleware: Middleware) -> Authenticator | None:
    """Whom a middleware asks who is calling, where that is known."""
    try:
        return _AUTHENTICATORS.get(middleware)
    except TypeError:  # an object that cannot be referred to weakly was not noted
        return None


def note_registered(function: Callable[..., Any]) -> None:
    """Note that a function is the handler of a route."""
    try:
        _REGISTERED.add(_noted(function))
    except TypeError:  # an object that cannot be referred to weakly has no decorators either
        pass


def is_registered(function: Callable[..., Any]) -> bool:
    """Whether a function is the handler of a route already."""
    return _noted(function) in _REGISTERED


def add_guards(function: Callable[..., Any], guards: tuple[Guard, ...]) -> None:
    """Put guards in front of those a function has."""
    _GUARDS[_noted(function)] = (*guards, *guards_of(function))


def guards_of(function: Callable[..., Any]) -> tuple[Guard, ...]:
    """The guards that decorators gave a function."""
    try:
        return _GUARDS.get(_noted(function), ())
    except TypeError:
        return ()
