"""The session's cookie: strict by default, and a mode of its own for http://localhost."""

import ipaddress
from collections.abc import Collection

from drystone_auth._cookies import CookieSettings, SameSite
from drystone_auth._errors import AuthError
from drystone_auth._interfaces import Request


class InsecureCookieRefused(AuthError):
    """500: the cookie settings for localhost were used for another host."""

    status = 500
    public = "The session cookie is set up for localhost only."


class SessionCookie:
    """How the session's id travels.

    The default is `__Host-session`, Secure, HttpOnly, SameSite=Lax, for this host only. Use
    `SessionCookie.for_localhost()` while developing over plain http.

    Args:
        name: with `__Host-` no other host, sibling domain or plain http page can plant it.
        same_site: "Strict" also leaves it out when a link from elsewhere is followed.
        domain: set one only to share the session with subdomains; give up `__Host-` for it.
    """

    def __init__(
        self,
        name: str = "__Host-session",
        *,
        same_site: SameSite = "Lax",
        domain: str | None = None,
    ) -> None:
        self.settings = CookieSettings(name=name, same_site=same_site, domain=domain)
        self._only_hosts: Collection[str] | None = None

    @classmethod
    def for_localhost(cls, name: str = "session", *, also: Collection[str] = ()) -> "SessionCookie":
        """For development over http: not Secure, hence no `__Host-`, and refused elsewhere.

        Args:
            name: give each of your applications its own: browsers do not tell ports apart.
            also: further hosts that are you, for example "testserver".
        """
        cookie = cls.__new__(cls)
        cookie.settings = CookieSettings(name=name, secure=False)
        cookie._only_hosts = frozenset(also)
        return cookie

    @property
    def name(self) -> str:
        """The cookie's name."""
        return self.settings.name

    def check_host(self, request: Request) -> None:
        """Refuse to use the insecure cookie for any host but this machine.

        Raises:
            InsecureCookieRefused: the settings are for localhost and the request's host is not.
        """
        if self._only_hosts is None:
            return
        name = host_name(request.headers.get("host") or "")
        if not (is_this_machine(name) or name in self._only_hosts):
            raise InsecureCookieRefused(
                f"SessionCookie.for_localhost() is for localhost only, and the request names the"
                f" host {name!r}: serve over TLS and use SessionCookie()"
            )


def host_name(host: str) -> str:
    """Return the host of a `Host` value without its port, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def is_this_machine(name: str) -> bool:
    """Whether the name can only mean this machine (RFC 6761 section 6.3, loopback addresses)."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
