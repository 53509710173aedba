"""Choosing a media type and a coding that the client takes (RFC 9110, 12.5.1 and 12.5.3).

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


@lru_cache(maxsize=128)
def best_coding(accept_encoding: str, offered: Sequence[str]) -> str | None:
    """The content coding with the highest quality; among equals the first offered.

    Args:
        accept_encoding: the value of ``Accept-Encoding``, empty where there is none: who does not
            ask for a coding may be unable to read one.
        offered: names of codings, as a tuple.

    Returns:
        One of the offers; None where the client takes none, or says that it likes none better.

    >>> best_coding("gzip, br;q=0.9, identity;q=0.5", ("br", "gzip"))
    'gzip'
    """
    weights = _coding_weights(accept_encoding)
    rest = weights.get("*", 0.0)
    best = max(offered, key=lambda offer: weights.get(offer, rest), default=None)
    quality = 0.0 if best is None else weights.get(best, rest)
    return best if quality > 0 and quality >= weights.get("identity", 0.0) else None


@lru_cache(maxsize=128)
def takes_plain(accept_encoding: str) -> bool:
    """Whether the client takes what has no coding; only ``identity;q=0`` and ``*;q=0`` say no."""
    weights = _coding_weights(accept_encoding)
    return weights.get("identity", weights.get("*", 1.0)) > 0


def _coding_weights(accept_encoding: str) -> dict[str, float]:
    parsed = [_parse_range(part) for part in accept_encoding.split(",") if part.strip()]
    # Another name for gzip (RFC 9110, 8.4.1.3).
    return {"gzip" if name == "x-gzip" else name: weight for name, weight in reversed(parsed)}
