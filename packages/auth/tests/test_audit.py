"""Events: typed, logged, and without secrets."""

import dataclasses
import logging

import drystone_auth
import pytest
from drystone_auth import Event, LoggedIn, LoginFailed, MemoryStore, Session, Sessions, log_event

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
