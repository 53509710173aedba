"""The Basic scheme: a user name and a password in every request (RFC 7617)."""

import base64
import binascii
from dataclasses import replace

from drystone_auth._errors import MalformedCredentials, Unauthorized
from drystone_auth._interfaces import Request, VerifyPassword
from drystone_auth._principal import Principal

from .header import build_challenge, parse_authorization


class Basic:
    """Recognises a principal by `Authorization: Basic ...`.

    Basic sends the password with every request: offer it over TLS only.

    Args:
        verify: `async (user name, password) -> Principal | None`.
        realm: names the protected space; shown by the browser's dialog.
    """

    def __init__(self, verify: VerifyPassword, *, realm: str = "Restricted") -> None:
        self._verify = verify
        # RFC 7617 2.1: charset tells the client to encode in UTF-8, the only one we read.
        self.challenges = (build_challenge("Basic", realm=realm, charset="UTF-8"),)

    async def authenticate(self, request: Request) -> Principal | None:
        """Return the principal; None when the request has no Basic credentials.

        Raises:
            MalformedCredentials: 401, they do not follow RFC 7617 section 2.
            Unauthorized: 401, user name and password do not fit together.
        """
        credentials = parse_authorization(request.headers.get("authorization"), self.challenges)
        if credentials is None or credentials.scheme != "basic":
            return None
        try:
            username, password = parse_basic(credentials.value)
        except ValueError as error:
            reason = f"Basic credentials: {error}"
            raise MalformedCredentials(reason, challenges=self.challenges) from None
        principal = await self._verify(username, password)
        if principal is None:
            raise Unauthorized("wrong user name or password", challenges=self.challenges)
        return replace(principal, scheme="basic")


def parse_basic(value: str) -> tuple[str, str]:
    """Decode the base64 of user name, colon and password: "YTpiOmM=" is ("a", "b:c").

    Returns:
        The user name and the password.

    Raises:
        ValueError: not base64, not UTF-8, no colon, or a control character in either
            (RFC 7617 section 2). The message never holds what was sent.
    """
    try:
        decoded = base64.b64decode(value.encode("ascii"), validate=True)
        text = decoded.decode("utf-8")
    except (binascii.Error, UnicodeError):
        # `from None`: the cause's traceback would carry the password.
        raise ValueError("not base64 of UTF-8") from None
    if base64.b64encode(decoded).decode("ascii") != value:
        raise ValueError("not the canonical base64")  # one spelling, so that logs and caches agree
    username, colon, password = text.partition(":")
    if not colon:
        raise ValueError("no colon between user name and password")
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in text):
        raise ValueError("a control character")
    return username, password
