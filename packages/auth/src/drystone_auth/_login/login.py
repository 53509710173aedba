"""A login by name and password, with everything that belongs to it in the right order."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from drystone_auth._audit import LoginFailed, Observer, PasswordRehashed, log_event, notify
from drystone_auth._errors import Unauthorized, Unavailable
from drystone_auth._principal import Principal
from drystone_auth._sessions import Session

from .passwords import Passwords, Verdict
from .throttle import Attempt, LoginThrottle


@dataclass(frozen=True, slots=True)
class Account:
    """What a login needs to know of a user.

    Attributes:
        principal: who they are.
        password_hash: what `Passwords.hash` gave; None when they have no password.
    """

    principal: Principal
    password_hash: str | None = field(repr=False)


FindAccount = Callable[[str], Awaitable[Account | None]]
"""`(name as typed) -> account`, or None. Fold names as you did when they signed up."""

SaveHash = Callable[[str, str], Awaitable[None]]
"""`(user id, new hash)`: store it in place of the old one."""


class WrongPassword(Unauthorized):
    """401: name and password do not fit together; it is not told which of them is wrong."""

    public = "The name or the password is wrong."


class PasswordLogin:
    """Throttle, look up, verify, renew the hash, report.

    Args:
        find_account: looks a name up.
        passwords: verifies.
        save_hash: stores a renewed hash.
        throttle: slows guessers down; None only if something in front of you does.
        challenges: for the 401's `WWW-Authenticate`, usually a scheme's `challenges`.
        observe: is told of each failure and each renewed hash.
    """

    def __init__(
        self,
        find_account: FindAccount,
        passwords: Passwords,
        *,
        save_hash: SaveHash,
        throttle: LoginThrottle | None,
        challenges: Sequence[str] = (),
        observe: Observer = log_event,
    ) -> None:
        self._find_account = find_account
        self._passwords = passwords
        self._save_hash = save_hash
        self._throttle = throttle
        self._challenges = tuple(challenges)
        self._observe = observe

    async def check(
        self, name: str, password: str, *, address: str = "", session: Session | None = None
    ) -> Principal:
        """Return the principal whose password this is; then call `Sessions.login`.

        Args:
            name: as typed.
            password: as typed.
            address: the client's, for the throttle and the log.
            session: the request's. When it is this very user's, who confirms the password, it has
                a count of its own, so that guessers elsewhere lock nobody out.

        Raises:
            WrongPassword: 401, whichever of the two is wrong, after the same time.
            TooManyAttempts: 429 with `Retry-After`.
            Unavailable: 503, the store does not answer or too many hashes are waiting.
        """
        account = await self._find_account(name)
        attempt = None
        if self._throttle is not None:
            device = _own_device(session, account)
            user_id = None if account is None else account.principal.id
            attempt = await self._throttle.attempt(name, address, user_id=user_id, device=device)
        verdict = await self._verify(password, account, attempt)
        if account is None or not verdict.ok:
            self._report(account, address)
            raise WrongPassword("wrong user name or password", challenges=self._challenges)
        if attempt is not None:
            await attempt.succeeded()
        if verdict.new_hash is not None:
            await self._renew(name, account, verdict.new_hash)
        return account.principal

    async def verify(self, name: str, password: str) -> Principal | None:
        """As `check`, in the shape that `Basic` wants: None for a wrong password."""
        try:
            return await self.check(name, password)
        except WrongPassword:
            return None

    async def _verify(
        self, password: str, account: Account | None, attempt: Attempt | None
    ) -> Verdict:
        stored = None if account is None else account.password_hash
        try:
            return await self._passwords.verify(password, stored)
        except Unavailable:
            if attempt is not None:
                await attempt.undo()  # the password was not looked at
            raise

    async def _renew(self, name: str, account: Account, new_hash: str) -> None:
        # Hashing takes its time: a password that was changed meanwhile must not come back.
        today = await self._find_account(name)
        if today is None or today.password_hash != account.password_hash:
            return
        await self._save_hash(account.principal.id, new_hash)
        notify(self._observe, PasswordRehashed(user_id=account.principal.id))

    def _report(self, account: Account | None, address: str) -> None:
        reason = "unknown account" if account is None else "wrong password"
        user_id = None if account is None else account.principal.id
        notify(self._observe, LoginFailed(reason=reason, user_id=user_id, address=address))


def _own_device(session: Session | None, account: Account | None) -> str | None:
    """Return the session's handle if it is the account's.

    Any other session must not buy a count of its own: sessions are to be had for nothing.
    """
    if session is None or account is None or session.user_id != account.principal.id:
        return None
    return session.handle
