"""Assertions of the store contracts: they hold under `python -O` too."""

import asyncio
from collections.abc import Awaitable, Iterable

from drystone_auth._errors import MalformedText

NO_TEXT = "no text: \ud800"
"""A lone surrogate, as JSON may hold one; UTF-8 has no bytes for it."""


def expect(condition: bool, promise: str) -> None:
    """Raise an AssertionError that names the promise unless the condition holds."""
    if not condition:
        raise AssertionError(f"broken: {promise}")


def expect_same(actual: object, expected: object, promise: str) -> None:
    """Raise an AssertionError that names the promise unless both are equal."""
    if actual != expected:
        raise AssertionError(f"broken: {promise}: expected {expected!r}, got {actual!r}")


async def expect_no_text_taken(calls: Iterable[Awaitable[object]]) -> None:
    """Raise an AssertionError unless each call, made with `NO_TEXT`, raises `MalformedText`."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    for number, answer in enumerate(answers, start=1):
        promise = f"a lone surrogate is refused (call {number} of {len(answers)})"
        expect_same(type(answer), MalformedText, promise)
