"""Opaque tokens for programs."""

import pytest
from drystone_auth import AccessTokens, Bearer, MemoryStore, Principal
from drystone_auth.testing import FakeClock, FakeRequest, Recorder
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def tokens(store: MemoryStore, clock: FakeClock, audit: Recorder) -> AccessTokens:
    return AccessTokens(store.access_tokens, clock=clock, observe=audit)


async def test_a_token_stands_for_its_user_and_scopes(tokens: AccessTokens) -> None:
    secret, token = await tokens.issue("ann", label="laptop", scopes=["read"])

    assert secret.startswith("dst_")
    assert len(secret) == 47
    assert await tokens.verify(secret) == Principal("ann", scopes=frozenset({"read"}))
    principal = await Bearer(tokens.verify).authenticate(
        FakeRequest(authorization=f"Bearer {secret}")
    )
    assert principal is not None
    assert principal.scheme == "bearer"
    assert (token.label, token.expires_at) == ("laptop", None)


async def test_the_store_and_the_repr_hold_no_token(
    tokens: AccessTokens, store: MemoryStore
) -> None:
    secret, token = await tokens.issue("ann")

    assert secret not in repr(vars(store.access_tokens))
    assert token.key not in repr(token)
    assert await tokens.verify(token.key) is None
    assert await tokens.verify(token.handle) is None


async def test_it_ends_in_time(tokens: AccessTokens, clock: FakeClock) -> None:
    secret, _ = await tokens.issue("ann", lifetime=60)
    clock.now += 59
    assert await tokens.verify(secret) is not None
    clock.now += 1
    assert await tokens.verify(secret) is None


async def test_use_is_noted_once_a_minute(tokens: AccessTokens, clock: FakeClock) -> None:
    secret, _ = await tokens.issue("ann")
    used = []
    for _ in range(4):
        await tokens.verify(secret)
        used.append((await tokens.active("ann"))[0].last_used_at)
        clock.now += 30

    start = clock.now - 120
    assert used == [start, start, start + 60, start + 60]


async def test_list_and_revoke(tokens: AccessTokens, audit: Recorder) -> None:
    first, token = await tokens.issue("ann")
    second, _ = await tokens.issue("ann")
    await tokens.issue("bob")

    assert not await tokens.revoke("bob", token.handle)
    assert await tokens.revoke("ann", token.handle)
    assert await tokens.verify(first) is None
    assert await tokens.verify(second) is not None
    assert await tokens.revoke_all("ann") == 1
    assert await tokens.active("ann") == []
    assert audit.names == ["TokenIssued"] * 3 + ["TokensRevoked"] * 3


async def test_a_closed_account_counts_at_once(store: MemoryStore) -> None:
    users = {"ann": Principal("ann", roles=frozenset({"editor"}), scopes=frozenset({"all"}))}

    async def find(user_id: str) -> Principal | None:
        return users.get(user_id)

    tokens = AccessTokens(store.access_tokens, find_user=find, observe=Recorder())
    secret, _ = await tokens.issue("ann", scopes=["read"])

    principal = await tokens.verify(secret)
    assert principal is not None
    assert principal.roles == {"editor"}
    assert principal.scopes == {"read"}
    users.clear()
    assert await tokens.verify(secret) is None


@pytest.mark.parametrize("prefix", ["", "a b", "a_b", "x" * 17, "\u00e9"])
def test_a_prefix_is_letters_and_digits(prefix: str, store: MemoryStore) -> None:
    with pytest.raises(ValueError, match="prefix"):
        AccessTokens(store.access_tokens, prefix=prefix)


@given(st.text() | st.from_regex(r"dst_[A-Za-z0-9_-]{43}", fullmatch=True))
async def test_no_invented_token_holds(secret: str) -> None:
    assert await AccessTokens(MemoryStore().access_tokens).verify(secret) is None


@pytest.mark.parametrize("scope", ["", "read admin", 'a"b', "a\\b", "caf\u00e9", "a\n"])
async def test_a_scope_that_would_be_two_or_breaks_a_challenge_is_refused(
    scope: str, tokens: AccessTokens
) -> None:
    with pytest.raises(ValueError, match="scope"):
        await tokens.issue("ann", scopes=["read", scope])


async def test_a_token_is_never_a_fresh_login(store: MemoryStore) -> None:
    async def find_user(user_id: str) -> Principal | None:
        return Principal(user_id, scopes=frozenset({"all"}), authenticated_at=1e12)

    tokens = AccessTokens(store.access_tokens, find_user=find_user, observe=Recorder())
    secret, _ = await tokens.issue("ann", scopes=["read"])

    assert await tokens.verify(secret) == Principal("ann", scopes=frozenset({"read"}))
