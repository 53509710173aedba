"""Refusing what another site makes a browser send."""

from .double_submit import DoubleSubmit
from .fetch_metadata import CrossOriginProtection

__all__ = [
    "CrossOriginProtection",
    "DoubleSubmit",
]
