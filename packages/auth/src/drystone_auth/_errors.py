"""What a refusal is: a status, the challenges that go with it, and a reason for the log.

`str(error)` is what a client may read and never says which check failed; `error.reason` is for
the log and never holds a secret.
"""

from collections.abc import Sequence


class AuthError(Exception):
    """A refusal that knows how to be answered.

    Attributes:
        status: the HTTP status to answer with.
        reason: why, for the log; never a credential.
        challenges: values for `WWW-Authenticate`, one field line each.
    """

    status = 500
    public = "The request was refused."

    def __init__(self, reason: str, *, challenges: Sequence[str] = ()) -> None:
        super().__init__(self.public)
        self.reason = reason
        self.challenges = tuple(challenges)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The response fields that belong to this refusal, as (name, value) pairs."""
        return [("WWW-Authenticate", challenge) for challenge in self.challenges]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.status}, reason={self.reason!r})"


class Unauthorized(AuthError):
    """401: no credentials, or credentials that do not hold (RFC 9110 section 15.5.2)."""

    status = 401
    public = "Authentication is required."


class MalformedCredentials(AuthError):
    """Credentials that do not follow their grammar.

    The status is 401 (RFC 9110 section 11.4 counts them as invalid credentials), or 400 where the
    scheme says so (Bearer, RFC 6750 section 3.1).
    """

    status = 401
    public = "The credentials could not be read."

    def __init__(self, reason: str, *, status: int = 401, challenges: Sequence[str] = ()) -> None:
        super().__init__(reason, challenges=challenges)
        self.status = status


class Forbidden(AuthError):
    """403: known, but not allowed (RFC 9110 section 15.5.4)."""

    status = 403
    public = "This is not allowed."
