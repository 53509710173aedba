"""Guards are given the request and nothing else: what waits for another value would be fooled."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from drystone._validation import kind_of

from .annotations import as_marker, hints_of, split_marker
from .complaints import SignatureError, fail, name_of


def check_guard(guard: Callable[..., Any]) -> None:
    """Refuse a guard that is written like a provider.

    ``def check(token: Annotated[str, Header])`` would be given the request as its token.

    Raises:
        SignatureError: it asks for a value.
    """
    try:
        hints = hints_of(guard)
        parameters = signature(guard).parameters.values()
    except (SignatureError, TypeError, ValueError):
        return  # nothing is known of it
    for index, parameter in enumerate(parameters):
        type, marker = split_marker(hints.get(parameter.name, Any))
        is_marked = marker is not None or as_marker(parameter.default) is not None
        is_value = index == 0 and type is not Any and kind_of(type) != "unknown"
        if is_marked or is_value:
            fail(
                guard,
                f"parameter {parameter.name!r}: a guard is given the request and nothing else, "
                f"so write guards=[Depends({name_of(guard)})], which fills its parameters",
            )
