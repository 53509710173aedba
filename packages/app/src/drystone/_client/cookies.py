"""The cookies of a test client, kept as a browser keeps them (RFC 6265, 5.3 and 5.4)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from drystone._cookies import parse_cookies


@dataclass(slots=True)
class _Cookie:
    name: str
    value: str
    host: str  # empty: set by the test, for every host
    path: str
    subdomains: bool
    ends: float | None

    def is_for(self, host: str, path: str) -> bool:
        return self._matches_host(host) and _matches_path(path, self.path)

    def _matches_host(self, host: str) -> bool:
        return self.host in ("", host) or (self.subdomains and host.endswith(f".{self.host}"))


class CookieJar(MutableMapping[str, str]):
    """Values by name, as a mapping; what a response sets goes back where it belongs only.

    ``jar[name] = value`` is sent with every request. ``Secure`` is not looked at: browsers do not
    for localhost, which is where a test is.

    Args:
        values: to begin with.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._cookies: dict[tuple[str, str, str], _Cookie] = {}
        self.update(values or {})

    def __getitem__(self, name: str) -> str:
        for cookie in self._live():
            if cookie.name == name:
                return cookie.value
        raise KeyError(name)

    def __setitem__(self, name: str, value: str) -> None:
        self.pop(name, None)
        self._keep(_Cookie(name, value, "", "/", subdomains=False, ends=None))

    def __delitem__(self, name: str) -> None:
        found = [key for key, cookie in self._cookies.items() if cookie.name == name]
        if not found:
            raise KeyError(name)
        for key in found:
            del self._cookies[key]

    def __iter__(self) -> Iterator[str]:
        return iter({cookie.name: None for cookie in self._live()})

    def __len__(self) -> int:
        return len({cookie.name for cookie in self._live()})

    def __repr__(self) -> str:
        return f"CookieJar({dict(self)!r})"

    def sent_to(self, url: str) -> dict[str, str]:
        """What a request of this URL brings, the longest path winning where a name comes twice."""
        host, path = _place(url)
        fitting = [cookie for cookie in self._live() if cookie.is_for(host, path)]
        fitting.sort(key=lambda cookie: len(cookie.path))
        return {cookie.name: cookie.value for cookie in fitting}

    def set_by(self, url: str, line: str) -> None:
        """Take a ``Set-Cookie`` line of the answer to a request of this URL."""
        host, path = _place(url)
        pair, *rest = line.split(";")
        attributes = {name.lower(): value for name, value in map(_attribute, rest)}
        domain = attributes.get("domain", "").lstrip(".").lower()
        if domain and host != domain and not host.endswith(f".{domain}"):
            return  # not for this host to set
        given_path = attributes.get("path", "")
        for name, value in parse_cookies(pair).items():
            cookie = _Cookie(
                name,
                value,
                domain or host,
                given_path if given_path.startswith("/") else path.rpartition("/")[0] or "/",
                subdomains=bool(domain),
                ends=_end(attributes),
            )
            self._cookies.pop((name, "", "/"), None)
            self._keep(cookie)

    def _keep(self, cookie: _Cookie) -> None:
        self._cookies[cookie.name, cookie.host, cookie.path] = cookie

    def _live(self) -> list[_Cookie]:
        now = time.time()
        return [c for c in self._cookies.values() if c.ends is None or c.ends > now]


def _attribute(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return name.strip(), value.strip()


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "localhost").lower(), parts.path or "/"


def _matches_path(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else f"{prefix}/")


def _end(attributes: Mapping[str, str]) -> float | None:
    """When the cookie ends, in seconds since the epoch; ``Max-Age`` wins over ``Expires``."""
    try:
        if "max-age" in attributes:
            return time.time() + int(attributes["max-age"])
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (KeyError, ValueError):
        return None
