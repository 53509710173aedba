"""Where the arguments of a handler come from: planned once, when it is registered."""

from .annotations import hints_of
from .complaints import SignatureError, describe
from .guards import check_guard
from .markers import Body, Cookie, Form, Header, Query
from .providers import AppResources, Ask, Call, Resources, calls_of, is_async
from .signature import Overrides, plan_call
from .values import MISSING, Extract, Value, gather_faults

__all__ = [
    "MISSING",
    "AppResources",
    "Ask",
    "Body",
    "Call",
    "Cookie",
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
    "hints_of",
    "is_async",
    "plan_call",
]
