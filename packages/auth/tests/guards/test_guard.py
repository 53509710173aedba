"""Guards combine as logic does."""

from typing import Any

import pytest
from drystone_auth import FreshLoginRequired, Guard, Principal, enforce, fresh, roles
from drystone_auth.testing import FakeClock
from hypothesis import given
from hypothesis import strategies as st


async def test_either_keeps_what_the_second_needs() -> None:
    clock = FakeClock(1000.0)
    old = Principal("ann", scheme="session", authenticated_at=0.0)

    for guard in (roles("x") | fresh(clock=clock), fresh(clock=clock) | roles("x")):
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
