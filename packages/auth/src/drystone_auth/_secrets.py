"""Random secrets, the only form in which a store sees them, and what makes a signing key."""

import hashlib
import re
import secrets
from collections.abc import Sequence

# 256 bits: OWASP ASVS 7.2.3 asks for at least 128, and nobody types it.
_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_secret() -> str:
    """Make a secret of 256 random bits: 43 characters of base64url."""
    return secrets.token_urlsafe(_BYTES)


def new_handle() -> str:
    """Make a name that is no credential: 96 random bits."""
    return secrets.token_urlsafe(12)


def looks_like_secret(text: str) -> bool:
    """Whether the text has the shape of `new_secret`; cheap, before anything is looked up."""
    return _SHAPE.fullmatch(text) is not None


def store_key(secret: str) -> str:
    """Return what a store keeps in place of the secret: hex SHA-256.

    A fast hash is enough for 256 random bits; and a lookup by hash leaves an attacker no timing
    to learn the secret from.
    """
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def check_keys(keys: Sequence[bytes], whose: str) -> None:
    """Refuse keys that are too short for HMAC-SHA-256: its own length (RFC 2104 section 3).

    Raises:
        ValueError: no key, or one that is too short.
    """
    if not keys or any(len(key) < 32 for key in keys):
        raise ValueError(f"{whose} needs keys of at least 32 random bytes")
