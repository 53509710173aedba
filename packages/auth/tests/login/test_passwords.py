"""Hashing: cost, renewal, lengths, and the room for it."""

import asyncio
import base64
import hashlib
import sys
import threading
import time
from collections.abc import Coroutine

import pytest
from drystone_auth import (
    Argon2Parameters,
    MissingExtra,
    PasswordRejected,
    Passwords,
    TooBusy,
    Verdict,
    legacy_hashes,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CHEAP = Argon2Parameters(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(parameters=CHEAP)


async def test_a_password_fits_its_hash_only(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")

    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert (await passwords.verify("correct horse", stored)).ok
    assert not (await passwords.verify("Correct horse", stored)).ok
    assert not (await passwords.verify("", stored)).ok


async def test_each_hash_has_a_salt_of_its_own(passwords: Passwords) -> None:
    assert await passwords.hash("correct horse") != await passwords.hash("correct horse")


def test_the_default_is_rfc_9106s() -> None:
    assert Argon2Parameters() == Argon2Parameters(3, 65536, 4)


async def test_changed_parameters_renew_the_hash_at_login(passwords: Passwords) -> None:
    old = await passwords.hash("correct horse")
    dearer = Passwords(parameters=Argon2Parameters(2, 16, 1))

    assert (await dearer.verify("wrong horse", old)).new_hash is None
    new = (await dearer.verify("correct horse", old)).new_hash
    assert new is not None
    assert "m=16,t=2" in new
    assert (await dearer.verify("correct horse", new)).new_hash is None


@pytest.mark.parametrize(
    "stored", ["", "x", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$eA$eA", "\u00e9", "\ud800"]
)
async def test_a_damaged_hash_fits_nothing(stored: str, passwords: Passwords) -> None:
    assert not (await passwords.verify("correct horse", stored)).ok


@pytest.mark.parametrize("password", ["", "seven77", "x" * 257])
async def test_lengths_are_bounded(password: str, passwords: Passwords) -> None:
    with pytest.raises(PasswordRejected, match=r"Use at (least 8|most 256) characters"):
        await passwords.hash(password)


async def test_the_bounds_themselves_are_allowed(passwords: Passwords) -> None:
    for password in ("eight888", "x" * 256, "\U0001f512" * 256):
        assert (await passwords.verify(password, await passwords.hash(password))).ok


def test_common_passwords_are_refused_in_any_case() -> None:
    passwords = Passwords(parameters=CHEAP, common=["Password1"])

    passwords.check("Password12")
    with pytest.raises(PasswordRejected, match="anybody guesses"):
        passwords.check("pASSWORD1")


async def test_two_ways_to_type_the_same_character(passwords: Passwords) -> None:
    stored = await passwords.hash("caf\u00e9 caf\u00e9")

    assert (await passwords.verify("cafe\u0301 cafe\u0301", stored)).ok


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(password=st.text(st.characters(max_codepoint=0x10FFFF), min_size=8, max_size=50))
async def test_any_text_can_be_a_password(password: str, passwords: Passwords) -> None:
    try:
        stored = await passwords.hash(password)
    except PasswordRejected:
        return  # shorter once it is composed

    assert (await passwords.verify(password, stored)).ok


async def test_legacy_hashes_are_replaced_at_login() -> None:
    passwords = Passwords(parameters=CHEAP, legacy=legacy_hashes())
    checksum = hashlib.pbkdf2_hmac("sha256", b"correct horse", b"salt", 1)
    old = f"pbkdf2_sha256$1$salt${base64.b64encode(checksum).decode()}"

    wrong = await passwords.verify("wrong horse", old)
    right = await passwords.verify("correct horse", old)
    assert (wrong.ok, wrong.new_hash) == (False, None)
    assert right.ok
    assert right.new_hash is not None
    assert right.new_hash.startswith("$argon2id$")
    assert (await passwords.verify("correct horse", right.new_hash)).ok


async def test_hashing_leaves_the_event_loop_free() -> None:
    passwords = Passwords(parameters=CHEAP)

    name = await passwords._in_thread(lambda: threading.current_thread().name)

    assert name.startswith("drystone-auth-passwords")


async def test_work_and_queue_are_bounded() -> None:
    passwords = Passwords(parameters=CHEAP, max_parallel=1, max_waiting=2)
    gate = threading.Event()
    running = passwords._in_thread(gate.wait)
    waiting = [
        asyncio.ensure_future(running),
        *(asyncio.ensure_future(each) for each in two(passwords)),
    ]
    await asyncio.sleep(0)

    with pytest.raises(TooBusy) as caught:
        await passwords.verify("correct horse", None)
    assert caught.value.status == 503

    gate.set()
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert not (await passwords.verify("correct horse", None)).ok
    passwords.close()


async def test_closed_threads_are_replaced_when_needed() -> None:
    """An application that closes them as it stops may be started again."""
    passwords = Passwords(parameters=CHEAP)
    passwords.close()  # there are none yet
    stored = await passwords.hash("correct horse")
    passwords.close()
    assert (await passwords.verify("correct horse", stored)).ok
    passwords.close()


def two(passwords: Passwords) -> list[Coroutine[object, object, Verdict]]:
    return [passwords.verify("correct horse", None) for _ in range(2)]


def test_without_the_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argon2", None)

    with pytest.raises(MissingExtra, match=r"pip install 'drystone-auth\[passwords\]'"):
        Passwords()


def test_the_dummy_hash_is_made_once(passwords: Passwords) -> None:
    assert passwords._dummy_hash() is passwords._dummy_hash()


async def test_a_password_of_combining_marks_is_refused_before_they_are_ordered(
    passwords: Passwords,
) -> None:
    """That takes a quadratic time, and `check` runs in the event loop."""
    password = "a" + "\u0315\u0300" * 100_000
    started = time.process_time()
    with pytest.raises(PasswordRejected, match="at most"):
        await passwords.hash(password)
    assert not (await passwords.verify(password, None)).ok
    assert time.process_time() - started < 1
