"""What a refusal is: a status, the challenges that go with it, and a reason for the log.

`str(error)` is what a client may read and never says which check failed; `error.reason` is for
the log and never holds a secret.
"""

import math
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


class MalformedText(AuthError, ValueError):
    """400: a text that is none, so no store can keep it and no page can show it.

    It holds a lone surrogate, half of a UTF-16 pair, for which UTF-8 has no bytes. JSON may smuggle
    one in as an escape.
    """

    status = 400
    public = "The request holds text that is not valid Unicode."


class Forbidden(AuthError):
    """403: known, but not allowed (RFC 9110 section 15.5.4)."""

    status = 403
    public = "This is not allowed."


class CrossOriginRequest(Forbidden):
    """403: a browser sent this request on behalf of another site (cross-site request forgery)."""

    public = "Requests from other sites are not allowed."


class TooManyAttempts(AuthError):
    """429: too many failed logins (RFC 6585 section 4).

    Attributes:
        retry_after: whole seconds until the next attempt is let through, at least 1.
    """

    status = 429
    public = "Too many attempts. Try again later."

    def __init__(self, reason: str, *, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = max(1, math.ceil(retry_after))

    @property
    def headers(self) -> list[tuple[str, str]]:
        """`Retry-After` in seconds (RFC 9110 section 10.2.3)."""
        return [("Retry-After", str(self.retry_after))]


class Unavailable(AuthError):
    """503: it cannot be decided now, so the answer is no."""

    status = 503
    public = "The service is temporarily unavailable."


class StoreUnavailable(Unavailable):
    """503: the store of sessions, tokens or attempts does not answer.

    Nothing is let through meanwhile. The cause is chained and named in `reason`.
    """


class MissingExtra(ImportError):
    """An optional part is used whose library is not installed; the message names the extra."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra {extra!r}: pip install 'drystone-auth[{extra}]'"
        )


class FreshLoginRequired(Unauthorized):
    """401: the principal holds, but proved who they are too long ago for this (step-up).

    Ask for the password again, then call `Sessions.reauthenticated`. The shape of the challenge
    is RFC 9470's.
    """

    public = "Please confirm who you are."
