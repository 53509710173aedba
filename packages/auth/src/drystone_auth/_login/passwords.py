"""Password hashing: argon2id, away from the event loop, a few at a time.

Threats: a stolen database (a slow, memory-hard hash), telling unknown users by the clock (a dummy
hash is verified for them), a flood of logins that eats the machine (bounded work, bounded queue).
"""

import asyncio
import os
import secrets
import unicodedata
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from drystone_auth._errors import MissingExtra, Unavailable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")


class PasswordRejected(ValueError):
    """A new password is too short, too long or too common; the message can be shown."""


class TooBusy(Unavailable):
    """503: more logins at once than the machine can hash."""


class LegacyHash(Protocol):
    """Recognises and verifies one kind of old hash; `drystone_auth.legacy_hashes()` gives some."""

    def recognises(self, stored: str, /) -> bool:
        """Whether the stored hash is of this kind."""
        ...

    def verify(self, password: bytes, stored: str, /) -> bool:
        """Whether the password (UTF-8) fits; False, not an error, for a damaged hash."""
        ...


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """The cost of one hash. The default is RFC 9106's second recommendation: 64 MiB, 3 passes.

    Attributes:
        time_cost: passes.
        memory_cost: KiB.
        parallelism: lanes, each a thread.
    """

    time_cost: int = 3
    memory_cost: int = 64 * 1024
    parallelism: int = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password fits, and what to store instead of the old hash, if anything."""

    ok: bool
    new_hash: str | None = field(default=None, repr=False)


class Passwords:
    """Hashes and verifies passwords in threads of its own.

    Needs the extra `passwords`.

    Args:
        parameters: argon2id's cost; a hash of other cost is renewed at the next login.
        min_length: in characters; OWASP ASVS 6.2.1 asks for 8 at least, and advises 15.
        max_length: in characters; ASVS 6.2.9 asks to allow 64 at least. A longer one is refused,
            never cut.
        common: passwords that everybody guesses, compared in any case.
        legacy: kinds of old hashes to accept, and to replace at login.
        max_parallel: hashes at once; each takes `memory_cost`.
        max_waiting: how many may queue for a turn before `TooBusy`.

    Raises:
        MissingExtra: argon2-cffi is not installed.
    """

    def __init__(
        self,
        *,
        parameters: Argon2Parameters = Argon2Parameters(),
        min_length: int = 8,
        max_length: int = 256,
        common: Collection[str] = (),
        legacy: Sequence[LegacyHash] = (),
        max_parallel: int | None = None,
        max_waiting: int = 100,
    ) -> None:
        self._hasher = _argon2(parameters)
        self._lengths = range(min_length, max_length + 1)
        self._max_length = max_length
        self._common = frozenset(_prepare(word).casefold() for word in common)
        self._legacy = tuple(legacy)
        parallel = max_parallel or min(4, os.cpu_count() or 1)
        self._parallel = parallel
        self._threads: ThreadPoolExecutor | None = None
        self._room = parallel + max_waiting
        self._dummy: str | None = None

    def check(self, password: str) -> None:
        """Refuse a new password that is no good; `hash` does it too.

        Raises:
            PasswordRejected: with a sentence for the person.
        """
        if self._is_absurd(password):
            raise PasswordRejected(f"Use at most {self._max_length} characters.")
        prepared = _prepare(password)
        if len(prepared) < self._lengths.start:
            raise PasswordRejected(f"Use at least {self._lengths.start} characters.")
        if len(prepared) > self._max_length:
            raise PasswordRejected(f"Use at most {self._max_length} characters.")
        if prepared.casefold() in self._common:
            raise PasswordRejected("This password is among the first that anybody guesses.")

    async def hash(self, password: str) -> str:
        """Hash a new password.

        Returns:
            The string to store, with algorithm, cost, salt and hash.

        Raises:
            PasswordRejected: it is too short, too long or too common.
            TooBusy: too many are waiting.
        """
        self.check(password)
        return await self._in_thread(lambda: self._hasher.hash(_encode(password)))

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compare a password with the stored hash.

        Call it for an unknown user too, with None: it then takes as long as for a known one.

        Args:
            password: as typed; one of impossible length does not fit.
            stored: the stored hash, None when there is no such user.

        Returns:
            The verdict; when `new_hash` is there, store it in place of the old one.

        Raises:
            TooBusy: too many are waiting.
        """
        return await self._in_thread(lambda: self._verify(password, stored))

    def close(self) -> None:
        """End the threads; a later call starts new ones."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()

    def _verify(self, password: str, stored: str | None) -> Verdict:
        if self._is_absurd(password):
            password, stored = "", None  # no hashing of megabytes, and no shorter way either
        secret = _encode(password)
        if stored is None or len(_prepare(password)) > self._max_length:
            self._fits(secret, self._dummy_hash())
            return Verdict(False)
        for kind in self._legacy:
            if kind.recognises(stored):
                fits = kind.verify(secret, stored)
                return Verdict(fits, self._hasher.hash(secret) if fits else None)
        if not self._fits(secret, stored):
            return Verdict(False)
        renew = self._hasher.check_needs_rehash(stored)
        return Verdict(True, self._hasher.hash(secret) if renew else None)

    def _is_absurd(self, password: str) -> bool:
        """Whether no normal form is short enough: known before the work of making one, which
        grows with the square of the length.
        """
        return len(password) > 4 * self._max_length

    def _fits(self, secret: bytes, stored: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(stored, secret)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False  # the last two: what is stored is no hash

    def _dummy_hash(self) -> str:
        if self._dummy is None:
            self._dummy = self._hasher.hash(secrets.token_bytes(16))
        return self._dummy

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._room == 0:
            raise TooBusy("more password hashes are waiting than max_waiting")
        self._room -= 1
        if self._threads is None:
            self._threads = ThreadPoolExecutor(
                self._parallel, thread_name_prefix="drystone-auth-passwords"
            )
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._room += 1


def _argon2(parameters: Argon2Parameters) -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher, Type
    except ImportError:
        raise MissingExtra("Passwords", "passwords") from None
    return PasswordHasher(
        time_cost=parameters.time_cost,
        memory_cost=parameters.memory_cost,
        parallelism=parameters.parallelism,
        type=Type.ID,
    )


def _prepare(password: str) -> str:
    """One form for what looks the same, however it was typed (RFC 8265 section 4.2.2: NFC)."""
    return unicodedata.normalize("NFC", password)


def _encode(password: str) -> bytes:
    return _prepare(password).encode("utf-8", "surrogatepass")
