"""The life of a session. The attacks on it are in test_attacks.py."""

import pytest
from drystone_auth import MemoryStore, Session, Sessions, Timeouts, Unauthorized
from drystone_auth.testing import FakeClock, FakeRequest, Recorder

HOUR, DAY = 3600, 86400


class Browser:
    """Keeps the session cookie as a browser does."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.cookie = ""
        self.sets: list[str] = []

    async def load(self) -> Session:
        return await self.sessions.load(FakeRequest(cookie=self.cookie))

    async def commit(self, session: Session) -> None:
        self.sets = await self.sessions.commit(session)
        for line in self.sets:
            pair = line.partition(";")[0]
            self.cookie = "" if "Max-Age=0" in line else pair

    async def login(self, user_id: str = "ann", *, remember: bool = False) -> Session:
        session = await self.load()
        await self.sessions.login(
            session, user_id, remember=remember, user_agent="Firefox", address="192.0.2.1"
        )
        await self.commit(session)
        return session


@pytest.fixture
def sessions(clock: FakeClock, audit: Recorder) -> Sessions:
    return Sessions(MemoryStore().sessions, clock=clock, observe=audit)


@pytest.fixture
def browser(sessions: Sessions) -> Browser:
    return Browser(sessions)


async def test_a_visitor_who_stores_nothing_gets_no_cookie(browser: Browser) -> None:
    session = await browser.load()
    await browser.commit(session)

    assert browser.sets == []
    assert session.user_id is None
    assert session.handle is None


async def test_a_visitors_data_come_back(browser: Browser) -> None:
    session = await browser.load()
    session["cart"] = [1]
    await browser.commit(session)

    assert browser.sets[0].endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert "Max-Age" not in browser.sets[0]
    assert dict(await browser.load()) == {"cart": [1]}


async def test_login_keeps_a_visitors_data(browser: Browser) -> None:
    session = await browser.load()
    session["cart"] = [1]
    await browser.commit(session)
    session = await browser.login()

    assert dict(session) == {"cart": [1]}
    again = await browser.load()
    assert again.user_id == "ann"
    assert dict(again) == {"cart": [1]}


async def test_data_and_login_in_one_request(browser: Browser) -> None:
    session = await browser.load()
    session["cart"] = [1]
    await browser.sessions.login(session, "ann")
    session["theme"] = "dark"
    await browser.commit(session)

    assert dict(await browser.load()) == {"cart": [1], "theme": "dark"}


async def test_login_after_the_visitors_session_was_lost(browser: Browser) -> None:
    session = await browser.load()
    session["cart"] = [1]
    await browser.commit(session)
    session = await browser.load()
    assert session.handle is not None
    await browser.sessions._store.delete(session.handle)
    await browser.sessions.login(session, "ann")
    await browser.commit(session)

    assert dict(await browser.load()) == {"cart": [1]}


async def test_nothing_is_written_when_nothing_changed(browser: Browser) -> None:
    await browser.login()
    store = Counting(browser.sessions._store)
    browser.sessions._store = store  # type: ignore[assignment]
    session = await browser.load()
    assert list(session) == []
    await browser.commit(session)

    assert store.calls == ["load"]


class Counting:
    """Passes on to a store, and notes what was called."""

    def __init__(self, store: object) -> None:
        self.store = store
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> object:
        self.calls.append(name)
        return getattr(self.store, name)


async def test_logout_ends_it_here_and_in_the_browser(browser: Browser, audit: Recorder) -> None:
    await browser.login()
    kept = browser.cookie
    session = await browser.load()
    session["late"] = 1
    await browser.sessions.logout(session)
    await browser.commit(session)

    assert browser.sets == ["__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"]
    assert dict(session) == {}
    browser.cookie = kept
    assert (await browser.load()).user_id is None
    assert audit.names == ["LoggedIn", "LoggedOut"]


async def test_logout_of_a_visitor(browser: Browser, audit: Recorder) -> None:
    session = await browser.load()
    session["cart"] = 1
    await browser.commit(session)
    session = await browser.load()
    await browser.sessions.logout(session)
    await browser.commit(session)
    assert dict(await browser.load()) == {}

    await browser.sessions.logout(await browser.load())
    assert audit.names == []


async def test_logout_then_login_in_one_request(browser: Browser) -> None:
    await browser.login()
    session = await browser.load()
    await browser.sessions.logout(session)
    await browser.sessions.login(session, "bob")
    await browser.commit(session)

    assert len(browser.sets) == 1
    assert (await browser.load()).user_id == "bob"


async def test_idle_timeout(browser: Browser, clock: FakeClock, audit: Recorder) -> None:
    await browser.login()
    clock.now += 2 * HOUR - 1
    assert (await browser.load()).user_id == "ann"
    clock.now += 1
    assert (await browser.load()).user_id is None


async def test_use_puts_the_idle_timeout_off(browser: Browser, clock: FakeClock) -> None:
    await browser.login()
    for _ in range(5):
        clock.now += 2 * HOUR - 1
        session = await browser.load()
        assert session.user_id == "ann"
        await browser.commit(session)


async def test_absolute_timeout(browser: Browser, clock: FakeClock) -> None:
    await browser.login()
    for _ in range(12):
        session = await browser.load()
        assert session.user_id == "ann"
        await browser.commit(session)
        clock.now += HOUR

    assert (await browser.load()).user_id is None


async def test_a_shorter_timeout_counts_for_old_sessions_too(
    browser: Browser, clock: FakeClock, audit: Recorder
) -> None:
    session = await browser.login()
    clock.now += 600
    stricter = Sessions(
        browser.sessions._store, timeouts=Timeouts(300, 300), clock=clock, observe=audit
    )

    assert await stricter.active("ann") == []
    assert (await stricter.load(FakeRequest(cookie=browser.cookie))).user_id is None
    refused = audit.events[-1]
    assert audit.names[-1] == "SessionRefused"
    assert refused.session == session.handle  # type: ignore[attr-defined]
    assert (await browser.load()).user_id is None  # and it is gone for good


async def test_remember_me_outlives_the_browser(browser: Browser, clock: FakeClock) -> None:
    await browser.login(remember=True)
    assert f"Max-Age={30 * DAY};" in browser.sets[0]

    clock.now += 13 * DAY
    session = await browser.load()
    assert session.user_id == "ann"
    await browser.commit(session)
    clock.now += 13 * DAY
    session = await browser.load()
    await browser.sessions.rotate(session)
    await browser.commit(session)
    assert f"Max-Age={4 * DAY};" in browser.sets[0]
    clock.now += 4 * DAY
    assert (await browser.load()).user_id is None


@pytest.mark.parametrize(("idle", "absolute"), [(0, 1), (2, 1), (-1, 5)])
def test_impossible_timeouts_are_refused(idle: float, absolute: float) -> None:
    with pytest.raises(ValueError, match="0 < idle <= absolute"):
        Timeouts(idle, absolute)


async def test_list_and_revoke_one(sessions: Sessions, clock: FakeClock, audit: Recorder) -> None:
    here, there = Browser(sessions), Browser(sessions)
    await here.login()
    clock.now += 1
    other = await there.login()
    listed = await sessions.active("ann")

    assert listed[0].handle == other.handle
    assert (listed[0].user_agent, listed[0].address) == ("Firefox", "192.0.2.1")
    assert other.handle is not None
    assert await sessions.revoke("ann", other.handle)
    assert (await there.load()).user_id is None
    assert (await here.load()).user_id == "ann"
    assert not await sessions.revoke("ann", other.handle)
    assert audit.names == ["LoggedIn", "LoggedIn", "SessionsRevoked"]


async def test_revoke_others(sessions: Sessions) -> None:
    here, there, bobs = Browser(sessions), Browser(sessions), Browser(sessions)
    await here.login()
    await there.login()
    await bobs.login("bob")

    assert await sessions.revoke_others(await here.load()) == 1
    assert (await here.load()).user_id == "ann"
    assert (await there.load()).user_id is None
    assert (await bobs.load()).user_id == "bob"


async def test_revoke_all(sessions: Sessions) -> None:
    here, there = Browser(sessions), Browser(sessions)
    await here.login()
    await there.login()

    assert await sessions.revoke_all("ann") == 2
    assert (await here.load()).user_id is None


async def test_a_visitor_has_nothing_to_rotate_or_revoke(browser: Browser) -> None:
    for act in (
        browser.sessions.rotate,
        browser.sessions.reauthenticated,
        browser.sessions.revoke_others,
    ):
        with pytest.raises(Unauthorized):
            await act(await browser.load())

    session = await browser.load()
    session["cart"] = 1
    await browser.commit(session)
    with pytest.raises(Unauthorized):
        await browser.sessions.rotate(await browser.load())


async def test_step_up_notes_the_time_and_rotates(
    browser: Browser, clock: FakeClock, audit: Recorder
) -> None:
    await browser.login()
    first = browser.cookie
    clock.now += 600
    session = await browser.load()
    await browser.sessions.reauthenticated(session)
    await browser.commit(session)

    assert browser.cookie != first
    record = (await browser.load()).record
    assert record is not None
    assert record.authenticated_at == clock.now
    assert record.created_at == clock.now - 600  # no longer life by it
    assert audit.names == ["LoggedIn", "Reauthenticated"]


async def test_rotation_keeps_the_time_of_login(browser: Browser, clock: FakeClock) -> None:
    await browser.login()
    at = clock.now
    clock.now += 600
    session = await browser.load()
    await browser.sessions.rotate(session)
    await browser.commit(session)

    record = (await browser.load()).record
    assert record is not None
    assert record.authenticated_at == at


async def test_a_long_user_agent_is_cut(browser: Browser) -> None:
    session = await browser.load()
    await browser.sessions.login(session, "ann", user_agent="x" * 10_000)

    assert session.record is not None
    assert len(session.record.user_agent) == 200


async def test_what_a_client_calls_itself_stops_no_login(browser: Browser) -> None:
    session = await browser.load()
    await browser.sessions.login(session, "ann", user_agent="x\ud800", address="\udfff")

    assert session.record is not None
    assert (session.record.user_agent, session.record.address) == ("x?", "?")
