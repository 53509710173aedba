"""What inputs of a browser's form send for a value that is written differently elsewhere.

A checkbox sends ``on`` (HTML, 4.10.5.1.15); ``time`` and ``datetime-local`` leave out the seconds
where they are none (2.3.5.4).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

_WITHOUT_SECONDS = re.compile(r"(\d{4}-\d\d-\d\dT)?\d\d:\d\d", re.ASCII)


def read_input(type: Any, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put in front of a conversion what the inputs for values of its type call for."""
    kinds = _alternatives(type)
    if str in kinds:
        return convert
    if bool in kinds:
        return lambda text: convert("true" if text == "on" else text)
    if datetime.time in kinds or datetime.datetime in kinds:
        return lambda text: convert(_with_seconds(text))
    return convert


def _with_seconds(text: Any) -> Any:
    """A file may stand in place of the text."""
    if isinstance(text, str) and _WITHOUT_SECONDS.fullmatch(text):
        return f"{text}:00"
    return text


def _alternatives(type: Any) -> tuple[Any, ...]:
    """The types that a value may be of."""
    if get_origin(type) is Annotated:
        return _alternatives(get_args(type)[0])
    return get_args(type) if get_origin(type) in (Union, UnionType) else (type,)


def takes_blank(type: Any) -> bool:
    """Whether the empty text, which an input left blank sends, is a value of the type."""
    try:
        msgspec.convert("", type, strict=False)
    except msgspec.ValidationError:
        return False
    return True
