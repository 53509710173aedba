"""From a guard's denial to what is answered."""

from typing import Any

from drystone_auth._audit import AccessRefused, Observer, log_event, notify
from drystone_auth._errors import AuthError, Forbidden, FreshLoginRequired, Unauthorized
from drystone_auth._principal import Principal
from drystone_auth._schemes import build_challenge, insufficient_scope

from .guard import Denial, Guard


async def enforce(
    guard: Guard,
    principal: Principal | None,
    request: Any = None,
    *,
    challenges: tuple[str, ...] = (),
    observe: Observer = log_event,
) -> Principal | None:
    """Let the principal pass, or raise what to answer.

    Args:
        guard: the condition.
        principal: who asks, None when nobody was recognised.
        request: handed to predicates, unread.
        challenges: of the schemes that would be taken, for a 401.
        observe: is told the reason.

    Returns:
        The principal; None only where the guard admits anyone.

    Raises:
        Unauthorized: 401, there is no principal.
        FreshLoginRequired: 401, they logged in too long ago.
        Forbidden: 403, they may not; for a bearer token with the scopes that it lacks.
    """
    denial = await guard.denial(principal, request)
    if denial is None:
        return principal
    error = _error(denial, principal, challenges)
    event = AccessRefused(
        reason=denial.reason, user_id=principal.id if principal else None, status=error.status
    )
    notify(observe, event)
    raise error


def _error(denial: Denial, principal: Principal | None, challenges: tuple[str, ...]) -> AuthError:
    if principal is None or denial.anonymous:
        return Unauthorized(denial.reason, challenges=challenges)
    if denial.max_age is not None:
        challenge = build_challenge(
            "Bearer" if principal.scheme == "bearer" else "Cookie",
            error="insufficient_user_authentication",
            max_age=str(int(denial.max_age)),
        )
        return FreshLoginRequired(denial.reason, challenges=[challenge])
    if denial.scopes and principal.scheme == "bearer":
        return Forbidden(denial.reason, challenges=[insufficient_scope(denial.scopes)])
    return Forbidden(denial.reason)
