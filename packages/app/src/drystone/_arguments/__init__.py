"""Where the arguments of a handler come from: planned once, when it is registered."""

from .markers import Body, Cookie, Form, Header, Query
from .providers import AppResources, Call, Depends, Resources, is_async
from .signature import Overrides, SignatureError, describe, plan_call
from .values import Extract, Value, gather_faults

__all__ = [
    "AppResources",
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
    "is_async",
    "plan_call",
]
