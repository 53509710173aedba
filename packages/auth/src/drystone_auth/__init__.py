"""Authentication for any Python web framework: schemes, passwords, sessions, guards, throttling."""

from ._basic import Basic, parse_basic
from ._bearer import Bearer
from ._errors import AuthError, Forbidden, MalformedCredentials, Unauthorized
from ._header import Credentials, build_challenge, parse_authorization
from ._interfaces import Clock, Headers, Request, Scheme, VerifyPassword, VerifyToken
from ._principal import Principal

__version__ = "0.1.0"

__all__ = [
    "AuthError",
    "Basic",
    "Bearer",
    "Clock",
    "Credentials",
    "Forbidden",
    "Headers",
    "MalformedCredentials",
    "Principal",
    "Request",
    "Scheme",
    "Unauthorized",
    "VerifyPassword",
    "VerifyToken",
    "build_challenge",
    "parse_authorization",
    "parse_basic",
]
