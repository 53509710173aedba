"""Choosing a media type that the client takes (RFC 9110, 12.5.1).

>>> best_match("text/html, */*;q=0.5", ("application/json", "text/html"))
'text/html'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=128)
def best_match(accept: str, offered: Sequence[str]) -> str | None:
    """The offer with the highest quality; among equals the first offered.

    Args:
        accept: the value of ``Accept``.
        offered: media types, as a tuple.

    Returns:
        One of the offers, or None where the client takes none of them.
    """
    ranges = [_parse_range(part) for part in accept.split(",") if part.strip()]
    if not ranges:
        return offered[0] if offered else None
    best: str | None = None
    best_quality = 0.0
    for offer in offered:
        quality = _quality(offer.lower(), ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _parse_range(part: str) -> tuple[str, float]:
    """``text/html;level=1;q=0.4`` -> ``("text/html;level=1", 0.4)``."""
    media_range, *parameters = [piece.strip().lower() for piece in part.split(";")]
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            quality = _parse_quality(value)
            break  # what follows the weight belongs to no media type
        media_range += f";{parameter}"
    return media_range, quality


def _parse_quality(value: str) -> float:
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers the offer."""
    kind = offer.split(";")[0].strip()
    levels = {offer.replace(" ", ""): 3, kind: 2, f"{kind.split('/')[0]}/*": 1, "*/*": 0}
    level, quality = -1, 0.0
    for media_range, weight in ranges:
        found = levels.get(media_range, -1)
        if found > level:
            level, quality = found, weight
    return quality
