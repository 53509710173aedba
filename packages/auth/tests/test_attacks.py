"""One test per named threat, each written as the attack."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from drystone_auth import (
    Account,
    APIKey,
    Argon2Parameters,
    Authenticator,
    Backoff,
    CookieSettings,
    CrossOriginProtection,
    CrossOriginRequest,
    InvalidToken,
    LoginThrottle,
    MemoryStore,
    OneTimeTokens,
    PasswordLogin,
    Passwords,
    Principal,
    Session,
    Sessions,
    SessionScheme,
    SQLiteStore,
    StoreUnavailable,
    TooManyAttempts,
    WrongPassword,
    authenticated,
    build_challenge,
    fresh,
    log_event,
)
from drystone_auth.testing import FakeClock, FakeRequest, Recorder

CHEAP = Argon2Parameters(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def sessions(store: MemoryStore, clock: FakeClock) -> Sessions:
    return Sessions(store.sessions, clock=clock, observe=Recorder())


async def browse(sessions: Sessions, cookie: str = "") -> Session:
    return await sessions.load(FakeRequest(cookie=cookie))


async def commit(sessions: Sessions, session: Session) -> str:
    (line,) = await sessions.commit(session)
    return line.partition(";")[0]


async def log_in(sessions: Sessions, user_id: str = "ann", cookie: str = "") -> str:
    session = await browse(sessions, cookie)
    await sessions.login(session, user_id)
    return await commit(sessions, session)


# --- Sessions


async def test_fixation_by_a_planted_id_of_a_real_session(sessions: Sessions) -> None:
    """The attacker gets an id for himself, plants it, and waits for the victim to log in."""
    attackers = await browse(sessions)
    attackers["x"] = 1
    planted = await commit(sessions, attackers)

    victims = await log_in(sessions, cookie=planted)

    assert victims != planted
    assert (await browse(sessions, planted)).user_id is None
    assert dict(await browse(sessions, planted)) == {}
    assert (await browse(sessions, victims)).user_id == "ann"


async def test_fixation_by_an_invented_id(sessions: Sessions) -> None:
    """An id that the server did not make is never taken over."""
    invented = "__Host-session=" + "A" * 43

    session = await browse(sessions, invented)
    session["x"] = 1

    assert await commit(sessions, session) != invented
    assert dict(await browse(sessions, invented)) == {}


async def test_poisoning_through_a_request_that_began_before_the_login(sessions: Sessions) -> None:
    """The attacker keeps a request open with the planted id, and writes after the login."""
    planted_session = await browse(sessions)
    planted_session["x"] = 1
    planted = await commit(sessions, planted_session)
    slow = await browse(sessions, planted)

    victims = await log_in(sessions, cookie=planted)
    slow["ship_to"] = "attacker"
    await sessions.commit(slow)

    assert "ship_to" not in await browse(sessions, victims)


async def test_stolen_old_id_is_dead_after_rotation(sessions: Sessions) -> None:
    stolen = await log_in(sessions)
    session = await browse(sessions, stolen)
    await sessions.rotate(session)
    kept = await commit(sessions, session)

    assert (await browse(sessions, stolen)).user_id is None
    assert (await browse(sessions, kept)).user_id == "ann"


async def test_stolen_id_is_dead_after_logout_and_after_revocation(sessions: Sessions) -> None:
    stolen = await log_in(sessions)
    await sessions.logout(await browse(sessions, stolen))
    assert (await browse(sessions, stolen)).user_id is None

    stolen = await log_in(sessions)
    await sessions.revoke_all("ann")
    assert (await browse(sessions, stolen)).user_id is None


async def test_a_revoked_session_is_not_revived_by_its_last_request(sessions: Sessions) -> None:
    cookie = await log_in(sessions)
    under_way = await browse(sessions, cookie)
    under_way["x"] = 1
    await sessions.revoke_all("ann")

    assert await sessions.commit(under_way) == []
    assert (await browse(sessions, cookie)).user_id is None
    assert await sessions.active("ann") == []


async def test_a_revoked_session_cannot_rotate_itself_alive(sessions: Sessions) -> None:
    cookie = await log_in(sessions)
    under_way = await browse(sessions, cookie)
    await sessions.revoke_all("ann")

    with pytest.raises(Exception, match="Authentication") as caught:
        await sessions.rotate(under_way)
    assert getattr(caught.value, "status", None) == 401
    assert under_way.user_id is None
    assert await sessions.active("ann") == []


async def test_the_next_user_of_a_browser_sees_nothing_of_the_last(sessions: Sessions) -> None:
    anns = await log_in(sessions, "ann")
    session = await browse(sessions, anns)
    session["draft"] = "ann's secret"
    await sessions.commit(session)

    session = await browse(sessions, anns)
    session["unsaved"] = "ann's too"
    await sessions.login(session, "bob")
    bobs = await commit(sessions, session)

    assert dict(await browse(sessions, bobs)) == {}
    assert await sessions.active("ann") == []


async def test_one_user_cannot_revoke_anothers_session(sessions: Sessions) -> None:
    cookie = await log_in(sessions, "ann")
    handle = (await browse(sessions, cookie)).handle
    assert handle is not None

    assert not await sessions.revoke("bob", handle)
    assert (await browse(sessions, cookie)).user_id == "ann"


async def test_a_stolen_store_yields_no_cookie(sessions: Sessions, store: MemoryStore) -> None:
    """Whoever reads the database finds neither ids nor anything that serves as one."""
    secret = (await log_in(sessions)).partition("=")[2]
    (record,) = await store.sessions.owned("ann", 0.0)

    assert secret not in repr(vars(store.sessions))
    for leaked in (record.key, record.handle):
        assert (await browse(sessions, f"__Host-session={leaked}")).user_id is None


async def test_a_second_session_cookie_is_trusted_no_more_than_the_first(
    sessions: Sessions,
) -> None:
    """A planted cookie beside the real one: it cannot be told which, so neither counts."""
    recorder = Recorder()
    sessions._observe = recorder
    anns, bobs = await log_in(sessions, "ann"), await log_in(sessions, "bob")

    session = await browse(sessions, f"{anns}; {bobs}")

    assert session.user_id is None
    assert recorder.names[-1] == "SessionRefused"


@pytest.mark.parametrize("value", ["", "x", "A" * 42, "A" * 44, "A" * 100_000, "é" * 43, "../x"])
async def test_rubbish_in_the_cookie_reaches_no_store(value: str) -> None:
    assert (await browse(Sessions(Down()), f"__Host-session={value}")).user_id is None


async def test_a_lower_case_host_prefix_is_not_our_cookie(sessions: Sessions) -> None:
    """Old browsers took `__host-` from anybody, as they compared prefixes in one case only."""
    cookie = await log_in(sessions)

    assert (await browse(sessions, cookie.replace("__Host-", "__host-"))).user_id is None


async def test_two_parallel_requests_of_one_session_lose_nothing(sessions: Sessions) -> None:
    cookie = await log_in(sessions)
    one, two = await browse(sessions, cookie), await browse(sessions, cookie)
    one["a"], two["b"] = 1, 2
    one["same"], two["same"] = "first", "last"
    await sessions.commit(one)
    await sessions.commit(two)

    assert dict(await browse(sessions, cookie)) == {"a": 1, "b": 2, "same": "last"}


async def test_a_rotation_loses_nothing_of_a_parallel_request(sessions: Sessions) -> None:
    cookie = await log_in(sessions)
    one, two = await browse(sessions, cookie), await browse(sessions, cookie)
    await sessions.rotate(one)
    two["b"] = 2
    await sessions.commit(two)
    cookie = await commit(sessions, one)

    assert dict(await browse(sessions, cookie)) == {"b": 2}


async def test_clock_skew_between_machines(store: MemoryStore, clock: FakeClock) -> None:
    """A login seen by a machine whose clock is a minute behind is valid, and gains no time."""
    here = Sessions(store.sessions, clock=clock, observe=Recorder())
    behind = Sessions(store.sessions, clock=lambda: clock.now - 60, observe=Recorder())
    cookie = await log_in(here)
    (before,) = await here.active("ann")

    session = await browse(behind, cookie)
    session["x"] = 1
    await behind.commit(session)

    assert session.user_id == "ann"
    (after,) = await here.active("ann")
    assert (after.last_seen_at, after.expires_at) == (before.last_seen_at, before.expires_at)


async def test_clock_skew_gives_no_fresh_login(clock: FakeClock) -> None:
    """A login from the far future is not fresh for ever."""
    guard = fresh(600, clock=clock)
    for ahead, passes in [
        (0, True),
        (59, True),
        (61, False),
        (1e6, False),
        (-599, True),
        (-600, False),
    ]:
        principal = Principal("ann", authenticated_at=clock.now + ahead)
        assert (await guard.denial(principal, None) is None) is passes
    assert await guard.denial(Principal("ann"), None) is not None


class Down:
    """A store whose every call fails."""

    def __getattr__(self, name: str) -> Any:
        async def fail(*args: object, **kwargs: object) -> None:
            raise StoreUnavailable("the store is down")

        return fail


async def test_session_store_down_fails_closed() -> None:
    sessions = Sessions(Down())
    cookie = "__Host-session=" + "A" * 43
    session = Session()
    session["x"] = 1

    for act in (
        browse(sessions, cookie),
        SessionScheme(sessions).authenticate(FakeRequest(cookie=cookie)),
        Authenticator(sessions=sessions).admit(FakeRequest(cookie=cookie)),
        sessions.login(Session(), "ann"),
        sessions.commit(session),
        sessions.active("ann"),
        sessions.revoke_all("ann"),
    ):
        with pytest.raises(StoreUnavailable) as caught:
            await act
        assert caught.value.status == 503
        assert caught.value.reason == "the store is down"


async def test_closed_and_broken_sqlite_fail_closed(tmp_path: Any) -> None:
    cookie = "__Host-session=" + "A" * 43
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    for path, reason in [(broken, "not a database"), (tmp_path / "no" / "x.db", "unable to open")]:
        async with SQLiteStore(path) as store:
            with pytest.raises(StoreUnavailable) as caught:
                await browse(Sessions(store.sessions), cookie)
            assert reason in caught.value.reason

    store = SQLiteStore(tmp_path / "good.db")
    await store.close()
    with pytest.raises(StoreUnavailable, match="unavailable") as caught:
        await browse(Sessions(store.sessions), cookie)
    assert "is closed" in caught.value.reason


# --- Cross-site requests


CROSS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example", "host": "bank.example"}


@pytest.mark.parametrize(
    "fields",
    [
        CROSS,
        {"sec-fetch-site": "same-site", "origin": "https://evil.bank.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "Same-Origin"},
        {"sec-fetch-site": "same-origin, cross-site"},
        {"origin": "https://evil.example", "host": "bank.example"},
        {"origin": "null", "host": "bank.example"},
        {"origin": "null"},
        {"origin": "", "host": ""},
        {"origin": "https://", "host": ""},
        {"origin": "https://bank.example.evil.example", "host": "bank.example"},
        {"origin": "https://bank.example:8443", "host": "bank.example"},
        {"origin": "https://bank.example, https://bank.example", "host": "bank.example"},
        {"origin": "file://bank.example", "host": "bank.example"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get", "TRACE", "QUERY"])
def test_csrf_from_same_site_and_cross_site(method: str, fields: dict[str, str]) -> None:
    with pytest.raises(CrossOriginRequest) as caught:
        CrossOriginProtection().check(FakeRequest(method, fields))

    assert caught.value.status == 403


async def test_login_csrf_by_an_api_key_in_the_query(sessions: Sessions) -> None:
    """The attacker's own valid key in the form's address must not switch the check off."""

    async def verify(key: str) -> Principal | None:
        return Principal("mallory") if key == "hers" else None

    authenticator = Authenticator(
        sessions=sessions, schemes=(APIKey(verify, query="key"),), observe=Recorder()
    )
    forged = FakeRequest("POST", sec_fetch_site="cross-site", origin="https://evil.example")
    forged.query_string = "key=hers"
    with pytest.raises(CrossOriginRequest):
        await authenticator.admit(forged, "/log-in")

    program = FakeRequest("POST")
    program.query_string = "key=hers"
    assert (await authenticator.admit(program)).principal is not None
    page = FakeRequest("POST", x_api_key="hers", sec_fetch_site="cross-site")
    assert (await authenticator.admit(page)).principal is not None


async def test_login_csrf(sessions: Sessions) -> None:
    """A login form that another site sends is refused though no cookie is there yet."""
    with pytest.raises(CrossOriginRequest):
        await Authenticator(sessions=sessions).admit(FakeRequest("POST", CROSS))


# --- Injection


@pytest.mark.parametrize("name", ["ann\r\nSet-Cookie: admin=1", "a\x00b", "ann\x85", "\u2028"])
async def test_header_injection_through_a_user_name(
    name: str, sessions: Sessions, store: MemoryStore
) -> None:
    """A user name may be anything; it reaches no response field."""
    session = await browse(sessions)
    await sessions.login(session, name)
    (line,) = await sessions.commit(session)

    assert line.isascii()
    assert line.isprintable()
    assert (await browse(sessions, line.partition(";")[0])).user_id == name


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: admin=1", "x; Domain=evil.example"])
def test_header_injection_through_a_cookie_value_or_a_realm(value: str) -> None:
    with pytest.raises(ValueError):
        CookieSettings(name="theme").set(value)
    if "\r" in value:
        with pytest.raises(ValueError):
            build_challenge("Basic", realm=value)


async def test_log_forging_through_a_user_name(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    sessions._observe = log_event
    with caplog.at_level("INFO", logger="drystone_auth"):
        await sessions.login(Session(), "x\nLoggedIn(user_id='admin')")

    assert "\n" not in caplog.records[0].getMessage()


# --- Passwords and logins


class Users:
    """Two accounts; counts how often a hash was verified."""

    def __init__(self, *, throttle: LoginThrottle | None = None) -> None:
        self.passwords = Passwords(parameters=CHEAP)
        self.accounts: dict[str, Account] = {}
        self.audit = Recorder()
        self.login = PasswordLogin(
            self.find,
            self.passwords,
            save_hash=self.save,
            throttle=throttle,
            observe=self.audit,
        )

    async def add(self, name: str, password: str) -> None:
        stored = await self.passwords.hash(password)
        self.accounts[name] = Account(Principal(name), stored)

    async def find(self, name: str) -> Account | None:
        return self.accounts.get(name.casefold())

    async def save(self, user_id: str, new_hash: str) -> None:
        self.accounts[user_id] = replace(self.accounts[user_id], password_hash=new_hash)


async def test_unknown_users_are_not_told_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dummy hash is verified: an unknown name costs what a known one does."""
    users = Users()
    await users.add("ann", "correct horse")
    verified: list[str] = []
    real = type(users.passwords._hasher).verify

    def counting(self: Any, stored: str, secret: bytes) -> Any:
        verified.append(stored)
        return real(self, stored, secret)

    monkeypatch.setattr(type(users.passwords._hasher), "verify", counting)
    answers = []
    for name in ("ann", "nobody"):
        with pytest.raises(WrongPassword) as caught:
            await users.login.check(name, "wrong horse")
        answers.append((str(caught.value), caught.value.reason, caught.value.headers))

    assert len(verified) == 2
    costs = [stored.split("$")[3] for stored in verified]
    assert costs[0] == costs[1]
    assert answers[0] == answers[1]


