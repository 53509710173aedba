"""Virtual time for every test, but in modules that say ``REAL_TIME = True``; and TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from drystone_server.testing import VirtualLoop


def pytest_asyncio_loop_factories(
    item: pytest.Function,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if getattr(item.module, "REAL_TIME", False):
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualLoop}


# For localhost, valid for a hundred years, and of no use to anybody.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBYDCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDTzzxC2kyzLQTHp
jJqf8rEefyYDuJgxoGjZiyUDh4J8/aFYlyWuittmwdhjLod5vs1JDiGeADI/A2Jz
2NEVVYijSDBGMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MB0GA1UdDgQWBBQIZ14fvzf40ALwOgUc3tVNHTVx0TAKBggqhkjOPQQDAgNHADBE
AiARh6s8pMw58gJYYFsPZcb9Nor1xnhMnUnwn4cXSrJUbgIgRF8ji0FJ/qUmAzZR
4fJYUAvHraubWglw/exdlYxFj7o=
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAzwdV/bzLpi2WhAl
oEH6soqGrBHcCz4ab0pOaEH82VihRANCAAQ0888QtpMsy0Ex6Yyan/KxHn8mA7iY
MaBo2YslA4eCfP2hWJclrorbZsHYYy6Heb7NSQ4hngAyPwNic9jRFVWI
-----END PRIVATE KEY-----
"""


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server and a client that trust each other; both have the same certificate."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_text(CERTIFICATE)
    key.write_text(KEY)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificate))
    client = ssl.create_default_context(cafile=str(certificate))
    for context in (server, client):
        context.load_cert_chain(certificate, key)
    return server, client
