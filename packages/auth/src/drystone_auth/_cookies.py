"""Reading `Cookie` and writing `Set-Cookie` (RFC 6265bis)."""

import re
from dataclasses import dataclass
from typing import Literal

# RFC 6265bis 4.1.1: cookie-name is a token; cookie-octet is printable ASCII without `",;\`.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*", re.ASCII)
_PATH = re.compile(r"/[ -:<-~]*", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9.-]+", re.ASCII)

SameSite = Literal["Strict", "Lax", "None"]


def parse_cookies(header: str | None) -> list[tuple[str, str]]:
    """Split a `Cookie` value into its pairs, in order, repeats included.

    Never raises: whatever is no `name=value` is left out. Values come as sent, nothing decoded.
    `parse_cookies("a=1; b; a=2")` is `[("a", "1"), ("a", "2")]`.
    """
    if not header:
        return []
    pairs = (piece.partition("=") for piece in header.split(";"))
    return [
        (name.strip(" \t"), value.strip(" \t"))
        for name, equals, value in pairs
        if equals and name.strip(" \t")
    ]


def cookie_values(header: str | None, name: str) -> list[str]:
    """Return every value that this name has; more than one means that somebody else set one too."""
    if not header or name not in header:
        return []
    return [value for found, value in parse_cookies(header) if found == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieSettings:
    """How a cookie is set. Wrong combinations are refused here, not by the browser in silence.

    Args:
        name: `__Host-` binds it to this very host and to TLS (RFC 6265bis section 4.1.3.2).
        path: must be `/` with `__Host-`.
        domain: None for this host only.
        secure: sent over TLS only.
        http_only: out of reach of scripts.
        same_site: "Lax" keeps it out of requests that other sites' forms and scripts make.

    Raises:
        ValueError: a combination that browsers refuse, or characters that could end the line.
    """

    name: str
    path: str = "/"
    domain: str | None = None
    secure: bool = True
    http_only: bool = True
    same_site: SameSite = "Lax"

    def __post_init__(self) -> None:
        _require(_NAME.fullmatch(self.name), f"the cookie name {self.name!r} is no token")
        _require(_PATH.fullmatch(self.path), f"the cookie path {self.path!r} is no path")
        _require(
            self.domain is None or _DOMAIN.fullmatch(self.domain),
            f"the cookie domain {self.domain!r} is no host name",
        )
        _require(self.same_site in {"Strict", "Lax", "None"}, "same_site is Strict, Lax or None")
        # RFC 6265bis 5.7: browsers compare these prefixes in any case, and drop what breaks them.
        prefix = self.name.lower()
        if prefix.startswith("__secure-"):
            _require(self.secure, "a __Secure- cookie must be secure")
        if prefix.startswith("__host-"):
            _require(
                self.secure and self.path == "/" and self.domain is None,
                "a __Host- cookie must be secure, with path / and no domain",
            )
        if self.same_site == "None":
            _require(self.secure, "a SameSite=None cookie must be secure")

    def set(self, value: str, *, max_age: int | None = None) -> str:
        """Write the `Set-Cookie` value.

        Args:
            value: cookie-octets only (RFC 6265bis section 4.1.1).
            max_age: seconds to live; None for as long as the browser runs.

        Raises:
            ValueError: the value has a character that could end it or the line; not quoted here.
        """
        if _VALUE.fullmatch(value) is None:
            raise ValueError(
                f"the value for cookie {self.name} has a character that no cookie may hold"
                " (RFC 6265bis section 4.1.1); encode it, for example as base64url"
            )
        parts = [f"{self.name}={value}"]
        if max_age is not None:
            parts.append(f"Max-Age={max_age}")
        parts.append(f"Path={self.path}")
        if self.domain is not None:
            parts.append(f"Domain={self.domain}")
        if self.secure:
            parts.append("Secure")
        if self.http_only:
            parts.append("HttpOnly")
        parts.append(f"SameSite={self.same_site}")
        return "; ".join(parts)

    def clear(self) -> str:
        """Write the `Set-Cookie` value that makes the browser forget the cookie."""
        return self.set("", max_age=0)


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)
