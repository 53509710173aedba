"""Old password hashes, recognised so that they can be replaced at the next login.

pbkdf2 and scrypt come from Python's own OpenSSL, bcrypt from the `bcrypt` library. The spellings
are those that people have: Django's, Werkzeug's, and passlib's modular crypt format.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from drystone_auth._errors import MissingExtra

if TYPE_CHECKING:
    from .passwords import LegacyHash

# A stored hash is data: one that asks for absurd work is not obeyed.
_MOST_ITERATIONS = 10_000_000
_MOST_MEMORY = 1 << 30


class BcryptHash:
    """`$2a$`, `$2b$`, `$2x$`, `$2y$`, and Django's `bcrypt$` and `bcrypt_sha256$` around them."""

    _SHAPE = re.compile(
        r"(bcrypt\$|bcrypt_sha256\$)?(\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53})", re.ASCII
    )

    def __init__(self) -> None:
        try:
            import bcrypt
        except ImportError:
            raise MissingExtra("bcrypt hashes", "legacy-passwords") from None
        self._checkpw: Callable[[bytes, bytes], bool] = bcrypt.checkpw

    def recognises(self, stored: str) -> bool:
        """Whether it is one of these."""
        return self._SHAPE.fullmatch(stored) is not None

    def verify(self, password: bytes, stored: str) -> bool:
        """Whether the password fits; like every bcrypt, it reads the first 72 bytes only."""
        found = self._SHAPE.fullmatch(stored)
        if found is None:
            return False
        if found[1] == "bcrypt_sha256$":
            password = hashlib.sha256(password).hexdigest().encode()
        try:
            # The library refuses longer ones; those who hashed them had them cut in silence.
            return self._checkpw(password[:72], found[2].encode())
        except ValueError:
            return False


class Pbkdf2Hash:
    """Django's `pbkdf2_sha256$n$salt$b64`, Werkzeug's `pbkdf2:sha256:n$salt$hex`, passlib's
    `$pbkdf2-sha256$n$salt$checksum`; each also with sha1 or sha512 where that exists.
    """

    _DJANGO = re.compile(r"pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]+)\$([A-Za-z0-9+/=]+)", re.ASCII)
    _WERKZEUG = re.compile(r"pbkdf2:(sha1|sha256|sha512):(\d{1,8})\$([^$]+)\$([0-9a-f]+)", re.ASCII)
    _PASSLIB = re.compile(
        r"\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,8})\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]+)", re.ASCII
    )

    def recognises(self, stored: str) -> bool:
        """Whether it is one of these."""
        return self._parse(stored) is not None

    def verify(self, password: bytes, stored: str) -> bool:
        """Whether the password fits."""
        parsed = self._parse(stored)
        if parsed is None:
            return False
        digest, iterations, salt, expected = parsed
        if not 0 < iterations <= _MOST_ITERATIONS:
            return False
        actual = hashlib.pbkdf2_hmac(digest, password, salt, iterations, len(expected))
        return hmac.compare_digest(actual, expected)

    def _parse(self, stored: str) -> tuple[str, int, bytes, bytes] | None:
        try:
            if found := self._DJANGO.fullmatch(stored):
                return found[1], int(found[2]), found[3].encode(), base64.b64decode(found[4])
            if found := self._WERKZEUG.fullmatch(stored):
                return found[1], int(found[2]), found[3].encode(), bytes.fromhex(found[4])
            if found := self._PASSLIB.fullmatch(stored):
                salt, checksum = _ab64(found[3]), _ab64(found[4])
                return found[1] or "sha1", int(found[2]), salt, checksum
        except ValueError:
            pass
        return None


class ScryptHash:
    """Django's `scrypt$n$salt$r$p$b64`, Werkzeug's `scrypt:n:r:p$salt$hex`, passlib's
    `$scrypt$ln=..,r=..,p=..$salt$checksum`.
    """

    _DJANGO = re.compile(
        r"scrypt\$(\d{1,9})\$([^$]+)\$(\d{1,4})\$(\d{1,4})\$([A-Za-z0-9+/=]+)", re.ASCII
    )
    _WERKZEUG = re.compile(r"scrypt:(\d{1,9}):(\d{1,4}):(\d{1,4})\$([^$]+)\$([0-9a-f]+)", re.ASCII)
    _PASSLIB = re.compile(
        r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)",
        re.ASCII,
    )

    def recognises(self, stored: str) -> bool:
        """Whether it is one of these."""
        return self._parse(stored) is not None

    def verify(self, password: bytes, stored: str) -> bool:
        """Whether the password fits."""
        parsed = self._parse(stored)
        if parsed is None:
            return False
        n, r, p, salt, expected = parsed
        memory = 128 * r * (n + p + 2)
        if memory > _MOST_MEMORY:
            return False
        try:
            actual = hashlib.scrypt(
                password, salt=salt, n=n, r=r, p=p, maxmem=2 * memory, dklen=len(expected)
            )
        except ValueError:
            return False  # such as an n that is no power of two
        return hmac.compare_digest(actual, expected)

    def _parse(self, stored: str) -> tuple[int, int, int, bytes, bytes] | None:
        try:
            if found := self._DJANGO.fullmatch(stored):
                n, salt, r, p, checksum = found.groups()
                return int(n), int(r), int(p), salt.encode(), base64.b64decode(checksum)
            if found := self._WERKZEUG.fullmatch(stored):
                n, r, p, salt, checksum = found.groups()
                return int(n), int(r), int(p), salt.encode(), bytes.fromhex(checksum)
            if found := self._PASSLIB.fullmatch(stored):
                ln, r, p, salt, checksum = found.groups()
                return 1 << int(ln), int(r), int(p), _ab64(salt), _ab64(checksum)
        except ValueError:
            pass
        return None


def legacy_hashes() -> "list[LegacyHash]":
    """Return all kinds that are known here, for `Passwords(legacy=legacy_hashes())`.

    Needs the extra `legacy-passwords`; for pbkdf2 and scrypt alone, which need none, write
    `legacy=[Pbkdf2Hash(), ScryptHash()]`.

    Raises:
        MissingExtra: bcrypt is not installed.
    """
    return [BcryptHash(), Pbkdf2Hash(), ScryptHash()]


def _ab64(text: str) -> bytes:
    """Decode passlib's base64: "." for "+", no padding."""
    padded = text.replace(".", "+") + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
