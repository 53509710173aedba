"""Redirects that lead nowhere a stranger chose."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from ._headers import HeadersInit
from ._response import Response

_SAFE = "/%:?#[]@!$&'()*+,;=~-._"
_NEVER = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_STATUSES = (301, 302, 303, 307, 308)


def redirect(
    location: str,
    status: int = 303,
    headers: HeadersInit = (),
    *,
    allow_hosts: Collection[str] = (),
    otherwise: str | None = None,
) -> Response:
    """Send the client elsewhere.

    By default only within this site, so that a location taken from the request (``?next=``) leads
    nobody to another's page.

    Args:
        location: a path, or a URL whose host is among ``allow_hosts``.
        status: 303 asks with GET; 307 and 308 keep the method; 301 and 308 are for ever.
        headers: further fields.
        allow_hosts: hosts that it may lead to, with the port where they have one; ``"*"`` is any
            host.
        otherwise: where to send the client if the location leads elsewhere or is no URL; None
            raises.

    Raises:
        ValueError: the location leads to another host or is no URL, or the status is none of
            these.
        TypeError: the hosts are one text, and no collection of them.
    """
    if status not in _STATUSES:
        raise ValueError(f"{status} is no redirect: use one of {_STATUSES}")
    if otherwise is not None and not is_safe_location(location, allow_hosts):
        location = otherwise
    if not is_safe_location(location, allow_hosts):
        raise ValueError(
            f"{location!r} leads away from this site: name its host in allow_hosts where that is "
            "wanted, and never redirect to what a request says without it"
        )
    response = Response(b"", status, headers)
    response.headers["location"] = quote(location, safe=_SAFE)
    return response


def is_safe_location(location: str, allow_hosts: Collection[str] = ()) -> bool:
    """Whether a location stays on this site or leads to one of these hosts.

    Raises:
        TypeError: the hosts are one text, and no collection of them.
    """
    if isinstance(allow_hosts, str) and allow_hosts != "*":
        raise TypeError(f"allow_hosts={allow_hosts!r} is one text: write [{allow_hosts!r}]")
    # Browsers take a backslash for a slash and drop control characters, so that a slash, a tab and
    # another slash lead away although they look like a path.
    if not location or location != location.strip() or _NEVER.search(location):
        return False
    try:
        parts = urlsplit(location)
        host = parts.netloc
    except ValueError:
        return False
    if not parts.scheme and not host:
        return not location.startswith("//")
    if parts.scheme not in ("", "http", "https") or not host or "@" in host:
        return False
    return "*" in allow_hosts or host.lower() in {allowed.lower() for allowed in allow_hosts}
