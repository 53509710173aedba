"""Bytes and builtin values become typed ones, or faults that name their place."""

from .decoding import json_decoder, uses_pydantic
from .faults import Fault, fields_of, pointer
from .kinds import is_many, is_measure, kind_of

__all__ = [
    "Fault",
    "fields_of",
    "is_many",
    "is_measure",
    "json_decoder",
    "kind_of",
    "pointer",
    "uses_pydantic",
]
