"""The session as one scheme among others."""

from dataclasses import replace

from drystone_auth._interfaces import FindUser, Request
from drystone_auth._principal import Principal
from drystone_auth._sessions import Session, Sessions

from .header import build_challenge


class SessionScheme:
    """Recognises a principal by the session cookie.

    Args:
        sessions: where sessions live.
        find_user: looks up the principal in each request, so that a role taken away or an account
            closed counts at once; without it the principal is the bare user id.
        realm: names the protected space.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        find_user: FindUser | None = None,
        realm: str = "Restricted",
    ) -> None:
        self._sessions = sessions
        self._find_user = find_user
        # RFC 9110 15.5.2: a 401 must carry a challenge; there is no registered scheme for cookies.
        challenge = build_challenge("Cookie", realm=realm, **{"cookie-name": sessions.cookie.name})
        self.challenges = (challenge,)

    async def authenticate(self, request: Request) -> Principal | None:
        """Load the request's session and return its principal, None for a visitor."""
        return await self.principal_of(await self._sessions.load(request))

    async def principal_of(self, session: Session) -> Principal | None:
        """Return the principal of a session that is loaded already, None for a visitor."""
        record = session.record
        if record is None or record.user_id is None:
            return None
        if self._find_user is None:
            return Principal(
                record.user_id, scheme="session", authenticated_at=record.authenticated_at
            )
        found = await self._find_user(record.user_id)
        if found is None:
            return None
        return replace(found, scheme="session", authenticated_at=record.authenticated_at)
