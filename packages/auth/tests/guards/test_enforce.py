"""What those are told who may not."""

import pytest
from drystone_auth import (
    Forbidden,
    FreshLoginRequired,
    Principal,
    authenticated,
    enforce,
    fresh,
    roles,
    scopes,
)
from drystone_auth.testing import FakeClock, Recorder


async def test_the_reason_is_told_to_the_observer_only() -> None:
    audit = Recorder()
    with pytest.raises(Forbidden) as caught:
        await enforce(roles("admin") | scopes("delete"), Principal("ann"), observe=audit)

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
