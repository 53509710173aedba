"""Following the revisions of a user's notes."""

import asyncio

import pytest

from notes.feed import Feed, departure


async def test_a_follower_hears_of_its_owners_changes_only() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    first = await anext(revisions)
    assert first == feed.revision(1)
    following = asyncio.ensure_future(anext(revisions))
    feed.changed(2)
    await asyncio.sleep(0)
    assert not following.done()
    feed.changed(1)
    assert await following == feed.revision(1) != first
    await revisions.aclose()


async def test_a_change_between_two_looks_is_not_missed() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    first = await anext(revisions)
    feed.changed(1)
    feed.changed(1)
    assert await anext(revisions) == feed.revision(1) != first
    await revisions.aclose()


async def test_who_leaves_is_forgotten() -> None:
    feed = Feed()
    one, two = feed.follow(1), feed.follow(1)
    await anext(one)
    await anext(two)
    await one.aclose()
    assert len(feed._waiting[1]) == 1
    await two.aclose()
    assert not feed._waiting


async def test_closing_ends_every_iteration() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    await anext(revisions)
    feed.close()
    assert [revision async for revision in revisions] == []


async def test_the_given_end_ends_it() -> None:
    end = asyncio.Event()

    async def until() -> None:
        await end.wait()

    revisions = Feed().follow(1, until)
    await anext(revisions)
    following = asyncio.ensure_future(anext(revisions, None))
    await asyncio.sleep(0)
    end.set()
    assert await following is None


async def test_a_server_that_does_not_tell_is_listened_to_in_vain() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await departure(object())


def test_a_new_feed_has_new_revisions() -> None:
    assert Feed().revision(1) != Feed().revision(1)
