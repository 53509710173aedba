"""Cookies: reading ``Cookie``, writing ``Set-Cookie`` (RFC 6265)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # token, RFC 9110 5.6.2
_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")  # cookie-octet, RFC 6265 4.1.1
_ATTRIBUTE = re.compile(r"[ -:<-~]*")  # any printable character but ";"

SameSite = Literal["lax", "strict", "none"]


def parse_cookies(header: str) -> dict[str, str]:
    """Read a ``Cookie`` field value.

    Where a name comes twice the first wins: browsers send the more specific path first
    (RFC 6265, 5.4). Pieces without ``=`` are ignored.
    """
    cookies: dict[str, str] = {}
    for piece in header.split(";"):
        name, equals, value = piece.partition("=")
        name = name.strip()
        if equals and name and name not in cookies:
            value = value.strip()
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            cookies[name] = value
    return cookies


def format_cookie(
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    expires: datetime | None = None,
    path: str = "/",
    domain: str | None = None,
    secure: bool = True,
    http_only: bool = True,
    same_site: SameSite | None = "lax",
    partitioned: bool = False,
) -> str:
    """Build a ``Set-Cookie`` value.

    Args:
        name: a token.
        value: printable ASCII without space, quote, comma, semicolon or backslash; encode anything
            else (``urllib.parse.quote``) yourself, as nobody agrees on one way.
        max_age: seconds to live; 0 deletes; None lives as long as the browser.
        expires: the same as a point in time, with a time zone.
        path: the paths the cookie is sent to.
        domain: the host and its subdomains; None is this host alone.
        secure: sent over https only (browsers make an exception of localhost).
        http_only: not to be read by scripts.
        same_site: when other sites' requests carry it; ``none`` needs ``secure``.
        partitioned: keep one jar per embedding site; needs ``secure``.

    Raises:
        ValueError: where a browser would drop or misread the cookie.
    """
    _check(name, value, path, domain, secure, same_site, partitioned)
    parts = [f"{name}={value}"]
    if expires is not None:
        from email.utils import format_datetime

        parts.append(f"Expires={format_datetime(expires.astimezone(UTC), usegmt=True)}")
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if domain is not None:
        parts.append(f"Domain={domain}")
    parts.append(f"Path={path}")
    if secure:
        parts.append("Secure")
    if http_only:
        parts.append("HttpOnly")
    if same_site is not None:
        parts.append(f"SameSite={same_site.capitalize()}")
    if partitioned:
        parts.append("Partitioned")
    return "; ".join(parts)


def _check(
    name: str,
    value: str,
    path: str,
    domain: str | None,
    secure: bool,
    same_site: SameSite | None,
    partitioned: bool,
) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"Cookie name {name!r} is not a token (RFC 6265, 4.1.1)")
    if not _VALUE.fullmatch(value):
        raise ValueError(
            f"The value of cookie {name!r} has a character that cookies cannot carry "
            "(RFC 6265, 4.1.1): encode it, with urllib.parse.quote for one"
        )
    for attribute in (path, domain or ""):
        if not _ATTRIBUTE.fullmatch(attribute):
            raise ValueError(f"Cookie {name!r}: {attribute!r} cannot stand in an attribute")
    if not secure and (same_site == "none" or partitioned):
        raise ValueError(f"Cookie {name!r}: SameSite=None and Partitioned need secure=True")
    _check_prefix(name, path, domain, secure)


def _check_prefix(name: str, path: str, domain: str | None, secure: bool) -> None:
    if name.startswith("__Secure-") and not secure:
        raise ValueError(f"Cookie {name!r}: the prefix __Secure- needs secure=True")
    if name.startswith("__Host-") and (not secure or domain is not None or path != "/"):
        raise ValueError(
            f"Cookie {name!r}: the prefix __Host- needs secure=True, path='/' and no domain"
        )
