"""Bytes and builtin values become typed ones, or faults that name their place."""

from .checkers import is_model, uses_pydantic
from .decoding import json_decoder
from .faults import Fault, closed_to, fields_of, pointer
from .kinds import is_many, is_measure, kind_of

__all__ = [
    "Fault",
    "closed_to",
    "fields_of",
    "is_many",
    "is_measure",
    "is_model",
    "json_decoder",
    "kind_of",
    "pointer",
    "uses_pydantic",
]
