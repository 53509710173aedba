"""CSRF by a double-submitted token, for those who need it: no reliance on the browser's fields.

The token is signed and bound to the session, so neither a cookie that a sibling domain planted
nor another user's token passes. Prefer `CrossOriginProtection`; this stands beside it.
"""

import hashlib
import hmac
from collections.abc import Sequence

from drystone_auth._cookies import CookieSettings, cookie_values
from drystone_auth._errors import CrossOriginRequest
from drystone_auth._interfaces import Request
from drystone_auth._secrets import check_keys, looks_like_secret, new_secret

from .fetch_metadata import SAFE_METHODS


class DoubleSubmit:
    """Issues a token in a cookie that scripts can read, and wants it back in a field or a form.

    Args:
        keys: secrets of at least 32 bytes; the first signs, all verify, so that one can be
            rotated in and out.
        cookie: how the cookie is set.
        header: where a script sends the token.
    """

    def __init__(
        self,
        keys: Sequence[bytes],
        *,
        cookie: CookieSettings = CookieSettings(name="__Host-csrf", http_only=False),  # noqa: B008
        header: str = "X-CSRF-Token",
    ) -> None:
        check_keys(keys, "DoubleSubmit")
        self._keys = tuple(keys)
        self._cookie = cookie
        self._header = header

    def issue(self, session: str) -> tuple[str, str]:
        """Make a token.

        Args:
            session: what to bind it to: the session's handle, new after each login.

        Returns:
            The token, for a hidden form field, and the `Set-Cookie` value.
        """
        nonce = new_secret()
        token = f"{nonce}.{_mac(self._keys[0], session, nonce)}"
        return token, self._cookie.set(token)

    def check(self, request: Request, session: str, submitted: str | None = None) -> None:
        """Let the request pass, or raise.

        Args:
            request: its cookie and its header are read.
            session: what the token must be bound to.
            submitted: the form's field, where there is one; else the header is taken.

        Raises:
            CrossOriginRequest: 403, the token is missing, differs, or is another session's.
        """
        if request.method in SAFE_METHODS:
            return
        sent = submitted if submitted is not None else request.headers.get(self._header)
        cookies = cookie_values(request.headers.get("cookie"), self._cookie.name)
        if not sent or not any(_same(sent, cookie) for cookie in cookies):
            raise CrossOriginRequest("the CSRF token is missing, or is not the cookie's")
        if not self._is_for(sent, session):
            raise CrossOriginRequest("the CSRF token is not signed by us for this session")

    def _is_for(self, token: str, session: str) -> bool:
        nonce, _, mac = token.partition(".")
        if not looks_like_secret(nonce):
            return False
        return any(_same(mac, _mac(key, session, nonce)) for key in self._keys)


def _mac(key: bytes, session: str, nonce: str) -> str:
    message = f"{len(session)}!{session}!{nonce}".encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, hashlib.sha256).hex()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )
