"""The Bearer scheme: whoever holds the token is the principal (RFC 6750)."""

from dataclasses import replace

from drystone_auth._errors import MalformedCredentials, Unauthorized
from drystone_auth._interfaces import Request, VerifyToken
from drystone_auth._principal import Principal

from .header import build_challenge, parse_authorization


class Bearer:
    """Recognises a principal by `Authorization: Bearer ...`.

    Tokens are read from the header only, never from the body or the query (RFC 6750 sections 2.2
    and 2.3 advise against both).

    Args:
        verify: `async (token) -> Principal | None`, for example `AccessTokens.verify`.
        realm: names the protected space.
    """

    def __init__(self, verify: VerifyToken, *, realm: str = "Restricted") -> None:
        self._verify = verify
        self._realm = realm
        # RFC 6750 3.1: no error code for a request without any credentials.
        self.challenges = (build_challenge("Bearer", realm=realm),)

    async def authenticate(self, request: Request) -> Principal | None:
        """Return the principal; None when the request has no Bearer credentials.

        Raises:
            MalformedCredentials: 400 `invalid_request` (RFC 6750 section 3.1).
            Unauthorized: 401 `invalid_token`.
        """
        credentials = parse_authorization(request.headers.get("authorization"), self.challenges)
        if credentials is None or credentials.scheme != "bearer":
            return None
        if not credentials.is_token68:
            challenge = self._error("invalid_request", "Send exactly one bearer token")
            reason = "Bearer credentials: not a single token68"
            raise MalformedCredentials(reason, status=400, challenges=[challenge])
        principal = await self._verify(credentials.value)
        if principal is None:
            challenge = self._error("invalid_token", "The token is unknown, expired or revoked")
            raise Unauthorized("bearer token did not verify", challenges=[challenge])
        return replace(principal, scheme="bearer")

    def _error(self, error: str, description: str) -> str:
        return build_challenge(
            "Bearer", realm=self._realm, error=error, error_description=description
        )


def insufficient_scope(scopes: frozenset[str]) -> str:
    """Write the challenge for a 403 that names the scopes needed (RFC 6750 section 3.1)."""
    return build_challenge("Bearer", error="insufficient_scope", scope=" ".join(sorted(scopes)))
