"""Ways to recognise a principal: one module per scheme, and how they stand together."""

from .apikey import APIKey
from .basic import Basic, parse_basic
from .bearer import Bearer, insufficient_scope
from .combine import AllOf, FirstOf
from .header import Credentials, build_challenge, parse_authorization
from .session import SessionScheme

__all__ = [
    "APIKey",
    "AllOf",
    "Basic",
    "Bearer",
    "Credentials",
    "FirstOf",
    "SessionScheme",
    "build_challenge",
    "insufficient_scope",
    "parse_authorization",
    "parse_basic",
]
