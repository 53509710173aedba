"""Converters: the text of a parameter to a value, and the value back to the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from drystone_router._ambiguity import ways_of
from drystone_router._automaton import Unprovable
from drystone_router._errors import RouteError

V = TypeVar("V")

# 18 digits: each accepted number fits a signed 64-bit integer, as databases have them.
INT_DIGITS = 18


@dataclass(frozen=True)
class Converter(Generic[V]):
    r"""How a parameter's text becomes a value of type V, and back.

    Attributes:
        parse: the decoded text to the value; raises ValueError for a text it does not take.
        format: the value to the text, for `url_for`; raises ValueError or TypeError for a value
            it does not take.
        pattern: a regular expression that the whole text must match before `parse` sees it
            (`\d`, `\w` and `\s` mean ASCII). With one the router knows which texts the
            converter takes, so it can order it beside other converters and place it in a segment
            with several parameters.

    Raises:
        RouteError: the pattern is malformed, or not provably linear in the length of the text.
    """

    parse: Callable[[str], V]
    format: Callable[[V], str]
    pattern: str | None = None
    _fullmatch: Callable[[str], object] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.pattern is None:
            fullmatch: Callable[[str], object] = bool
        else:
            check_pattern(self.pattern)
            fullmatch = re.compile(self.pattern, re.ASCII).fullmatch
            if fullmatch(""):
                raise RouteError(
                    f"regular expression {self.pattern!r} accepts the empty text, which no "
                    f"parameter ever has: write + for *, or make the last segment optional"
                )
        object.__setattr__(self, "_fullmatch", fullmatch)

    def read(self, text: str) -> V:
        """The value of `text`.

        Raises:
            ValueError: the text is not one of this converter's.
        """
        if not self._fullmatch(text):
            raise ValueError(f"{text!r} does not match {self.pattern}")
        return self.parse(text)

    def write(self, value: V) -> str:
        """The text of `value`, one that `read` takes.

        Raises:
            ValueError, TypeError: no text of this converter's stands for the value.
        """
        text = self.format(value)
        self.read(text)
        return text


def check_pattern(pattern: str) -> None:
    """Refuse a regular expression that is malformed or may take more than linear time."""
    try:
        ways_of(pattern)
    except Unprovable as error:
        raise RouteError(f"regular expression {pattern!r} is refused: {error}") from None


def _text(value: str) -> str:
    return _of(str, value)


def _of(kind: type[V], value: V) -> V:
    # bool is an int to Python, never to a URL.
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"takes {kind.__name__}, not {value!r}")
    return value


def _write_float(value: float) -> str:
    if isinstance(value, int):
        return str(_of(int, value))
    # repr has the fewest digits that read back the same; Decimal drops its exponent.
    return format(Decimal(repr(_of(float, value))), "f")


STR: Converter[str] = Converter(str, _text)
PATH: Converter[str] = Converter(str, lambda value: _text(value))
INT: Converter[int] = Converter(int, lambda value: str(_of(int, value)), f"[0-9]{{1,{INT_DIGITS}}}")
FLOAT: Converter[float] = Converter(
    float, _write_float, rf"-?[0-9]{{1,{INT_DIGITS}}}(\.[0-9]{{1,{INT_DIGITS}}})?"
)
UUID_: Converter[UUID] = Converter(
    UUID,
    lambda value: str(_of(UUID, value)),
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
)
DATE: Converter[date] = Converter(
    date.fromisoformat,
    # A datetime is a date too; its text is not.
    lambda value: _of(date, value).isoformat(),
    "[0-9]{4}-[0-9]{2}-[0-9]{2}",
)

BUILT_IN: dict[str, Converter[Any]] = {
    "str": STR,
    "int": INT,
    "float": FLOAT,
    "uuid": UUID_,
    "date": DATE,
    "path": PATH,
}


@lru_cache(maxsize=1024)
def regex(pattern: str) -> Converter[str]:
    """The converter of `{name:re(pattern)}`: text that matches as a whole, kept as text."""
    return Converter(str, _text, pattern)
