"""Authentication for any Python web framework: schemes, passwords, sessions, guards, throttling."""

from ._audit import (
    AccessRefused,
    Event,
    LoggedIn,
    LoggedOut,
    LoginFailed,
    Observer,
    PasswordRehashed,
    Reauthenticated,
    Refusal,
    SessionRefused,
    SessionsRevoked,
    Throttled,
    TokenIssued,
    TokenRedeemed,
    TokenRefused,
    TokensRevoked,
    log_event,
)
from ._basic import Basic, parse_basic
from ._bearer import Bearer
from ._cookies import CookieSettings, cookie_values, parse_cookies
from ._errors import (
    AuthError,
    CrossOriginRequest,
    Forbidden,
    MalformedCredentials,
    MissingExtra,
    StoreUnavailable,
    TooManyAttempts,
    Unauthorized,
    Unavailable,
)
from ._fetch_metadata import CrossOriginProtection
from ._header import Credentials, build_challenge, parse_authorization
from ._interfaces import Clock, Headers, Request, Scheme, VerifyPassword, VerifyToken
from ._memory import MemoryStore
from ._passwords import Argon2Parameters, LegacyHash, PasswordRejected, Passwords, TooBusy, Verdict
from ._principal import Principal
from ._session import Session
from ._session_cookie import InsecureCookieRefused, SessionCookie
from ._session_record import SessionRecord, SessionStore
from ._session_scheme import FindUser, SessionScheme
from ._sessions import Sessions, Timeouts
from ._sqlite import SQLiteStore

__version__ = "0.1.0"

__all__ = [
    "AccessRefused",
    "Argon2Parameters",
    "AuthError",
    "Basic",
    "Bearer",
    "Clock",
    "CookieSettings",
    "Credentials",
    "CrossOriginProtection",
    "CrossOriginRequest",
    "Event",
    "FindUser",
    "Forbidden",
    "Headers",
    "InsecureCookieRefused",
    "LegacyHash",
    "LoggedIn",
    "LoggedOut",
    "LoginFailed",
    "MalformedCredentials",
    "MemoryStore",
    "MissingExtra",
    "Observer",
    "PasswordRehashed",
    "PasswordRejected",
    "Passwords",
    "Principal",
    "Reauthenticated",
    "Refusal",
    "Request",
    "SQLiteStore",
    "Scheme",
    "Session",
    "SessionCookie",
    "SessionRecord",
    "SessionRefused",
    "SessionScheme",
    "SessionStore",
    "Sessions",
    "SessionsRevoked",
    "StoreUnavailable",
    "Throttled",
    "Timeouts",
    "TokenIssued",
    "TokenRedeemed",
    "TokenRefused",
    "TokensRevoked",
    "TooBusy",
    "TooManyAttempts",
    "Unauthorized",
    "Unavailable",
    "Verdict",
    "VerifyPassword",
    "VerifyToken",
    "build_challenge",
    "cookie_values",
    "log_event",
    "parse_authorization",
    "parse_basic",
    "parse_cookies",
]
