"""Authentication for any Python web framework: schemes, passwords, sessions, guards, throttling."""

from ._access_tokens import AccessToken, AccessTokens, AccessTokenStore
from ._apikey import APIKey
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
from ._authenticator import Authenticator, Visit, keep_from_caches
from ._basic import Basic, parse_basic
from ._bearer import Bearer, insufficient_scope
from ._combine import AllOf, FirstOf
from ._cookies import CookieSettings, cookie_values, parse_cookies
from ._double_submit import DoubleSubmit
from ._errors import (
    AuthError,
    CrossOriginRequest,
    Forbidden,
    FreshLoginRequired,
    MalformedCredentials,
    MissingExtra,
    StoreUnavailable,
    TooManyAttempts,
    Unauthorized,
    Unavailable,
)
from ._fetch_metadata import CrossOriginProtection
from ._guards import (
    Denial,
    Guard,
    anyone,
    authenticated,
    enforce,
    fresh,
    nobody,
    predicate,
    roles,
    scopes,
)
from ._header import Credentials, build_challenge, parse_authorization
from ._interfaces import Clock, Headers, Request, Scheme, VerifyPassword, VerifyToken
from ._legacy_hashes import BcryptHash, Pbkdf2Hash, ScryptHash, legacy_hashes
from ._login import Account, FindAccount, PasswordLogin, SaveHash, WrongPassword
from ._memory import MemoryStore
from ._one_time import InvalidToken, OneTimeToken, OneTimeTokens, OneTimeTokenStore
from ._passwords import Argon2Parameters, LegacyHash, PasswordRejected, Passwords, TooBusy, Verdict
from ._principal import Principal
from ._redis import RedisStore
from ._route_guards import RouteGuards
from ._session import Session
from ._session_cookie import InsecureCookieRefused, SessionCookie
from ._session_record import SessionRecord, SessionStore
from ._session_scheme import FindUser, SessionScheme
from ._sessions import Sessions, Timeouts
from ._signing import BadSignature, Signer
from ._sqlite import SQLiteStore
from ._throttle import (
    Attempt,
    AttemptStore,
    Backoff,
    LoginThrottle,
    normalise_account,
    normalise_address,
)

__version__ = "0.1.0"

__all__ = [
    "APIKey",
    "AccessRefused",
    "AccessToken",
    "AccessTokenStore",
    "AccessTokens",
    "Account",
    "AllOf",
    "Argon2Parameters",
    "Attempt",
    "AttemptStore",
    "AuthError",
    "Authenticator",
    "Backoff",
    "BadSignature",
    "Basic",
    "BcryptHash",
    "Bearer",
    "Clock",
    "CookieSettings",
    "Credentials",
    "CrossOriginProtection",
    "CrossOriginRequest",
    "Denial",
    "DoubleSubmit",
    "Event",
    "FindAccount",
    "FindUser",
    "FirstOf",
    "Forbidden",
    "FreshLoginRequired",
    "Guard",
    "Headers",
    "InsecureCookieRefused",
    "InvalidToken",
    "LegacyHash",
    "LoggedIn",
    "LoggedOut",
    "LoginFailed",
    "LoginThrottle",
    "MalformedCredentials",
    "MemoryStore",
    "MissingExtra",
    "Observer",
    "OneTimeToken",
    "OneTimeTokenStore",
    "OneTimeTokens",
    "PasswordLogin",
    "PasswordRehashed",
    "PasswordRejected",
    "Passwords",
    "Pbkdf2Hash",
    "Principal",
    "Reauthenticated",
    "RedisStore",
    "Refusal",
    "Request",
    "RouteGuards",
    "SQLiteStore",
    "SaveHash",
    "Scheme",
    "ScryptHash",
    "Session",
    "SessionCookie",
    "SessionRecord",
    "SessionRefused",
    "SessionScheme",
    "SessionStore",
    "Sessions",
    "SessionsRevoked",
    "Signer",
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
    "Visit",
    "WrongPassword",
    "anyone",
    "authenticated",
    "build_challenge",
    "cookie_values",
    "enforce",
    "fresh",
    "insufficient_scope",
    "keep_from_caches",
    "legacy_hashes",
    "log_event",
    "nobody",
    "normalise_account",
    "normalise_address",
    "parse_authorization",
    "parse_basic",
    "parse_cookies",
    "predicate",
    "roles",
    "scopes",
]