async def test_a_user_without_password_has_none() -> None:
    users = Users()
    users.accounts["ann"] = Account(Principal("ann"), None)
    for password in ("", "None", "x" * 20):
        with pytest.raises(WrongPassword):
            await users.login.check("ann", password)


async def test_a_megabyte_is_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    users = Users()
    await users.add("ann", "correct horse")
    sizes: list[int] = []
    real = type(users.passwords._hasher).verify

    def measuring(self: Any, stored: str, secret: bytes) -> Any:
        sizes.append(len(secret))
        return real(self, stored, secret)

    monkeypatch.setattr(type(users.passwords._hasher), "verify", measuring)
    for length in (257, 300, 1_000_000):
        with pytest.raises(WrongPassword):
            await users.login.check("ann", "x" * length)

    assert len(sizes) == 3
    assert max(sizes) <= 1024


# --- Throttling


def throttle(store: MemoryStore, clock: FakeClock, **settings: Any) -> LoginThrottle:
    return LoginThrottle(store.attempts, clock=clock, observe=Recorder(), **settings)


async def guesses(limit: LoginThrottle, names: list[str], addresses: list[str]) -> int:
    """Count how many guesses pass before the first is refused."""
    passed = 0
    try:
        while passed < 200:
            await limit.attempt(names[passed % len(names)], addresses[passed % len(addresses)])
            passed += 1
    except TooManyAttempts:
        pass
    return passed


