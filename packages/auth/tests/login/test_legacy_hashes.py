"""Old hashes in the spellings that people have. The vectors were made with the libraries
that are named beside them.
"""

import sys

import bcrypt
import pytest
from drystone_auth import BcryptHash, MissingExtra, Pbkdf2Hash, ScryptHash, legacy_hashes
from hypothesis import given, settings
from hypothesis import strategies as st

PASSWORD = b"correct horse"


BCRYPT = bcrypt.hashpw(PASSWORD, bcrypt.gensalt(4)).decode()
FITTING = [
    BCRYPT,
    BCRYPT.replace("$2b$", "$2a$"),
    BCRYPT.replace("$2b$", "$2y$"),
    # Django
    "bcrypt$$2b$04$82ozDdQkWbNQHIG/DbgTv.v7aFqOxyotKX15kUdRv112bJN2DlpAS",
    "bcrypt_sha256$$2b$04$RP3cyuur9JOpfMiZfCjqT.8f7fIU2ix3SaSNuo5YwUzLYI4cVNsMG",
    "pbkdf2_sha256$3$NaCl$rpd1X4Y3NAf1GLoAPILNQURpaUP2qT3rE0t6NIg6K1o=",
    "pbkdf2_sha1$3$NaCl$c/1B3e3qW/HHqZjkixCOjycngdg=",
    (
        "scrypt$1024$NaCl$8$1$xPqUjhGxb1BHAUIHq9nbFDlZKbsN1Xtol93brViIQhuOVLtnbYBKkyAoRO+IGVlSNmD8Q+mh"
        "Nvg7U0V3z3jzAg=="
    ),
    # Werkzeug
    (
        "pbkdf2:sha256:3$Rs9889enLnBNhDAf$"
        "a481e6cd5d7b265c7afd6d00999afde49562f1cb0d89123d54313da9124ce644"
    ),
    "pbkdf2:sha1:3$dBzRXDGxX8CnCeJt$76b686d91c7a5c93bf322f579cf3858e63a0e853",
    (
        "scrypt:1024:8:1$rHOqIJ8NtfLMwC19$c23f4a723d508bf7b20c2f4126789d8a9fd485d00fb88814a79bf37e23b0"
        "9436957e14ba9e08a2b50121b2a5b7a603a8fdc6c6838119a2f351466697eca3aaee"
    ),
    # passlib
    "$pbkdf2-sha256$3$c2FsdCtzYWx0$8mWGn0Q5MFPquOrHVHVDYuNtFS3PF2rtoNOjgRroEnQ",
    (
        "$pbkdf2-sha512$3$c2FsdCtzYWx0$6iSxSfztU1sfsB8Zu2x0JFbWmAAn4oH9eoiPsnvdhD2XMMXoaOzBR9ngt.Rb8d9c"
        "iSucDihq.6Xpd0Oc4ixUvg"
    ),
    "$pbkdf2$3$c2FsdCtzYWx0$C5SLOYOgCDVP/21wLMp3HCBhX5Y",
    "$scrypt$ln=4,r=8,p=1$c2FsdCtzYWx0//4$D/zLL81difFmoZUlVjLVv262BzpuuE8+AoXZzB+7lDI",
]


def verify(password: bytes, stored: str) -> bool:
    (kind,) = [kind for kind in legacy_hashes() if kind.recognises(stored)]
    return kind.verify(password, stored)


@pytest.mark.parametrize("stored", FITTING)
def test_each_spelling_is_recognised_by_one_kind(stored: str) -> None:
    assert verify(PASSWORD, stored)
    assert not verify(b"wrong horse", stored)
    assert not verify(b"", stored)


DAMAGED = [
    "",
    "plain text",
    "md5$salt$d41d8cd98f00b204e9800998ecf8427e",
    "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$eA",
    BCRYPT[:-1],
    "pbkdf2_sha256$3$salt$x",
    "pbkdf2_md5$3$salt$eA==",
    "pbkdf2:sha256:3$salt$abc",
    "$pbkdf2-sha256$3$x$y",
    "scrypt:16:8:1$salt$abc",
    "scrypt$16$salt$8$1$x",
    "$scrypt$ln=4,r=8,p=1$x$y",
    "pbkdf2_sha256$\u0663$salt$eA==",
]


@pytest.mark.parametrize("stored", DAMAGED)
def test_what_is_damaged_or_unknown_is_not_recognised(stored: str) -> None:
    for kind in legacy_hashes():
        assert not kind.recognises(stored)
        assert not kind.verify(PASSWORD, stored)


@pytest.mark.parametrize(
    "stored",
    [
        "pbkdf2_sha256$0$salt$eA==",
        "pbkdf2_sha256$99999999$salt$eA==",
        "scrypt:17:8:1$salt$ab",
        "scrypt:1:8:1$salt$ab",
        "scrypt:16777216:9999:9999$salt$ab",
        "$scrypt$ln=99,r=8,p=1$eA$eA",
        "$2b$99$" + "a" * 53,
        "$2b$03$" + "a" * 53,
    ],
)
def test_absurd_costs_are_not_obeyed(stored: str) -> None:
    assert not verify(PASSWORD, stored)


def test_bcrypt_reads_72_bytes_as_it_did() -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()

    assert BcryptHash().verify(b"x" * 100, stored)


@settings(max_examples=50)
@given(
    st.text()
    | st.sampled_from([*FITTING, *DAMAGED]).flatmap(
        lambda known: st.integers(0, len(known)).map(lambda cut: known[:cut])
    )
)
def test_no_text_is_more_than_not_recognised(stored: str) -> None:
    for kind in (Pbkdf2Hash(), ScryptHash(), BcryptHash()):
        if not kind.recognises(stored):
            assert not kind.verify(PASSWORD, stored)


def test_without_bcrypt_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bcrypt", None)

    with pytest.raises(MissingExtra, match=r"drystone-auth\[legacy-passwords\]"):
        legacy_hashes()
