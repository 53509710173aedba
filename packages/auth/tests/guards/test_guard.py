"""Who may, and what those are told who may not."""

from typing import Any

import pytest
from drystone_auth import (
    AuthError,
    Forbidden,
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
from drystone_auth.testing import FakeClock, Recorder
from hypothesis import given
from hypothesis import strategies as st

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


async def test_the_reason_is_told_to_the_observer_only() -> None:
    audit = Recorder()
    with pytest.raises(Forbidden) as caught:
        await enforce(roles("admin") | scopes("delete"), ANN, observe=audit)

    (event,) = audit.events
    assert repr(event) == (
        "AccessRefused(reason='the principal has none of the roles admin;"
        " and the credentials lack the scopes delete', user_id='ann', status=403)"
    )
    assert "admin" not in str(caught.value)
    assert caught.value.headers == []


async def test_a_bearer_token_is_told_the_scopes_it_lacks() -> None:
    token = Principal("ann", scheme="bearer")
    for guard in (
        scopes("b", "a"),
        roles("x") | scopes("a", "b"),
        authenticated & scopes("a", "b"),
    ):
        with pytest.raises(Forbidden) as caught:
            await enforce(guard, token)
        assert caught.value.headers == [
            ("WWW-Authenticate", 'Bearer error="insufficient_scope", scope="a b"')
        ]


@pytest.mark.parametrize(("scheme", "shown"), [("session", "Cookie"), ("bearer", "Bearer")])
async def test_step_up_asks_for_a_fresh_login(scheme: str, shown: str) -> None:
    clock = FakeClock()
    principal = Principal("ann", scheme=scheme, authenticated_at=clock.now)
    guard = authenticated & fresh(within=300, clock=clock)
    await enforce(guard, principal)
    clock.now += 300

    with pytest.raises(FreshLoginRequired) as caught:
        await enforce(guard, principal)

    assert caught.value.status == 401
    assert caught.value.headers == [
        ("WWW-Authenticate", f'{shown} error="insufficient_user_authentication", max_age="300"')
    ]


async def test_either_keeps_what_the_second_needs() -> None:
    old = Principal("ann", scheme="session", authenticated_at=0.0)

    for guard in (roles("x") | fresh(clock=CLOCK), fresh(clock=CLOCK) | roles("x")):
        with pytest.raises(FreshLoginRequired):
            await enforce(guard, old)


LEAVES = {"a": roles("a"), "b": roles("b"), "c": roles("c")}
TREES = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: st.tuples(st.sampled_from("&|"), inner, inner) | st.tuples(st.just("~"), inner),
    max_leaves=6,
)


def as_guard(tree: Any) -> Guard:
    if isinstance(tree, str):
        return LEAVES[tree]
    if tree[0] == "~":
        return ~as_guard(tree[1])
    one, other = as_guard(tree[1]), as_guard(tree[2])
    return one & other if tree[0] == "&" else one | other


def as_truth(tree: Any, held: set[str]) -> bool:
    if isinstance(tree, str):
        return tree in held
    if tree[0] == "~":
        return not as_truth(tree[1], held)
    one, other = as_truth(tree[1], held), as_truth(tree[2], held)
    return (one and other) if tree[0] == "&" else (one or other)


@given(TREES, st.sets(st.sampled_from("abc")))
async def test_guards_combine_as_logic_does(tree: Any, held: set[str]) -> None:
    guard = as_guard(tree)
    denial = await guard.denial(Principal("ann", roles=frozenset(held)), None)

    assert (denial is None) is as_truth(tree, held)
    assert await guard.denial(None, None) is not None
