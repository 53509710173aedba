"""Events: typed, logged, and without secrets."""

import base64
import dataclasses
import logging

import drystone_auth
import pytest
from drystone_auth import (
    AccessTokens,
    Account,
    APIKey,
    Argon2Parameters,
    Authenticator,
    AuthError,
    Basic,
    Bearer,
    Event,
    LoggedIn,
    LoginFailed,
    LoginThrottle,
    MemoryStore,
    OneTimeTokens,
    PasswordLogin,
    Passwords,
    Principal,
    Session,
    Sessions,
    Signer,
    log_event,
)
from drystone_auth.testing import FakeRequest

EVENTS = [
    value
    for value in vars(drystone_auth).values()
    if isinstance(value, type) and issubclass(value, Event)
]


def test_bad_news_are_warnings(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="drystone_auth"):
        log_event(LoggedIn(user_id="ann", session="h"))
        log_event(LoginFailed(reason="wrong password"))

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "LoggedIn(user_id='ann', session='h', address='', remembered=False)"),
        ("WARNING", "LoginFailed(reason='wrong password', user_id=None, address='')"),
    ]


async def test_a_broken_observer_breaks_no_login(caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: Event) -> None:
        raise RuntimeError("the log is full")

    sessions = Sessions(MemoryStore().sessions, observe=broken)
    session = Session()
    await sessions.login(session, "ann")

    assert session.user_id == "ann"
    assert "the audit observer failed on LoggedIn" in caplog.text


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_has_room_for_a_secret(event: type) -> None:
    names = {field.name for field in dataclasses.fields(event)}

    assert not names & {"password", "token", "secret", "key", "cookie", "id", "name"}


def test_all_events_are_there() -> None:
    assert len(EVENTS) == 15


async def test_no_secret_in_a_log_an_error_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    """Everything once, well and badly, with every logger open; then look for each secret."""
    caplog.set_level(logging.DEBUG)
    seen: list[object] = []
    store = MemoryStore()
    passwords = Passwords(parameters=Argon2Parameters(1, 8, 1))
    stored = await passwords.hash("the-right-password")
    account = Account(Principal("ann"), stored)

    async def find(name: str) -> Account | None:
        return account if name == "ann" else None

    async def save(user_id: str, new_hash: str) -> None: ...

    login = PasswordLogin(find, passwords, save_hash=save, throttle=LoginThrottle(store.attempts))
    tokens, links = AccessTokens(store.access_tokens), OneTimeTokens(store.one_time_tokens)
    sessions = Sessions(store.sessions)
    signer = Signer([b"the-signing-key-of-32-bytes-or-so"])
    authenticator = Authenticator(
        sessions=sessions,
        schemes=(Bearer(tokens.verify), Basic(login.verify), APIKey(tokens.verify)),
    )

    session = Session()
    session["card"] = "the-card-number"
    await sessions.login(session, (await login.check("ann", "the-right-password")).id)
    (line,) = await sessions.commit(session)
    cookie = line.partition(";")[0].partition("=")[2]
    token, record = await tokens.issue("ann")
    link = await links.issue("reset", "ann", lifetime=60)
    signed = signer.sign("p", "x")
    seen += [session, account, record, await links.redeem("reset", link), sessions, signer]
    seen += [passwords, await passwords.verify("the-right-password", stored), login, tokens]

    for headers in (
        {"authorization": "Bearer the-wrong-token"},
        {"authorization": "Bearer the-wrong-token twice"},
        {"authorization": "Basic " + base64.b64encode(b"ann:the-wrong-password").decode()},
        {"authorization": "Basic " + base64.b64encode(b"the-typo\n:x").decode()},
        {"authorization": "Basic " + base64.b64encode(b"the-typo:x").decode()},
        {"X-API-Key": "the-wrong-token"},
        {"X-API-Key": "the wrong token"},
    ):
        with pytest.raises(AuthError) as caught:
            await authenticator.admit(FakeRequest(headers=headers))
        seen += [caught.value, str(caught.value), caught.value.headers, caught.value.__cause__]
    for act in (links.redeem("reset", link), login.check("the-typo", "the-wrong-password")):
        with pytest.raises(AuthError) as caught:
            await act
        seen += [caught.value, str(caught.value), caught.value.headers]
    with pytest.raises(AuthError) as caught:
        signer.unsign("q", signed, max_age=60)
    seen += [caught.value, str(caught.value)]

    said = caplog.text + repr(seen)
    for secret in (cookie, token, link, signed, stored, "the-right", "the-wrong", "the-typo",
                   "the wrong", "the-card", "the-signing"):  # fmt: skip
        assert secret not in said
    assert base64.b64encode(b"ann:the-wrong-password").decode() not in said
    assert "LoginFailed" in said
    assert "TokenRefused" in said
