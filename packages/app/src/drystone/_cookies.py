"""Cookies: reading ``Cookie``, writing ``Set-Cookie`` (RFC 6265)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # token, RFC 9110 5.6.2
_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")  # cookie-octet, RFC 6265 4.1.1
_PATH = re.compile(r"/[ -:<-~]*")  # any printable character but ";"; else browsers take their own
_DOMAIN = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_LONGEST = 4096  # of name and value together, as the successor of RFC 6265 has it

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
        max_age: whole seconds to live; 0 deletes; None lives as long as the browser.
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
    _check(name, value, path, domain)
    _check_life(name, max_age, expires)
    _check_reach(name, secure, same_site, partitioned)
    _check_prefix(name, path, domain, secure, http_only)
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


def _check(name: str, value: str, path: str, domain: str | None) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"Cookie name {name!r} is not a token (RFC 6265, 4.1.1)")
    if not _VALUE.fullmatch(value):
        raise ValueError(
            f"The value of cookie {name!r} has a character that cookies cannot carry "
            "(RFC 6265, 4.1.1): encode it, with urllib.parse.quote for one"
        )
    if len(name) + len(value) > _LONGEST:
        raise ValueError(f"Cookie {name!r}: browsers drop more than {_LONGEST} bytes")
    if not _PATH.fullmatch(path):
        raise ValueError(f"Cookie {name!r}: {path!r} is no path that begins with '/'")
    if domain is not None and not _DOMAIN.fullmatch(domain):
        raise ValueError(f"Cookie {name!r}: {domain!r} is no domain: write it without scheme, port")


def _check_life(name: str, max_age: object, expires: datetime | None) -> None:
    if max_age is not None and not isinstance(max_age, int):
        raise ValueError(f"Cookie {name!r}: max_age={max_age!r} is no whole number of seconds")
    if expires is not None and expires.tzinfo is None:
        raise ValueError(f"Cookie {name!r}: expires={expires!r} needs a time zone, UTC for one")


def _check_reach(name: str, secure: bool, same_site: str | None, partitioned: bool) -> None:
    if same_site not in ("lax", "strict", "none", None):
        raise ValueError(f"Cookie {name!r}: same_site={same_site!r} is not lax, strict or none")
    if not secure and (same_site == "none" or partitioned):
        raise ValueError(f"Cookie {name!r}: SameSite=None and Partitioned need secure=True")


def _check_prefix(name: str, path: str, domain: str | None, secure: bool, http_only: bool) -> None:
    """What a name promises, browsers hold it to, in any case of its letters."""
    lowered = name.lower()
    if lowered.startswith(("__secure-", "__http-")) and not secure:
        raise ValueError(f"Cookie {name!r}: its prefix needs secure=True")
    if lowered.startswith("__host-") and (not secure or domain is not None or path != "/"):
        raise ValueError(
            f"Cookie {name!r}: the prefix __Host- needs secure=True, path='/' and no domain"
        )
    if lowered.startswith(("__http-", "__host-http-")) and not http_only:
        raise ValueError(f"Cookie {name!r}: its prefix needs http_only=True")
