"""The contract of a session store, as cases. `drystone_auth.testing` runs them."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drystone_auth._sessions import SessionRecord, SessionStore

from .expect import NO_TEXT, expect, expect_no_text_taken, expect_same

NOW = 1_000.0


def record(handle: str = "h1", user_id: str | None = "ann", **changes: Any) -> SessionRecord:
    """Return a record that ends at NOW + 100."""
    plain = SessionRecord(
        handle=handle,
        key=f"key-of-{handle}",
        user_id=user_id,
        created_at=NOW,
        authenticated_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + 100,
    )
    return replace(plain, **changes)


async def data_of(store: SessionStore, key: str = "key-of-h1", now: float = NOW) -> dict[str, str]:
    """Return the session's data; it must be there."""
    found = await store.load(key, now)
    if found is None:
        raise AssertionError(f"the session with {key} is gone")
    return found[1]


async def what_is_inserted_is_loaded(store: SessionStore) -> None:
    """Every field comes back, and the data, whatever characters they have."""
    every = record(
        remember=True,
        user_agent="curl/8 \u00e9\U0001f512",
        address="2001:db8::1",
        authenticated_at=None,
        user_id=None,
        created_at=NOW + 0.1234567,
    )
    data = {"a": "1", "name with space": '"\\u00e9"', "": "null", "\u00fc": '"x\ny"'}
    await store.insert(every, data, NOW)
    expect_same(await store.load(every.key, NOW), (every, data), "load gives what insert took")


async def an_unknown_key_is_none(store: SessionStore) -> None:
    """Neither an unknown key nor a handle loads a session."""
    await store.insert(record(), {}, NOW)
    expect_same(await store.load("nothing", NOW), None, "an unknown key loads nothing")
    expect_same(await store.load("h1", NOW), None, "a handle is no key")
    expect_same(await store.load("", NOW), None, "an empty key loads nothing")


async def loaded_data_are_a_copy(store: SessionStore) -> None:
    """What a request does to its copy does not reach another's."""
    given = {"a": "1"}
    await store.insert(record(), given, NOW)
    given["a"] = "2"
    (await data_of(store))["a"] = "3"
    expect_same(await data_of(store), {"a": "1"}, "the store's data are its own")


async def merge_changes_single_names(store: SessionStore) -> None:
    """Other names stay as they are; None removes."""
    await store.insert(record(), {"a": "1", "b": "2", "c": "3"}, NOW)
    expect_same(await store.merge("h1", {"b": "9", "c": None, "d": "4"}, NOW), True, "merge")
    expect_same(await data_of(store), {"a": "1", "b": "9", "d": "4"}, "merge sets and removes")
    expect_same(await store.merge("h1", {"gone": None}, NOW), True, "removing what is not there")


async def parallel_merges_lose_nothing(store: SessionStore) -> None:
    """Twenty requests at once, each with a name of its own."""
    await store.insert(record(), {}, NOW)
    await asyncio.gather(*(store.merge("h1", {f"n{i}": str(i)}, NOW) for i in range(20)))
    expect_same(await data_of(store), {f"n{i}": str(i) for i in range(20)}, "no write is lost")


async def merge_moves_times_on_never_back(store: SessionStore) -> None:
    """With `expires_at` the session was seen; a clock that lags takes nothing away."""
    await store.insert(record(), {}, NOW)
    await store.merge("h1", {}, NOW + 50, NOW + 150)
    await store.merge("h1", {}, NOW + 40, NOW + 140)
    await store.merge("h1", {"a": "1"}, NOW + 60)
    expect(await store.load("key-of-h1", NOW + 149) is not None, "what was seen lives longer")
    times = [(seen.last_seen_at, seen.expires_at) for seen in await store.owned("ann", NOW + 149)]
    expect_same(times, [(NOW + 50, NOW + 150)], "times move on, never back")


