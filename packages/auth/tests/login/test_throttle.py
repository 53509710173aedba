"""How long to wait. The ways around it are in test_attacks.py."""

import time

import pytest
from drystone_auth import (
    Backoff,
    LoginThrottle,
    MemoryStore,
    StoreUnavailable,
    TooManyAttempts,
    normalise_account,
    normalise_address,
)
from drystone_auth.testing import FakeClock, Recorder
from hypothesis import given
from hypothesis import strategies as st


def test_waits_double_up_to_the_longest() -> None:
    assert Backoff(free=2, first=1, longest=5).delays() == [0.0, 1, 2, 4, 5]
    assert Backoff(free=1, first=9, longest=5).delays() == [5]


@pytest.mark.parametrize(
    "wrong", [{"free": 0}, {"first": 0.0}, {"longest": 0.0}, {"forget_after": -1.0}]
)
def test_a_backoff_that_never_slows_down_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Backoff"):
        Backoff(**wrong)  # type: ignore[arg-type]


async def test_each_failure_doubles_the_wait() -> None:
    clock, audit = FakeClock(), Recorder()
    throttle = LoginThrottle(MemoryStore().attempts, clock=clock, observe=audit)
    for _ in range(5):
        await throttle.attempt("ann", "192.0.2.1")
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyAttempts) as caught:
            await throttle.attempt("ann", "192.0.2.1")
        waits.append(caught.value.retry_after)
        assert caught.value.headers == [("Retry-After", str(waits[-1]))]
        clock.now += waits[-1]
        await throttle.attempt("ann", "192.0.2.1")

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert set(audit.names) == {"Throttled"}
    assert "192.0.2.1" in repr(audit.events[0])


async def test_a_wait_is_told_in_whole_seconds_rounded_up() -> None:
    clock = FakeClock()
    throttle = LoginThrottle(
        MemoryStore().attempts, account=Backoff(free=1, first=10), clock=clock, observe=Recorder()
    )
    await throttle.attempt("ann")
    clock.now += 9.9

    with pytest.raises(TooManyAttempts) as caught:
        await throttle.attempt("ann")
    assert caught.value.retry_after == 1


async def test_all_is_forgotten_in_time() -> None:
    clock = FakeClock()
    throttle = LoginThrottle(MemoryStore().attempts, clock=clock, observe=Recorder())
    for _ in range(5):
        await throttle.attempt("ann")
    clock.now += 86400
    for _ in range(5):
        await throttle.attempt("ann")


async def test_what_a_full_store_refuses_is_not_counted_for_the_address() -> None:
    store = MemoryStore(max_counts=2)
    throttle = LoginThrottle(store.attempts, address=Backoff(free=2), clock=FakeClock())
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            await throttle.attempt("ann", "192.0.2.1")

    assert not store.attempts._counts


async def test_undo_takes_back_both_counts() -> None:
    throttle = LoginThrottle(
        MemoryStore().attempts, account=Backoff(free=1), address=Backoff(free=1), observe=Recorder()
    )
    for _ in range(5):
        await (await throttle.attempt("ann", "192.0.2.1")).undo()
        await (await throttle.attempt("ann")).undo()


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("::1", "::/64"),
        ("unix:/run/x", "unix:/run/x"),
        (" TestClient ", "testclient"),
        ("192.0.2.01", "192.0.2.01"),
    ],
)
def test_addresses(address: str, normal: str) -> None:
    assert normalise_address(address) == normal


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    once = normalise_account(text)

    assert normalise_account(once) == once
    assert normalise_account(text.upper().lower()) == normalise_account(
        text.lower().upper().lower()
    )


@given(st.ip_addresses(v=4))
def test_a_wrapped_ipv4_address_is_the_address(address: object) -> None:
    assert normalise_address(f"::ffff:{address}") == str(address) == normalise_address(str(address))


@given(st.ip_addresses(v=6) | st.text())
def test_any_address_has_a_form(address: object) -> None:
    assert isinstance(normalise_address(str(address)), str)


async def test_an_attempt_at_a_locked_account_does_not_count_for_the_address() -> None:
    """A mail program that tries a locked account again and again locks nobody else behind it."""
    throttle = LoginThrottle(
        MemoryStore().attempts,
        account=Backoff(free=1),
        address=Backoff(free=3),
        clock=FakeClock(),
        observe=Recorder(),
    )
    await throttle.attempt("ann", "192.0.2.1")
    for _ in range(20):
        with pytest.raises(TooManyAttempts, match="Too many") as caught:
            await throttle.attempt("ann", "192.0.2.1")
        assert "account" in caught.value.reason
    await throttle.attempt("bob", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        await throttle.attempt("ann")


@pytest.mark.parametrize("length", [256, 257, 200_000])
def test_a_name_of_combining_marks_is_normalised_at_once(length: int) -> None:
    """Their order takes a quadratic time to find: 200 000 of them would stop the loop for long."""
    name = ("A" + "\u0315\u0300" * length)[:length]
    started = time.process_time()
    assert normalise_account(name + " ") == normalise_account(name)
    assert time.process_time() - started < 1
