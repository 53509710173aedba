"""Cross-site request forgery, refused without tokens: Fetch-Metadata, then Origin.

Every browser since 2023 says in `Sec-Fetch-Site` on whose behalf it sends a request, and no page
can change that field. Where it is missing, `Origin` is compared with `Host`. A request that has
neither comes from no browser, so it carries nobody's cookies against their will.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from drystone_auth._errors import CrossOriginRequest
from drystone_auth._interfaces import Request

# RFC 9110 9.2.1 less TRACE, which nobody should serve.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossOriginProtection:
    """Refuses unsafe requests that a browser makes for another origin.

    The application's part: no state changes on GET, HEAD and OPTIONS.

    Args:
        trusted_origins: `scheme://host[:port]` of other origins that may send unsafe requests,
            for example the front end's when a proxy changes `Host`.

    Raises:
        ValueError: an entry is no origin.
    """

    def __init__(self, trusted_origins: Iterable[str] = ()) -> None:
        self._trusted = frozenset(_checked(origin) for origin in trusted_origins)

    def check(self, request: Request) -> None:
        """Let the request pass, or raise.

        Raises:
            CrossOriginRequest: 403, a browser sent it for another origin.
        """
        if request.method in SAFE_METHODS:
            return
        get = request.headers.get
        site, origin = get("sec-fetch-site"), get("origin")
        # "none" is the user's own doing: the address bar, a bookmark.
        if site in {"same-origin", "none"} or origin in self._trusted:
            return
        if site is not None:
            raise CrossOriginRequest(f"Sec-Fetch-Site is {site!r}, Origin {origin!r}")
        if origin is None:
            return
        host = get("host")
        if not host or _host_of(origin) != host.lower():
            raise CrossOriginRequest(f"no Sec-Fetch-Site, and Origin {origin!r} is not {host!r}")


def _checked(origin: str) -> str:
    parts = urlsplit(origin)
    if not parts.scheme or not parts.netloc or f"{parts.scheme}://{parts.netloc}" != origin:
        raise ValueError(f"{origin!r} is no origin: write scheme://host[:port] and nothing else")
    if origin != origin.lower():
        raise ValueError(f"{origin!r}: browsers send origins in lower case, so write it so")
    return origin


def _host_of(origin: str) -> str | None:
    """Return `host[:port]` of an Origin value, None for "null" and whatever else is none."""
    scheme, separator, host = origin.partition("://")
    if not separator or scheme not in {"http", "https"} or not host:
        return None
    return host.lower()
