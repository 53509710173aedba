"""Bytes and strings become typed values, or faults that name their place.

msgspec decodes and validates in one go, and stops at the first fault. So the fast path is its
decoder, and only after a refusal `find_faults` walks the value to report every fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

import msgspec

from drystone._errors import ValidationError

from .checkers import uses_pydantic
from .faults import MAX_FAULTS, Fault, fault_of, find_faults, pointer

# Who fills in a form wants to see every fault; who sends a million does it to keep us busy.
_EXPLAINED = 2**16  # bytes of a body whose every fault is looked for; else the first is told

Decode: TypeAlias = Callable[[bytes], Any]

_decode_any = msgspec.json.Decoder().decode


def decode_json(body: bytes, type: Any = None) -> Any:
    """Read JSON as a type; see `json_decoder`."""
    return json_decoder(type)(body)


@lru_cache(maxsize=1024)
def json_decoder(type: Any) -> Decode:
    """A function from bytes to a value of that type.

    Args:
        type: an annotation; None takes any JSON.

    Raises:
        TypeError: msgspec cannot decode into this type. The function returned raises
            `ValidationError`.
    """
    if type is None:
        return _checked(_decode_any, lambda body: iter(()))
    if uses_pydantic(type):
        from .pydantic import pydantic_decoder

        return pydantic_decoder(type, explained=_EXPLAINED)
    decode = msgspec.json.Decoder(type).decode
    return _checked(decode, lambda body: find_faults(_decode_any(body), type))


def _checked(decode: Decode, faults: Callable[[bytes], Iterator[Fault]]) -> Decode:
    def decode_or_refuse(body: bytes) -> Any:
        try:
            try:
                return decode(body)
            except msgspec.ValidationError as error:
                found = _every(faults, body) if len(body) <= _EXPLAINED else []
                # None, where only the text shows the fault: a name that comes twice, a huge number.
                raise ValidationError(found or [fault_of(error, ())]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            fault = {"in": "body", "pointer": pointer(()), "detail": f"Not JSON: {error}"}
            raise ValidationError([fault]) from None

    return decode_or_refuse


def _every(faults: Callable[[bytes], Iterator[Fault]], body: bytes) -> list[Fault]:
    """The faults; none where they are nested deeper than we walk."""
    try:
        return list(islice(faults(body), MAX_FAULTS))
    except RecursionError:
        return []


def encode_hook(value: Any) -> Any:
    """What msgspec should encode in place of a value that it does not know.

    Raises:
        TypeError: nobody knows.
    """
    if hasattr(value, "__pydantic_validator__"):
        return value.model_dump(mode="json") if hasattr(value, "model_dump") else vars(value)
    raise TypeError(
        f"A {type(value).__qualname__} has no form in JSON: return a Response, str, bytes, "
        "or what msgspec encodes (dict, list, Struct, dataclass, datetime, UUID, ...)"
    )
