"""Slowing down guessers: per account and per address, exponentially.

Only logins are throttled. Whoever has a session keeps it, and may confirm their password on a
count of their own (`device`), so a guesser cannot lock them out.
"""

import hashlib
import ipaddress
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from drystone_auth._audit import Observer, Throttled, log_event, notify
from drystone_auth._errors import TooManyAttempts, Unavailable
from drystone_auth._interfaces import Clock


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after how many failures in a row, in seconds.

    Attributes:
        free: failures without any wait, for people who mistype.
        first: the first wait; each further failure doubles it.
        longest: no wait is longer.
        forget_after: without an attempt for so long, all is forgotten.
    """

    free: int = 5
    first: float = 1.0
    longest: float = 900.0
    forget_after: float = 86400.0

    def __post_init__(self) -> None:
        if self.free < 1 or not self.first > 0 or not self.longest > 0 or self.forget_after < 0:
            raise ValueError(f"Backoff needs free >= 1 and positive times, not {self}")

    def delays(self) -> list[float]:
        """The wait after the first, second, ... failure; the last one counts from there on.

        `Backoff(free=2, first=1, longest=5).delays()` is `[0.0, 1, 2, 4, 5]`: the failure that
        uses up the free ones is the first to cost a wait.
        """
        waits = [0.0] * (self.free - 1)
        wait = self.first
        while wait < self.longest:
            waits.append(wait)
            wait *= 2
        return [*waits, self.longest]


class AttemptStore(Protocol):
    """Counts attempts by key. Every method is atomic."""

    async def acquire(
        self, key: str, delays: Sequence[float], forget_after: float, now: float
    ) -> float:
        """Count an attempt if none is to be waited for.

        Returns:
            0.0 when it may go ahead; then it is counted as a failure, and the next one must wait
            `delays[count - 1]` seconds (the last of them when there are fewer). Otherwise the
            seconds to wait, and nothing is counted. Never more than that delay: where the clock
            went back, or another machine's is ahead, the wait begins anew at `now`.
        """
        ...

    async def release(self, key: str) -> None:
        """Take the latest counted attempt back, with the wait that it caused."""
        ...

    async def clear(self, key: str) -> None:
        """Forget the key."""
        ...


class LoginThrottle:
    """Lets an attempt through or refuses it, before the password is looked at.

    Each attempt counts as failed from its start, so many at once get no further than one after
    the other.

    Args:
        store: for example `SQLiteStore("auth.db").attempts`.
        account: for one account from anywhere.
        address: for one address against any account; higher, as many people may share one.
        clock: seconds since the epoch.
        observe: is told of each refusal.
    """

    def __init__(
        self,
        store: AttemptStore,
        *,
        account: Backoff = Backoff(),
        address: Backoff = Backoff(free=50),
        clock: Clock = time.time,
        observe: Observer = log_event,
    ) -> None:
        self._store = store
        self._account = (account.delays(), account.forget_after)
        self._address = (address.delays(), address.forget_after)
        self._clock = clock
        self._observe = observe

    async def attempt(
        self,
        account: str,
        address: str = "",
        *,
        user_id: str | None = None,
        device: str | None = None,
    ) -> "Attempt":
        """Begin an attempt; tell the result to what is returned.

        Args:
            account: the name that was typed.
            address: the client's, "" when it is not known.
            user_id: whose account was found under that name, None when none was. It is counted
                too, so that several names of one account (a user name and a mail address, an
                accent that the database ignores) buy no more guesses.
            device: something that only this very user's own, known device has, to count it apart;
                `PasswordLogin` gives the handle of their session. Never what anybody can get anew.

        Raises:
            TooManyAttempts: 429; it was not counted.
            StoreUnavailable: 503, the store does not answer, or has no room for another name.
        """
        address_key = _key("address", normalise_address(address)) if address else None
        attempt = Attempt(self._store, [], address_key)
        if address_key is not None:
            await self._acquire(address_key, self._address, "address", address)
        for key in _account_keys(account, user_id, device):
            try:
                await self._acquire(key, self._account, "account", address)
            except (TooManyAttempts, Unavailable):
                # Not counted: else one locked account would lock everybody behind its address.
                await attempt.undo()
                raise
            attempt._accounts.append(key)
        return attempt

    async def _acquire(
        self, key: str, limits: tuple[list[float], float], kind: str, address: str
    ) -> None:
        wait = await self._store.acquire(key, *limits, self._clock())
        if wait > 0:
            error = TooManyAttempts(f"too many failed logins for one {kind}", retry_after=wait)
            event = Throttled(reason=error.reason, address=address, retry_after=error.retry_after)
            notify(self._observe, event)
            raise error


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was let through; without a word from you it counts as failed."""

    _store: AttemptStore
    _accounts: list[str]
    _address: str | None

    async def succeeded(self) -> None:
        """Forget the account's failures; of the address's only this attempt is taken back, so
        that logging in to one's own account buys no more guesses at others.
        """
        for key in self._accounts:
            await self._store.clear(key)
        if self._address is not None:
            await self._store.release(self._address)

    async def undo(self) -> None:
        """Take it back: the password was not looked at after all."""
        for key in (*self._accounts, self._address):
            if key is not None:
                await self._store.release(key)


def normalise_account(name: str) -> str:
    """Return one form for names that people take for the same: any case, width, or accent order.

    Of a name longer than 256 characters, which nobody has, only the case is folded.
    """
    name = name.strip()
    if len(name) > _LONGEST_NAME:
        return name.casefold().strip()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def normalise_address(address: str) -> str:
    """Return what one client cannot easily change about its address.

    IPv4 wrapped in IPv6 (mapped, NAT64, 6to4) is that IPv4; any other IPv6 is its /64, which is
    what a single customer gets; what is no IP address stays as it is.
    """
    try:
        found = ipaddress.ip_address(address.strip("[] ").partition("%")[0])
    except ValueError:
        return address.strip().lower()
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    if found in _NAT64:
        return str(ipaddress.IPv4Address(found.packed[12:]))
    if found.sixtofour is not None:
        return str(found.sixtofour)
    return str(ipaddress.IPv6Network((found.packed[:8] + bytes(8), 64)))


# Putting n combining marks in order takes n * n steps, and it is done in the event loop.
_LONGEST_NAME = 256
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 section 2.1


def _account_keys(account: str, user_id: str | None, device: str | None) -> list[str]:
    name = normalise_account(account)
    if device:
        return [_key("account", name if user_id is None else user_id, device)]
    # As many for a name that nobody has, so that the time does not tell.
    owner = _key("nobody", name) if user_id is None else _key("user", user_id)
    return [_key("account", name, ""), owner]


def _key(*parts: str) -> str:
    # Hashed: people type passwords where the name belongs, and the store need not know either.
    text = "\x00".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