@pytest.mark.parametrize(
    "names",
    [
        ["ann", "ANN", "Ann", "aNN"],
        ["straße", "STRASSE", "Strasse"],
        ["ann", "ann ", " ann", "ann\t"],
        ["ann", "ａｎｎ", "𝐚nn"],
        ["caf\u00e9", "cafe\u0301", "CAFE\u0301"],
    ],
)
async def test_throttle_bypass_by_changing_case_or_spelling(
    names: list[str], store: MemoryStore, clock: FakeClock
) -> None:
    assert await guesses(throttle(store, clock), names, [""]) == 5


async def test_throttle_bypass_by_the_many_names_of_one_account(
    store: MemoryStore, clock: FakeClock
) -> None:
    """A mail address beside the user name; a database that ignores accents."""
    passwords = Passwords(parameters=CHEAP)
    ann = Account(Principal("user-1"), await passwords.hash("correct horse"))

    async def find(name: str) -> Account | None:
        return ann if name in {"ann", "\u00e1nn", "ann@example.com"} else None

    async def save(user_id: str, new_hash: str) -> None: ...

    throttle = LoginThrottle(
        store.attempts, account=Backoff(free=3), clock=clock, observe=Recorder()
    )
    login = PasswordLogin(find, passwords, save_hash=save, throttle=throttle, observe=Recorder())
    for name in ("ann", "\u00e1nn", "ann@example.com"):
        with pytest.raises(WrongPassword):
            await login.check(name, "a guess")
    for name in ("ann", "\u00e1nn", "ann@example.com"):
        with pytest.raises(TooManyAttempts):
            await login.check(name, "correct horse")
    with pytest.raises(WrongPassword):
        await login.check("bob", "a guess")

    clock.now += 1
    assert await login.check("ann@example.com", "correct horse") is ann.principal
    for name in ("\u00e1nn", "ann@example.com"):
        with pytest.raises(WrongPassword):
            await login.check(name, "a guess")


