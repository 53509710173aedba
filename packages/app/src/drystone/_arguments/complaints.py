"""Refusing a signature, in words that name the function and its line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn


class SignatureError(TypeError):
    """A handler or provider has a parameter that cannot be filled."""


def fail(function: Callable[..., Any], complaint: str) -> NoReturn:
    """Refuse a signature, naming the function and its line."""
    raise SignatureError(f"{describe(function)}: {complaint}")


def describe(function: Callable[..., Any]) -> str:
    """The name of a function with its module, file and line."""
    inner = inspect.unwrap(function)
    code = getattr(inner, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return f"{getattr(inner, '__module__', '?')}.{name_of(inner)}{where}"


def name_of(thing: Any) -> str:
    """What a message calls a function or a type."""
    return getattr(thing, "__qualname__", None) or str(thing)