async def an_expired_session_does_not_exist(store: SessionStore) -> None:
    """At `expires_at` it is over, for every method."""
    await store.insert(record(), {}, NOW)
    late = NOW + 100
    expect(await store.load("key-of-h1", late - 0.5) is not None, "it lives until expires_at")
    expect_same(await store.load("key-of-h1", late), None, "load at expires_at")
    expect_same(await store.merge("h1", {"a": "1"}, late, late + 100), False, "merge when over")
    expect_same(await store.renew("h1", record("h2"), late), False, "renew when over")
    expect_same(await store.owned("ann", late), [], "owned when over")
    expect_same(await store.load("key-of-h1", late), None, "nothing brought it back")


async def merge_does_not_bring_back_the_deleted(store: SessionStore) -> None:
    """A request that was under way when its session was revoked must not revive it."""
    await store.insert(record(), {}, NOW)
    expect_same(await store.delete("h1"), True, "delete tells that there was one")
    expect_same(await store.merge("h1", {"a": "1"}, NOW, NOW + 500), False, "merge after delete")
    expect_same(await store.renew("h1", record("h2"), NOW), False, "renew after delete")
    expect_same(await store.load("key-of-h1", NOW), None, "it stays gone")
    expect_same(await store.load("key-of-h2", NOW), None, "renew made nothing")
    expect_same(await store.delete("h1"), False, "delete tells that there was none")


async def renew_kills_the_old_key(store: SessionStore) -> None:
    """Login: a new handle and key, the same data; the old key is dead at once."""
    await store.insert(record(user_id=None, authenticated_at=None), {"cart": "[1]"}, NOW)
    expect_same(await store.renew("h1", record("h2"), NOW), True, "renew")
    expect_same(await store.load("key-of-h1", NOW), None, "the old key is dead")
    expect_same(await store.load("key-of-h2", NOW), (record("h2"), {"cart": "[1]"}), "data stay")
    expect_same(await store.merge("h1", {"x": "1"}, NOW), False, "the old handle is dead")
    expect_same(await store.owned("ann", NOW), [record("h2")], "it belongs to its user")


async def renew_may_keep_the_handle(store: SessionStore) -> None:
    """Rotation: only the key is new, so a parallel merge still arrives."""
    await store.insert(record(), {"a": "1"}, NOW)
    await store.renew("h1", record(key="new-key"), NOW)
    expect_same(await store.load("key-of-h1", NOW), None, "the old key is dead")
    expect_same(await store.merge("h1", {"b": "2"}, NOW), True, "the handle lives")
    expect_same(await data_of(store, "new-key"), {"a": "1", "b": "2"}, "data stay")
    expect_same(len(await store.owned("ann", NOW)), 1, "still one session")


async def renew_may_drop_the_data(store: SessionStore) -> None:
    """Another user logs in on the same browser: nothing of the first one's is left."""
    await store.insert(record(), {"secret": "1"}, NOW)
    await store.renew("h1", record("h2", "bob"), NOW, keep_data=False)
    expect_same(await data_of(store, "key-of-h2"), {}, "no data of the other user")
    expect_same(await store.owned("ann", NOW), [], "the first user has it no more")
    expect_same(await store.owned("bob", NOW), [record("h2", "bob")], "the second one does")


async def owned_lists_the_last_seen_first(store: SessionStore) -> None:
    """Only this user's, and without visitors."""
    await store.insert(record("h1", last_seen_at=NOW - 2), {}, NOW)
    await store.insert(record("h2", last_seen_at=NOW), {}, NOW)
    await store.insert(record("h3", last_seen_at=NOW - 1), {}, NOW)
    await store.insert(record("h4", "bob"), {}, NOW)
    await store.insert(record("h5", None), {}, NOW)
    handles = [found.handle for found in await store.owned("ann", NOW)]
    expect_same(handles, ["h2", "h3", "h1"], "the last seen first")