@pytest.mark.parametrize(
    "addresses",
    [
        ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:0201", "[::ffff:192.0.2.1]"],
        ["192.0.2.1", "64:ff9b::c000:201", "2002:c000:201::1", "2002:c000:201:5::9"],
        ["2001:db8::1", "2001:db8::2", "2001:0DB8:0:0:ffff::", "2001:db8::1%eth0"],
    ],
)
async def test_throttle_bypass_by_changing_address_family(
    addresses: list[str], store: MemoryStore, clock: FakeClock
) -> None:
    """One address, many names: it is the address that is slowed down."""
    limit = throttle(store, clock, address=Backoff(free=10))

    assert await guesses(limit, [f"user{i}" for i in range(200)], addresses) == 10


async def test_throttle_bypass_by_many_at_once(store: MemoryStore, clock: FakeClock) -> None:
    users = Users(throttle=throttle(store, clock))
    await users.add("ann", "correct horse")

    results = await asyncio.gather(
        *(users.login.check("ann", f"guess {i}") for i in range(50)), return_exceptions=True
    )

    kinds = [type(result).__name__ for result in results]
    assert kinds.count("WrongPassword") == 5
    assert kinds.count("TooManyAttempts") == 45


async def test_throttle_bypass_by_logging_in_to_ones_own_account(
    store: MemoryStore, clock: FakeClock
) -> None:
    """A success in between takes back itself, not the failures at others' accounts."""
    limit = throttle(store, clock, address=Backoff(free=10))
    for i in range(9):
        await limit.attempt(f"user{i}", "192.0.2.1")
        await (await limit.attempt("mallory", "192.0.2.1")).succeeded()

    await limit.attempt("user10", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        await limit.attempt("user11", "192.0.2.1")


async def test_lockout_of_a_user_by_a_guesser(
    store: MemoryStore, sessions: Sessions, clock: FakeClock
) -> None:
    """While somebody hammers the account, its session works and may even confirm its password."""
    cookie = await log_in(sessions)
    limit = throttle(store, clock)
    await guesses(limit, ["ann"], ["203.0.113.7"])

    session = await browse(sessions, cookie)
    assert session.user_id == "ann"
    with pytest.raises(TooManyAttempts):
        await limit.attempt("ann", "192.0.2.1")
    await limit.attempt("ann", "192.0.2.1", device=session.handle)


async def test_throttle_bypass_by_fresh_sessions(store: MemoryStore, clock: FakeClock) -> None:
    """Sessions are to be had for nothing: only the account's own has a count of its own."""
    users = Users(throttle=throttle(store, clock))
    await users.add("ann", "correct horse")
    sessions = Sessions(store.sessions, clock=clock, observe=Recorder())

    async def refusals(user_id: str | None) -> int:
        count = 0
        for i in range(20):
            session = await browse(sessions)
            if user_id is None:
                session["x"] = 1
                await sessions.commit(session)
            else:
                await sessions.login(session, user_id)
            try:
                await users.login.check("ann", f"guess {i}", session=session)
            except TooManyAttempts:
                count += 1
            except WrongPassword:
                pass
        return count

    assert await refusals(None) == 15
    assert await refusals("mallory") == 20
    anns = await browse(sessions)
    await sessions.login(anns, "ann")
    assert (await users.login.check("ann", "correct horse", session=anns)).id == "ann"


# --- Tokens


@pytest.mark.parametrize("parallel", [False, True])
async def test_reset_token_used_twice(parallel: bool, store: MemoryStore, clock: FakeClock) -> None:
    tokens = OneTimeTokens(store.one_time_tokens, clock=clock, observe=Recorder())
    secret = await tokens.issue("reset-password", "ann", lifetime=3600)

    if parallel:
        both = [tokens.redeem("reset-password", secret) for _ in range(2)]
        results = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == [
            "InvalidToken",
            "OneTimeToken",
        ]
        return
    assert (await tokens.redeem("reset-password", secret)).user_id == "ann"
    with pytest.raises(InvalidToken):
        await tokens.redeem("reset-password", secret)


async def test_a_verify_token_resets_no_password(store: MemoryStore) -> None:
    tokens = OneTimeTokens(store.one_time_tokens, observe=Recorder())
    secret = await tokens.issue("verify-email", "ann", lifetime=3600)

    with pytest.raises(InvalidToken):
        await tokens.redeem("reset-password", secret)
    assert (await tokens.redeem("verify-email", secret)).user_id == "ann"


async def test_negated_guards_admit_no_strangers() -> None:
    for guard in (~authenticated, ~fresh(), authenticated & ~authenticated):
        denial = await guard.denial(None, None)
        assert denial is not None
        assert denial.anonymous


@pytest.mark.parametrize("closed", [False, True])
async def test_a_renewed_hash_does_not_bring_a_changed_password_back(closed: bool) -> None:
    """Somebody signs in with the stolen password while its owner changes it."""
    old = await Passwords(parameters=CHEAP).hash("stolen password")
    dearer = Passwords(parameters=replace(CHEAP, time_cost=2))
    new = await dearer.hash("another password")
    accounts = {"ann": Account(Principal("ann"), old)}
    lookups = 0

    async def find(name: str) -> Account | None:
        nonlocal lookups
        lookups += 1
        if lookups == 2:  # while the old one was hashed anew
            del accounts["ann"]
            if not closed:
                accounts["ann"] = Account(Principal("ann"), new)
        return accounts.get(name)

    async def save(user_id: str, new_hash: str) -> None:
        accounts[user_id] = Account(Principal(user_id), new_hash)

    login = PasswordLogin(find, dearer, save_hash=save, throttle=None, observe=Recorder())
    await login.check("ann", "stolen password")

    assert [account.password_hash for account in accounts.values()] == ([] if closed else [new])
