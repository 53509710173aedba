"""TLS on real sockets, and what an application is told of it."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from drystone_server import HTTPServer, Request, Response
from drystone_server._asgi_tls import distinguished_name, tls_extension
from drystone_server.asgi import ASGIHandler
from drystone_server.testing import SmallParser

REAL_TIME = True


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (((("countryName", "DE"),), (("commonName", "a"),)), "CN=a,C=DE"),
        (((("commonName", "a"), ("userId", "b")),), "CN=a+UID=b"),
        (((("emailAddress", "a@b"),),), "emailAddress=a@b"),
        (((("commonName", 'x,"y+z'),),), 'CN=x\\,\\"y\\+z'),
        (((("commonName", " a "),),), "CN=\\ a\\ "),
        (((("commonName", "#1"),),), "CN=\\#1"),
        ((), ""),
    ],
)
def test_names_as_rfc_4514_writes_them(subject: Any, text: str) -> None:
    assert distinguished_name(subject) == text


class Session:
    """An `ssl.SSLObject` as far as it is asked."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def __init__(self, cipher: str | None, subject: Any = None) -> None:
        self._cipher = cipher
        self._subject = subject

    def cipher(self) -> Any:
        return None if self._cipher is None else (self._cipher, "TLSv1.3", 256)

    def version(self) -> str | None:
        return "TLSv1.3" if self._cipher else None

    def getpeercert(self, binary_form: bool = False) -> Any:
        if self._subject is None:
            return None
        return b"certificate" if binary_form else {"subject": self._subject}


def test_a_session_without_a_client_certificate() -> None:
    session: Any = Session("TLS_AES_256_GCM_SHA384")
    assert tls_extension(session) == {
        "server_cert": None,
        "client_cert_chain": [],
        "client_cert_name": None,
        "client_cert_error": None,
        "tls_version": 0x0304,
        "cipher_suite": 0x1302,
    }


def test_a_session_with_one() -> None:
    session: Any = Session("TLS_AES_128_GCM_SHA256", ((("commonName", "ada"),),))
    found = tls_extension(session)
    assert found["client_cert_name"] == "CN=ada"
    assert found["client_cert_chain"][0].startswith("-----BEGIN CERTIFICATE-----\n")


@pytest.mark.parametrize("cipher", [None, "UNHEARD_OF"])
def test_a_session_that_tells_nothing(cipher: str | None) -> None:
    session: Any = Session(cipher)
    assert tls_extension(session)["cipher_suite"] is None


# For localhost, valid for a hundred years, and of no use to anybody.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUNWlEQkQ+bVax+XUoeC3XBMON0FkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE1NDgzOVoYDzIxMjYxMDI5
MTU0ODM5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ0888QtpMsy0Ex6Yyan/KxHn8mA7iYMaBo2YslA4eCfP2hWJclrorb
ZsHYYy6Heb7NSQ4hngAyPwNic9jRFVWIo2kwZzAdBgNVHQ4EFgQUCGdeH783+NAC
8DoFHN7VTR01cdEwHwYDVR0jBBgwFoAUCGdeH783+NAC8DoFHN7VTR01cdEwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhALYZEob/S197Km1QB6JsRkiMzJ2fzZMxV/cGLXpaRLsTAiEAzxYDrQxx
zbgho2ybhphSaqREC+hIXZMfaa9gg+3xrwc=
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
def certificate(tmp_path: Path) -> Path:
    (tmp_path / "cert.pem").write_text(CERTIFICATE)
    (tmp_path / "key.pem").write_text(KEY)
    return tmp_path


async def ask(server: HTTPServer[Request], folder: Path, data: bytes) -> bytes:
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    client_side = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    await server.start("127.0.0.1", ssl=server_side)
    async with asyncio.timeout(10), server:
        reader, writer = await asyncio.open_connection(
            *server.addresses[0], ssl=client_side, server_hostname="localhost"
        )
        writer.write(data)
        answer = await reader.read()
        writer.close()
    return answer


async def test_requests_over_tls(certificate: Path) -> None:
    async def handler(request: Request) -> Response:
        assert request.connection.tls is not None
        return Response(request.connection.scheme.encode() * 100_000)

    server = HTTPServer(handler, lambda: SmallParser(Request))
    answer = await ask(
        server, certificate, b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    assert answer.count(b"https") == 200_000


async def test_the_extension_of_asgi(certificate: Path) -> None:
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append((scope["scheme"], scope["extensions"]["tls"]["tls_version"]))
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    handler = ASGIHandler(app, lifespan="off")
    server: HTTPServer[Request] = HTTPServer(handler, lambda: SmallParser(Request))
    await ask(server, certificate, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert found == [("https", 0x0304)]
