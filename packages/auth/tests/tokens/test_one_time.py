"""One-time tokens. Using one twice is in test_attacks.py."""

import pytest
from drystone_auth import InvalidToken, MemoryStore, OneTimeTokens
from drystone_auth.testing import FakeClock, Recorder
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def tokens(store: MemoryStore, clock: FakeClock, audit: Recorder) -> OneTimeTokens:
    return OneTimeTokens(store.one_time_tokens, clock=clock, observe=audit)


async def test_checking_leaves_it_and_redeeming_does_not(
    tokens: OneTimeTokens, audit: Recorder
) -> None:
    secret = await tokens.issue("verify-email", "ann", lifetime=60, data="ann@example.com")

    for act in (tokens.check, tokens.check, tokens.redeem):
        found = await act("verify-email", secret)
        assert (found.user_id, found.data) == ("ann", "ann@example.com")
    for act in (tokens.check, tokens.redeem):
        with pytest.raises(InvalidToken) as caught:
            await act("verify-email", secret)
        assert caught.value.status == 403
        assert secret not in repr(caught.value)
    assert audit.names == ["TokenIssued", "TokenRedeemed", "TokenRefused", "TokenRefused"]


async def test_it_ends_in_time(tokens: OneTimeTokens, clock: FakeClock) -> None:
    secret = await tokens.issue("reset", "ann", lifetime=60)
    clock.now += 60

    with pytest.raises(InvalidToken):
        await tokens.redeem("reset", secret)


async def test_a_new_one_ends_the_older_ones(tokens: OneTimeTokens) -> None:
    first = await tokens.issue("reset", "ann", lifetime=60)
    second = await tokens.issue("reset", "ann", lifetime=60)
    third = await tokens.issue("reset", "ann", lifetime=60, replace=False)

    with pytest.raises(InvalidToken):
        await tokens.redeem("reset", first)
    await tokens.redeem("reset", second)
    await tokens.redeem("reset", third)


async def test_it_can_be_revoked(tokens: OneTimeTokens) -> None:
    secret = await tokens.issue("reset", "ann", lifetime=60)
    await tokens.revoke("reset", "ann")

    with pytest.raises(InvalidToken):
        await tokens.redeem("reset", secret)


async def test_the_store_holds_no_token(tokens: OneTimeTokens, store: MemoryStore) -> None:
    secret = await tokens.issue("reset", "ann", lifetime=60)
    (kept,) = store.one_time_tokens._by_key.values()

    assert secret not in repr(vars(store.one_time_tokens))
    assert kept.key not in repr(kept)
    with pytest.raises(InvalidToken):
        await tokens.redeem("reset", kept.key)


@given(st.text())
async def test_no_invented_token_holds(secret: str) -> None:
    tokens = OneTimeTokens(MemoryStore().one_time_tokens, observe=Recorder())

    for act in (tokens.check, tokens.redeem):
        with pytest.raises(InvalidToken):
            await act("reset", secret)
