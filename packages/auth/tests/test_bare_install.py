"""Without any extra the package imports, and imports none of their libraries."""

import subprocess
import sys

CODE = """
import sys
for name in ("argon2", "bcrypt", "itsdangerous", "redis"):
    sys.modules[name] = None  # as if it were not installed
import drystone_auth, drystone_auth.asgi, drystone_auth.testing
drystone_auth.Sessions(drystone_auth.MemoryStore().sessions)
for make, extra in [
    (lambda: drystone_auth.Passwords(), "passwords"),
    (lambda: drystone_auth.legacy_hashes(), "legacy-passwords"),
    (lambda: drystone_auth.Signer([b"x" * 32]), "signing"),
    (lambda: drystone_auth.RedisStore.from_url("redis://localhost"), "redis"),
]:
    try:
        make()
    except ImportError as error:
        assert f"pip install 'drystone-auth[{extra}]'" in str(error), error
    else:
        raise SystemExit(f"{extra} was not missed")
"""
LAZY = """
import sys
import drystone_auth, drystone_auth.asgi, drystone_auth.testing
found = {"argon2", "bcrypt", "itsdangerous", "redis"} & set(sys.modules)
sys.exit(f"imported before use: {found}" if found else 0)
"""


def test_it_imports_and_names_the_extra() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True, timeout=60)


def test_libraries_are_imported_when_used() -> None:
    subprocess.run([sys.executable, "-c", LAZY], check=True, timeout=60)


def test_every_public_name_is_there() -> None:
    import drystone_auth

    assert sorted(set(drystone_auth.__all__)) == sorted(drystone_auth.__all__)
    for name in drystone_auth.__all__:
        assert getattr(drystone_auth, name) is not None
