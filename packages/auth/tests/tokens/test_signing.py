"""Values that the client may hold but not change."""

import sys

import pytest
from drystone_auth import BadSignature, MalformedText, MissingExtra, Signer
from drystone_auth.testing import FakeClock
from hypothesis import given
from hypothesis import strategies as st

OLD, NEW = b"o" * 32, b"n" * 32


def test_a_value_comes_back() -> None:
    signer = Signer([NEW])
    signed = signer.sign("unsubscribe", {"list": [1, "a"]})

    assert signer.unsign("unsubscribe", signed, max_age=60) == {"list": [1, "a"]}


def test_it_is_good_for_its_purpose_only() -> None:
    signer = Signer([NEW])
    signed = signer.sign("unsubscribe", "ann")

    with pytest.raises(BadSignature) as caught:
        signer.unsign("delete-account", signed, max_age=60)
    assert caught.value.status == 400
    assert caught.value.reason == "signed value for delete-account: BadTimeSignature"


def test_it_is_good_for_its_time_only() -> None:
    clock = FakeClock()
    signer = Signer([NEW], clock=clock)
    signed = signer.sign("p", 1)

    clock.now += 60
    assert signer.unsign("p", signed, max_age=60) == 1
    clock.now += 1
    with pytest.raises(BadSignature, match="not valid"):
        signer.unsign("p", signed, max_age=60)


def test_keys_rotate_in_and_out() -> None:
    signed = Signer([OLD]).sign("p", 1)

    assert Signer([NEW, OLD]).unsign("p", signed, max_age=60) == 1
    with pytest.raises(BadSignature):
        Signer([NEW]).unsign("p", signed, max_age=60)
    newest = Signer([NEW, OLD]).sign("p", 1)
    assert Signer([NEW]).unsign("p", newest, max_age=60) == 1


def test_a_changed_character_is_noticed() -> None:
    signer = Signer([NEW])
    signed = signer.sign("p", "admin=0")
    for place in range(len(signed)):
        other = "A" if signed[place] != "A" else "B"
        changed = signed[:place] + other + signed[place + 1 :]
        if place == len(signed) - 1:
            continue  # the last character of the base64 holds spare bits
        with pytest.raises(BadSignature):
            signer.unsign("p", changed, max_age=60)


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_weak_keys_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        Signer(keys)


@given(st.text())
def test_nothing_invented_passes(signed: str) -> None:
    with pytest.raises(BadSignature):
        Signer([NEW]).unsign("p", signed, max_age=60)


def test_without_the_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "itsdangerous", None)

    with pytest.raises(MissingExtra, match=r"drystone-auth\[signing\]"):
        Signer([NEW])


def test_what_is_no_text_is_neither_signed_nor_taken() -> None:
    signer = Signer([NEW])

    with pytest.raises(MalformedText):
        signer.sign("p", ["\ud800"])
    with pytest.raises(BadSignature):
        signer.unsign("p", "\ud800", max_age=60)
