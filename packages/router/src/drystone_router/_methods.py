"""Methods: which ones a route answers, and when two routes answer the same one."""

import re
from collections.abc import Iterable

from drystone_router._errors import RouteError

# Sorted, without repeats; None answers any method.
Methods = tuple[str, ...] | None

# A token, RFC 9110 section 5.6.2.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STANDARD = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE")
)


def check_methods(methods: Iterable[str] | None) -> Methods:
    """The methods of a route, in the form kept.

    Raises:
        RouteError: none at all, one that is no token, or a standard one in lower case.
    """
    if methods is None:
        return None
    if isinstance(methods, str):
        raise RouteError(f"methods is the text {methods!r}: write a tuple, ({methods!r},)")
    found = tuple(sorted(set(methods)))
    if not found:
        raise RouteError("methods is empty: name at least one, or None for any method")
    for method in found:
        if not _TOKEN.fullmatch(method):
            raise RouteError(f"method {method!r} is no token (RFC 9110 section 5.6.2)")
        if method not in _STANDARD and method.upper() in _STANDARD:
            raise RouteError(f"method {method!r}: methods are case-sensitive, {method.upper()!r}")
    return found


def rank(methods: Methods, method: str) -> int | None:
    """How well a route with `methods` answers `method` beside another at the same pattern.

    0 when it names the method, 1 when it answers HEAD through its GET, 2 when it answers any
    method, None when it does not answer it.
    """
    if methods is None:
        return 2
    if method in methods:
        return 0
    return 1 if method == "HEAD" and "GET" in methods else None


def answered(methods: Methods) -> set[str]:
    """The methods named, and HEAD where GET is."""
    return {*methods, *(("HEAD",) if "GET" in methods else ())} if methods is not None else set()


def named_by_both(left: Methods, right: Methods) -> bool:
    """Whether at one pattern the two would stand in each other's place."""
    if left is None or right is None:
        return left is right
    return not set(left).isdisjoint(right)


def answered_by_both(left: Methods, right: Methods) -> bool:
    """Whether some request is answered by either, HEAD through GET included."""
    if left is None or right is None:
        return True
    return not answered(left).isdisjoint(answered(right))


def label(methods: Methods) -> str:
    """`GET, PUT`, or `ANY`."""
    return "ANY" if methods is None else ", ".join(methods)
