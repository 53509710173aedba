"""The contracts of the token stores, as cases. `drystone_auth.testing` runs them."""

import asyncio
from dataclasses import replace
from typing import Any

from drystone_auth._tokens import AccessToken, AccessTokenStore, OneTimeToken, OneTimeTokenStore

from .expect import NO_TEXT, expect, expect_no_text_taken, expect_same

NOW = 1_000.0


def access_token(handle: str = "h1", user_id: str = "ann", **changes: Any) -> AccessToken:
    """Return a token without an end."""
    token = AccessToken(
        handle=handle,
        key=f"key-of-{handle}",
        user_id=user_id,
        label="caf\u00e9's laptop",
        scopes=frozenset({"read", "write"}),
        created_at=NOW,
    )
    return replace(token, **changes)


async def what_is_inserted_is_found(store: AccessTokenStore) -> None:
    """Every field comes back."""
    for token in (
        access_token(),
        access_token("h2", expires_at=NOW + 5.25, last_used_at=NOW, scopes=frozenset()),
    ):
        await store.insert(token, NOW)
        expect_same(await store.find(token.key, NOW), token, "find gives what insert took")
    expect_same(await store.find("h1", NOW), None, "a handle is no key")


async def an_expired_token_does_not_exist(store: AccessTokenStore) -> None:
    """At `expires_at` it is over; one without an end is not."""
    await store.insert(access_token(expires_at=NOW + 5), NOW)
    await store.insert(access_token("h2"), NOW)
    expect_same(await store.find("key-of-h1", NOW + 5), None, "find when over")
    expect_same([t.handle for t in await store.owned("ann", NOW + 5)], ["h2"], "owned when over")
    await store.insert(access_token("h3"), NOW + 6)
    expect(await store.find("key-of-h2", NOW + 1e9) is not None, "no end")


async def use_is_noted(store: AccessTokenStore) -> None:
    """The latest use, whatever order the notes come in."""
    await store.insert(access_token(), NOW)
    await store.used("h1", NOW + 9)
    await store.used("h1", NOW + 7)
    await store.used("unknown", NOW)
    found = await store.find("key-of-h1", NOW)
    expect_same(found, access_token(last_used_at=NOW + 9), "the latest use")


async def tokens_are_listed_and_revoked(store: AccessTokenStore) -> None:
    """By handle, and only their owner's."""
    await store.insert(access_token("h1", created_at=NOW), NOW)
    await store.insert(access_token("h2", created_at=NOW + 1), NOW)
    await store.insert(access_token("h3", "bob"), NOW)
    handles = [token.handle for token in await store.owned("ann", NOW)]
    expect_same(handles, ["h2", "h1"], "the newest first")
    expect_same(await store.delete_owned("ann", "h3"), 0, "not another user's")
    expect_same(await store.delete_owned("ann", ""), 0, "an empty handle is nobody's, not all")
    expect_same(await store.delete_owned("ann", "h1"), 1, "one by its handle")
    expect_same(await store.find("key-of-h1", NOW), None, "it is gone")
    expect_same(await store.delete_owned("ann"), 1, "all that are left")
    expect(await store.find("key-of-h3", NOW) is not None, "bob's stays")


async def what_is_no_text_is_refused(store: AccessTokenStore) -> None:
    """A lone surrogate, anywhere, raises `MalformedText`, and nothing is done."""
    await store.insert(access_token(), NOW)
    await expect_no_text_taken(
        [
            store.insert(access_token("h2", NO_TEXT), NOW),
            store.insert(access_token("h2", label=NO_TEXT), NOW),
            store.insert(access_token("h2", scopes=frozenset({"a", NO_TEXT})), NOW),
            store.used(NO_TEXT, NOW),
            store.owned(NO_TEXT, NOW),
            store.delete_owned(NO_TEXT),
            store.delete_owned("ann", NO_TEXT),
        ]
    )
    expect_same(await store.owned("ann", NOW), [access_token()], "the tokens are as they were")


