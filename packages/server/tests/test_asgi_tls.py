"""TLS on real sockets, and what an application is told of it."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, TypeAlias

import pytest
from drystone_server import HTTPServer, Request, Response
from drystone_server._asgi_tls import distinguished_name, tls_extension
from drystone_server.asgi import ASGIHandler
from drystone_server.testing import make_server

REAL_TIME = True

Contexts: TypeAlias = tuple[ssl.SSLContext, ssl.SSLContext]


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


async def ask(server: HTTPServer[Request], tls: Contexts, data: bytes) -> bytes:
    server_side, client_side = tls
    await server.start("127.0.0.1", ssl=server_side)
    async with asyncio.timeout(10), server:
        reader, writer = await asyncio.open_connection(
            *server.addresses[0], ssl=client_side, server_hostname="localhost"
        )
        writer.write(data)
        answer = await reader.read()
        writer.close()
    return answer


async def test_requests_over_tls(tls: Contexts) -> None:
    async def handler(request: Request) -> Response:
        assert request.connection.tls is not None
        return Response(request.connection.scheme.encode() * 100_000)

    server = make_server(handler)
    answer = await ask(
        server, tls, b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    assert answer.count(b"https") == 200_000


async def test_the_extension_of_asgi(tls: Contexts) -> None:
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append((scope["scheme"], scope["extensions"]["tls"]["tls_version"]))
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    handler = ASGIHandler(app, lifespan="off")
    server = make_server(handler)
    await ask(server, tls, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert found == [("https", 0x0304)]


async def test_a_client_with_a_certificate(tls: Contexts) -> None:
    tls[0].verify_mode = ssl.CERT_REQUIRED
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["extensions"]["tls"])
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    server = make_server(ASGIHandler(app, lifespan="off"))
    await ask(server, tls, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert found[0]["client_cert_name"] == "CN=localhost"
    (certificate,) = found[0]["client_cert_chain"]
    assert ssl.PEM_cert_to_DER_cert(certificate) == tls[1].get_ca_certs(binary_form=True)[0]
