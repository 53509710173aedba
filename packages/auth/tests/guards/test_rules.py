"""Who may: the guards that come with the package, alone and together."""

from typing import Any

import pytest
from drystone_auth import (
    AuthError,
    FreshLoginRequired,
    Guard,
    Principal,
    Unauthorized,
    anyone,
    authenticated,
    enforce,
    fresh,
    nobody,
    predicate,
    roles,
    scopes,
)
from drystone_auth.testing import FakeClock

ANN = Principal(
    "ann",
    scopes=frozenset({"read", "write"}),
    roles=frozenset({"editor"}),
    scheme="session",
    authenticated_at=1000.0,
)
CLOCK = FakeClock(1000.0)


async def even(principal: Principal, request: Any) -> bool:
    return bool(request % 2 == 0)


PASSES = [
    anyone,
    authenticated,
    scopes("read"),
    scopes("read", "write"),
    scopes(),
    roles("editor", "admin"),
    fresh(clock=CLOCK),
    predicate(lambda principal, request: principal.id == "ann", "not ann"),
    predicate(even, "odd"),
    authenticated & roles("editor"),
    roles("admin") | roles("editor"),
    roles("editor") | roles("admin"),
    ~roles("admin"),
    ~(roles("admin") & authenticated),
]
REFUSES = [
    nobody,
    scopes("delete"),
    scopes("read", "delete"),
    roles("admin"),
    roles(),
    fresh(within=0, clock=CLOCK),
    predicate(lambda principal, request: False, "never"),
    predicate(lambda principal, request: None, "forgot to return"),  # type: ignore[arg-type, return-value]
    predicate(lambda principal, request: 1, "is not True"),  # type: ignore[arg-type, return-value]
    ~predicate(even, "odd"),
    authenticated & roles("admin"),
    roles("admin") & authenticated,
    roles("admin") | nobody,
    ~authenticated,
]


@pytest.mark.parametrize("guard", PASSES)
async def test_those_who_may_pass(guard: Guard) -> None:
    assert await enforce(guard, ANN, 2) is ANN


@pytest.mark.parametrize("guard", REFUSES)
async def test_those_who_may_not_are_refused(guard: Guard) -> None:
    with pytest.raises(AuthError) as caught:
        await enforce(guard, ANN, 2)

    assert caught.value.status == (401 if isinstance(caught.value, FreshLoginRequired) else 403)


@pytest.mark.parametrize("guard", [*PASSES[1:], *REFUSES])
async def test_strangers_get_401_with_the_challenges(guard: Guard) -> None:
    with pytest.raises(Unauthorized) as caught:
        await enforce(guard, None, 2, challenges=('Basic realm="x"',))

    assert caught.value.headers == [("WWW-Authenticate", 'Basic realm="x"')]


async def test_anyone_may_be_nobody() -> None:
    assert await enforce(anyone, None) is None
    assert await enforce(anyone | authenticated, None) is None
    assert await enforce(authenticated | anyone, None) is None
