"""Where the arguments of a handler come from: planned once, when it is registered."""

from .markers import Body, Cookie, Form, Header, Query
from .providers import AppResources, Ask, Call, Depends, Resources, is_async
from .signature import Overrides, SignatureError, describe, hints_of, plan_call
from .values import MISSING, Extract, Value, gather_faults

__all__ = [
    "MISSING",
    "AppResources",
    "Ask",
    "Body",
    "Call",
    "Cookie",
    "Depends",
    "Extract",
    "Form",
    "Header",
    "Overrides",
    "Query",
    "Resources",
    "SignatureError",
    "Value",
    "describe",
    "gather_faults",
    "hints_of",
    "is_async",
    "plan_call",
]
