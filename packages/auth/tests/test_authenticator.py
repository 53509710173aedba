"""What every adapter does with a request; the whole way is in test_asgi.py."""

import pytest
from drystone_auth import (
    Authenticator,
    AuthError,
    Bearer,
    MemoryStore,
    Principal,
    Sessions,
    authenticated,
    keep_from_caches,
)
from drystone_auth.testing import FakeRequest, Recorder


async def verify(token: str) -> Principal | None:
    return None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, "no-store"),
        ("", "no-store"),
        ("public, max-age=60", "no-store"),
        ("max-age=60", "no-store"),
        ("no-cache", "no-store"),
        ("private", "private"),
        ("Private, max-age=60", "Private, max-age=60"),
        ("max-age=0, NO-STORE", "max-age=0, NO-STORE"),
        ("not-private", "no-store"),
        ("public, No-Transform", "no-store, no-transform"),
    ],
)
def test_a_session_cookie_is_kept_from_caches(given: str | None, kept: str) -> None:
    assert keep_from_caches(given) == kept


async def test_a_visit_without_sessions_commits_nothing() -> None:
    visit = await Authenticator().admit(FakeRequest())

    assert (visit.principal, visit.has_session, await visit.commit()) == (None, False, [])


async def test_a_401_of_a_scheme_carries_the_cookies_challenge_too() -> None:
    audit = Recorder()
    authenticator = Authenticator(
        sessions=Sessions(MemoryStore().sessions), schemes=(Bearer(verify),), observe=audit
    )
    with pytest.raises(AuthError) as caught:
        await authenticator.admit(FakeRequest(authorization="Bearer x"))

    assert [text.partition(" ")[0] for text in caught.value.challenges] == ["Bearer", "Cookie"]
    assert audit.names == ["AccessRefused"]


async def test_a_path_without_rules_is_the_endpoints_matter() -> None:
    visit = await Authenticator().admit(FakeRequest(), "/anything", "/any%2Fthing")

    with pytest.raises(AuthError):
        await visit.enforce(authenticated)
