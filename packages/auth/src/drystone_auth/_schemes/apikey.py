"""API keys: a secret of a program, in a field of its own or, where asked for, in the query.

The same secrets as Bearer tokens, for clients that know only this way. A query ends up in logs
and histories, so it is read only when it is named.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from drystone_auth._errors import MalformedCredentials, Unauthorized
from drystone_auth._interfaces import Request, VerifyToken
from drystone_auth._principal import Principal

from .header import build_challenge

# No comma and no space, so two joined field lines are seen and refused.
_KEY = re.compile(r"[!-+\--~]+", re.ASCII)


class APIKey:
    """Recognises a principal by a key in a header.

    Args:
        verify: `async (key) -> Principal | None`, for example `AccessTokens.verify`.
        header: the field that holds the key.
        query: the query parameter that may hold it instead; None to leave the query alone.
        query_string: gives the request's raw query, as `request.query_string` by default.
        realm: names the protected space.
    """

    def __init__(
        self,
        verify: VerifyToken,
        *,
        header: str = "X-API-Key",
        query: str | None = None,
        query_string: Callable[[Any], str] = operator.attrgetter("query_string"),
        realm: str = "Restricted",
    ) -> None:
        self._verify = verify
        self._header = header
        self._query = query
        self._query_string = query_string
        # No registered scheme; but a 401 must carry a challenge (RFC 9110 section 15.5.2).
        self.challenges = (build_challenge("ApiKey", realm=realm, name=header),)

    async def authenticate(self, request: Request) -> Principal | None:
        """Return the principal; None when the request has no key.

        Raises:
            MalformedCredentials: 400, more than one key, or characters that no key has.
            Unauthorized: 401, the key is unknown, expired or revoked.
        """
        keys = self._keys(request)
        if not keys:
            return None
        if len(keys) > 1 or _KEY.fullmatch(keys[0]) is None:
            reason = f"API key: {len(keys)} came, or not in one piece"
            raise MalformedCredentials(reason, status=400, challenges=self.challenges)
        principal = await self._verify(keys[0])
        if principal is None:
            raise Unauthorized("the API key did not verify", challenges=self.challenges)
        # Told apart: any site can write a link or a form with a key of its own in the query.
        in_header = request.headers.get(self._header) is not None
        return replace(principal, scheme="api-key" if in_header else "api-key-in-query")

    def _keys(self, request: Request) -> list[str]:
        sent = request.headers.get(self._header)
        keys = [] if sent is None else [sent]
        if self._query is not None:
            query = parse_qsl(self._query_string(request), keep_blank_values=True)
            keys += [value for name, value in query if name == self._query]
        return keys
