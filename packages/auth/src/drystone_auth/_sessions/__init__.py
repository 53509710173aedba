"""Sessions: an id in a cookie, everything else on the server."""

from .cookie import InsecureCookieRefused, SessionCookie
from .record import SessionRecord, SessionStore
from .session import Session
from .sessions import Sessions, Timeouts

__all__ = [
    "InsecureCookieRefused",
    "Session",
    "SessionCookie",
    "SessionRecord",
    "SessionStore",
    "Sessions",
    "Timeouts",
]
