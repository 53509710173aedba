"""Byte ranges of a representation (RFC 9110, 14).

>>> parse_range("bytes=0-4,-2", 10)
[(0, 5), (8, 10)]
"""

from __future__ import annotations

import re
from itertools import pairwise

_SPEC = re.compile(r"(\d{0,19})-(\d{0,19})")
_MAX_RANGES = 16


class RangeNotSatisfiable(Exception):
    """No range lies within the representation: 416."""


def parse_range(field: str, size: int) -> list[tuple[int, int]] | None:
    """Read a ``Range`` field.

    Args:
        field: its value.
        size: bytes of the representation.

    Returns:
        (first, one behind the last) in the order asked for; None where the field is to be ignored:
        another unit, malformed, too many ranges, or ranges that overlap (RFC 9110, 14.2: such are
        the tools of an attack).

    Raises:
        RangeNotSatisfiable: every range lies outside.
    """
    unit, equals, specs = field.partition("=")
    if unit.lower() != "bytes" or not equals:
        return None
    pieces = [piece.strip() for piece in specs.split(",") if piece.strip()]
    if not pieces or len(pieces) > _MAX_RANGES:
        return None
    spans = []
    for piece in pieces:
        span = _parse_spec(piece, size)
        if span is None:
            return None
        spans.append(span)
    inside = [(first, end) for first, end in spans if first < end]
    if not inside:
        raise RangeNotSatisfiable
    return inside if not _overlap(inside) else None


def _parse_spec(piece: str, size: int) -> tuple[int, int] | None:
    """One range, empty where it lies outside; None where it is malformed."""
    match = _SPEC.fullmatch(piece)
    if match is None or piece == "-":
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size
    if not last:
        return min(int(first), size), size
    if int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1, size)


def _overlap(spans: list[tuple[int, int]]) -> bool:
    ordered = sorted(spans)
    return any(following[0] < before[1] for before, following in pairwise(ordered))