async def delete_owned_spares_one(store: SessionStore) -> None:
    """Others of the user go, other users' stay."""
    for handle, user_id in [("h1", "ann"), ("h2", "ann"), ("h3", "ann"), ("h4", "bob")]:
        await store.insert(record(handle, user_id), {"a": "1"}, NOW)
    expect_same(await store.delete_owned("ann", keep="h2"), 2, "how many were deleted")
    handles = [found.handle for found in await store.owned("ann", NOW)]
    expect_same(handles, ["h2"], "the spared one")
    expect_same(await store.delete_owned("ann"), 1, "without keep all go")
    expect_same(await store.load("key-of-h2", NOW), None, "it is gone")
    expect(await store.load("key-of-h4", NOW) is not None, "bob's stays")
    expect_same(await store.delete_owned("nobody"), 0, "a user without sessions")


async def many_that_are_over_do_not_pile_up(store: SessionStore) -> None:
    """After many inserts, those that are over are unknown and the living one is not."""
    await store.insert(record("alive", expires_at=NOW + 10_000), {}, NOW)
    for i in range(50):
        await store.insert(record(f"s{i}", "bob"), {"a": "1"}, NOW)
    for i in range(50, 60):
        await store.insert(record(f"s{i}", "bob", expires_at=NOW + 900), {}, NOW + 500)
    expect_same(len(await store.owned("bob", NOW + 500)), 10, "only the living")
    expect(await store.load("key-of-alive", NOW + 500) is not None, "the living one stays")


async def values_are_not_commands(store: SessionStore) -> None:
    """Whatever is in names and values is data."""
    nasty = "'; DROP TABLE sessions; --\r\n*1\r\n$8\r\nFLUSHALL\r\n\x00{}[]%"
    changes: Mapping[str, str | None] = {nasty: nasty}
    await store.insert(record("h1", nasty), {}, NOW)
    await store.merge("h1", changes, NOW)
    expect_same(await data_of(store), {nasty: nasty}, "it comes back as it was")
    expect_same(len(await store.owned(nasty, NOW)), 1, "as a user too")
    expect_same(await store.delete_owned("*"), 0, "no pattern")
    expect_same(await store.delete_owned(nasty), 1, "it can be deleted")


async def what_is_no_text_is_refused(store: SessionStore) -> None:
    """A lone surrogate, anywhere, raises `MalformedText`, and nothing is done by halves."""
    await store.insert(record(), {"a": "1"}, NOW)
    both: Mapping[str, str | None] = {"a": "2", NO_TEXT: "3"}
    await expect_no_text_taken(
        [
            store.insert(record("h2", NO_TEXT), {}, NOW),
            store.insert(record("h2", user_agent=NO_TEXT), {}, NOW),
            store.insert(record("h2", address=NO_TEXT), {}, NOW),
            store.insert(record("h2"), {NO_TEXT: "1"}, NOW),
            store.insert(record("h2"), {"b": NO_TEXT}, NOW),
            store.merge("h1", both, NOW),
            store.merge("h1", {"a": NO_TEXT}, NOW),
            store.merge("h1", {"a": "2", NO_TEXT: None}, NOW),
            store.merge(NO_TEXT, {}, NOW),
            store.renew("h1", record("h2", NO_TEXT), NOW),
            store.renew(NO_TEXT, record("h2"), NOW),
            store.delete(NO_TEXT),
            store.owned(NO_TEXT, NOW),
            store.delete_owned(NO_TEXT),
            store.delete_owned("ann", keep=NO_TEXT),
        ]
    )
    expect_same(await store.owned("ann", NOW), [record()], "the session is as it was")
    expect_same(await data_of(store), {"a": "1"}, "its data are as they were")


SESSION_CASES = (
    what_is_inserted_is_loaded,
    an_unknown_key_is_none,
    loaded_data_are_a_copy,
    merge_changes_single_names,
    parallel_merges_lose_nothing,
    merge_moves_times_on_never_back,
    an_expired_session_does_not_exist,
    merge_does_not_bring_back_the_deleted,
    renew_kills_the_old_key,
    renew_may_keep_the_handle,
    renew_may_drop_the_data,
    owned_lists_the_last_seen_first,
    delete_owned_spares_one,
    many_that_are_over_do_not_pile_up,
    values_are_not_commands,
    what_is_no_text_is_refused,
)
