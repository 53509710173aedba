"""Where the arguments of a handler come from: planned once, when it is registered."""

from .complaints import SignatureError, describe
from .guards import check_guard
from .markers import Body, Cookie, Form, Header, Query
from .providers import AppResources, Call, Depends, Resources, calls_of, is_async
from .signature import Overrides, plan_call
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
    "calls_of",
    "check_guard",
    "describe",
    "gather_faults",
    "is_async",
    "plan_call",
]
