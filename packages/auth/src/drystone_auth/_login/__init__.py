"""Logging in with a password: hashing it, renewing old hashes, slowing down guessers."""

from .legacy_hashes import BcryptHash, Pbkdf2Hash, ScryptHash, legacy_hashes
from .login import Account, FindAccount, PasswordLogin, SaveHash, WrongPassword
from .passwords import Argon2Parameters, LegacyHash, PasswordRejected, Passwords, TooBusy, Verdict
from .throttle import (
    Attempt,
    AttemptStore,
    Backoff,
    LoginThrottle,
    normalise_account,
    normalise_address,
)

__all__ = [
    "Account",
    "Argon2Parameters",
    "Attempt",
    "AttemptStore",
    "Backoff",
    "BcryptHash",
    "FindAccount",
    "LegacyHash",
    "LoginThrottle",
    "PasswordLogin",
    "PasswordRejected",
    "Passwords",
    "Pbkdf2Hash",
    "SaveHash",
    "ScryptHash",
    "TooBusy",
    "Verdict",
    "WrongPassword",
    "legacy_hashes",
    "normalise_account",
    "normalise_address",
]
