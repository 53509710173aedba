"""Reading annotations: those written as strings, aliases of types, and the marker in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import isclass, isroutine, unwrap
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from drystone._depends import Dependency, Depends

from .complaints import fail
from .markers import MARKERS, Body, Cookie, Form, Header, Marker, Query
from .providers import called


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations, those written as strings evaluated.

    Raises:
        SignatureError: one names what is not there.
    """
    # What notes a function that it wraps (``__wrapped__``) has its signature, so its hints, too.
    target: Any = function if isroutine(unwrap(function)) else called(function)
    if isclass(target):
        target = getattr(target, "__init__")  # noqa: B009  # of the class, not of an object
    try:
        return get_type_hints(target, include_extras=True)
    except NameError as error:
        fail(
            function,
            f"has an annotation that cannot be resolved: {error}. "
            "Annotations need names of the module, not of a function around",
        )


def split_marker(hint: Any) -> tuple[Any, Marker | Dependency | None]:
    """``Annotated[int, Query(), Meta(ge=1)]`` -> ``(Annotated[int, Meta(ge=1)], Query())``.

    Raises:
        TypeError: there are several markers, or one inside the type, where nobody would see it.
    """
    type, extras = _flatten(hint)
    kept, markers = [], []
    for extra in extras:
        marker = as_marker(extra)
        if marker is None:
            kept.append(extra)
        else:
            markers.append(marker)
    if len(markers) > 1:
        raise TypeError(f"has several markers, {markers[0]!r} and {markers[1]!r}: keep one")
    for inner in _markers_inside(type):
        raise TypeError(
            f"has the marker {inner!r} inside another type: "
            "write it around the whole, Annotated[str | None, Header]"
        )
    return (Annotated[(type, *kept)] if kept else type), (markers[0] if markers else None)


def as_marker(thing: Any) -> Marker | Dependency | None:
    """The marker that something is, also written without its brackets; None for anything else."""
    if thing in MARKERS or thing is Depends:
        thing = thing()
    return thing if isinstance(thing, (Query, Header, Cookie, Body, Form, Dependency)) else None


def _flatten(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type and what annotates it, through aliases of either."""
    extras: tuple[Any, ...] = ()
    while True:
        if get_origin(hint) is Annotated:
            hint, *inner = get_args(hint)
            extras = (*inner, *extras)
        elif type(hint).__name__ == "TypeAliasType":  # of typing or typing_extensions
            hint = hint.__value__
        else:
            return hint, extras


def _markers_inside(type: Any) -> Iterator[Any]:
    for argument in get_args(type):
        inner, extras = _flatten(argument)
        yield from filter(None, map(as_marker, extras))
        yield from _markers_inside(inner)