def one_time_token(key: str = "k1", **changes: Any) -> OneTimeToken:
    """Return a token that ends at NOW + 100."""
    return replace(OneTimeToken(key, "reset", "ann", "caf\u00e9", NOW + 100), **changes)


async def it_is_taken_once(store: OneTimeTokenStore) -> None:
    """Looking leaves it; taking does not."""
    await store.insert(one_time_token(), NOW)
    expect_same(await store.find("k1", "reset", NOW), one_time_token(), "find")
    expect_same(await store.take("k1", "reset", NOW), one_time_token(), "take")
    expect_same(await store.take("k1", "reset", NOW), None, "take again")
    expect_same(await store.find("k1", "reset", NOW), None, "find after take")


async def of_many_at_once_one_gets_it(store: OneTimeTokenStore) -> None:
    """Twenty at the same moment."""
    await store.insert(one_time_token(), NOW)
    taken = await asyncio.gather(*(store.take("k1", "reset", NOW) for _ in range(20)))
    expect_same(len([token for token in taken if token is not None]), 1, "how many got it")


async def it_serves_its_purpose_only(store: OneTimeTokenStore) -> None:
    """And a wrong purpose does not use it up."""
    await store.insert(one_time_token(), NOW)
    expect_same(await store.find("k1", "verify", NOW), None, "find for another purpose")
    expect_same(await store.take("k1", "verify", NOW), None, "take for another purpose")
    expect(await store.take("k1", "reset", NOW) is not None, "it is still there")


async def it_expires(store: OneTimeTokenStore) -> None:
    """At `expires_at` it is over."""
    await store.insert(one_time_token(), NOW)
    await store.insert(one_time_token("k2", expires_at=NOW + 500), NOW + 200)
    expect_same(await store.find("k1", "reset", NOW + 100), None, "find when over")
    expect_same(await store.take("k1", "reset", NOW + 100), None, "take when over")
    expect(await store.find("k2", "reset", NOW + 200) is not None, "the other one lives")


async def a_users_tokens_can_be_dropped(store: OneTimeTokenStore) -> None:
    """For one purpose."""
    await store.insert(one_time_token("k1"), NOW)
    await store.insert(one_time_token("k2"), NOW)
    await store.insert(one_time_token("k3", purpose="verify"), NOW)
    await store.insert(one_time_token("k4", user_id="bob"), NOW)
    await store.delete_owned("ann", "reset")
    await store.delete_owned("nobody", "reset")
    expect_same(await store.find("k1", "reset", NOW), None, "dropped")
    expect_same(await store.find("k2", "reset", NOW), None, "dropped too")
    expect(await store.find("k3", "verify", NOW) is not None, "another purpose's stays")
    expect(await store.find("k4", "reset", NOW) is not None, "another user's stays")


async def what_is_no_text_is_refused_here_too(store: OneTimeTokenStore) -> None:
    """A lone surrogate, anywhere, raises `MalformedText`, and nothing is done."""
    await store.insert(one_time_token(), NOW)
    await expect_no_text_taken(
        [
            store.insert(one_time_token("k2", purpose=NO_TEXT), NOW),
            store.insert(one_time_token("k2", user_id=NO_TEXT), NOW),
            store.insert(one_time_token("k2", data=NO_TEXT), NOW),
            store.find("k1", NO_TEXT, NOW),
            store.take("k1", NO_TEXT, NOW),
            store.delete_owned(NO_TEXT, "reset"),
            store.delete_owned("ann", NO_TEXT),
        ]
    )
    expect_same(await store.find("k1", "reset", NOW), one_time_token(), "the token is as it was")
    expect_same(await store.find("k2", "reset", NOW), None, "and there is no other")


ACCESS_TOKEN_CASES = (
    what_is_inserted_is_found,
    an_expired_token_does_not_exist,
    use_is_noted,
    tokens_are_listed_and_revoked,
    what_is_no_text_is_refused,
)
ONE_TIME_TOKEN_CASES = (
    it_is_taken_once,
    of_many_at_once_one_gets_it,
    it_serves_its_purpose_only,
    it_expires,
    a_users_tokens_can_be_dropped,
    what_is_no_text_is_refused_here_too,
)
