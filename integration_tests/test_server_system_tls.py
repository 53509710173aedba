"""TLS for real: certificates made by openssl, clients with and without them, on each event loop."""

import json
import logging
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from drystone_server import Deadlines
from drystone_server.asgi import ASGIHandler
from drystone_server.options import start_arguments

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from serving import LOOPS, ServerThread, in_thread, make_server, needed_program

pytestmark = pytest.mark.system

LARGE = bytes(range(251)) * 20_000
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Certificates:
    """An authority, and what it has signed: for the server, and for a client called ada."""

    def __init__(self, folder: Path) -> None:
        self._program = needed_program("openssl")
        self._folder = folder
        folder.mkdir()
        self.authority = self._make("authority", "/CN=authority")
        self.server = self._make("server", "/CN=localhost", self.authority)
        self.client = self._make("client", "/O=notes/CN=ada", self.authority)

    def _make(self, name: str, subject: str, by: Path | None = None) -> Path:
        path = self._folder / f"{name}.pem"
        key = self._folder / f"{name}.key"
        command = [self._program, "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]
        command += ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject]
        command += ["-out", str(path), "-keyout", str(key)]
        if by is not None:
            command += ["-CA", str(by), "-CAkey", str(by.with_suffix(".key"))]
            command += ["-addext", "basicConstraints=critical,CA:FALSE"]
            command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run(command, check=True, capture_output=True)
        return path

    def for_server(self) -> ssl.SSLContext:
        """As the command line makes it of its options."""
        options = {
            "tls_cert": str(self.server),
            "tls_key": str(self.server.with_suffix(".key")),
            "tls_client_ca": str(self.authority),
        }
        context: ssl.SSLContext = start_arguments(options)["ssl"]
        return context

    def for_client(self, certificate: Path | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.authority))
        if certificate is not None:
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        return context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls") / "made")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate by an authority that nobody knows."""
    return Certificates(tmp_path_factory.mktemp("tls") / "strange").client


async def application(scope: Any, receive: Any, send: Any) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message["body"])
        more = message["more_body"]
    told = {**scope["extensions"]["tls"], "scheme": scope["scheme"], "size": size}
    body = LARGE if scope["path"] == "/large" else json.dumps(told).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Site:
    """A server that asks its clients for certificates."""

    certificates: Certificates
    server: ServerThread
    context: ssl.SSLContext

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.port}"

    def client(self, certificate: Path | None) -> httpx.Client:
        return httpx.Client(verify=self.certificates.for_client(certificate), base_url=self.url)

    def socket(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.server.port), 10)
        context = self.certificates.for_client(self.certificates.client)
        return context.wrap_socket(plain, server_hostname="localhost")

    def has_nobody(self) -> bool:
        """Whether all connections end soon."""
        deadline = time.monotonic() + 5
        while self.server.connections and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.server.connections


@pytest.fixture(params=LOOPS)
def site(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[Site]:
    deadlines = Deadlines(tls_handshake=0.5, keep_alive=2, linger=0.5, shutdown=2)
    server = make_server(ASGIHandler(application, lifespan="off"), deadlines=deadlines)
    context = certificates.for_server()
    with in_thread(server, request.param, context) as running:
        yield Site(certificates, running, context)


def test_a_client_is_known_by_its_certificate(site: Site) -> None:
    with site.client(site.certificates.client) as client:
        for _ in range(3):
            told = client.post("/", content=b"x" * 300_000).json()
        assert client.get("/large").content == LARGE
    assert told["client_cert_name"] == "CN=ada,O=notes"
    assert told["client_cert_chain"] == [site.certificates.client.read_text()]
    assert told["tls_version"] == 0x0304
    assert told["scheme"] == "https"
    assert told["size"] == 300_000
    assert site.has_nobody()


def test_a_client_without_one_is_refused(site: Site) -> None:
    with site.client(None) as client, pytest.raises(httpx.TransportError):
        client.get("/")
    assert site.has_nobody()
    with site.client(site.certificates.client) as client:
        assert client.get("/").status_code == 200


def test_one_of_an_unknown_authority_is_refused(site: Site, stranger: Path) -> None:
    with site.client(stranger) as client, pytest.raises(httpx.TransportError):
        client.get("/")
    assert site.has_nobody()


@pytest.mark.parametrize("sent", [GET, b"\x16\x03\x01\xff\xff" + b"x" * 100, bytes(70_000), b""])
def test_what_is_no_handshake_is_closed(
    site: Site, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        with socket.create_connection(("127.0.0.1", site.server.port), 5) as client:
            begun = time.monotonic()
            try:
                client.sendall(sent)
                while client.recv(1000):
                    pass
            except ConnectionError:
                pass
        assert time.monotonic() - begun < 2
        assert site.has_nobody()
    assert not caplog.records


def test_a_client_that_ends_its_session(site: Site) -> None:
    with site.socket() as client:
        client.sendall(GET)
        assert client.recv(100_000).startswith(b"HTTP/1.1 200 ")
        client.unwrap().close()  # answers with its own end
    assert site.has_nobody()


def test_a_client_that_vanishes_without_a_word(site: Site) -> None:
    client = site.socket()
    client.sendall(GET[:-2])
    client.shutdown(socket.SHUT_RDWR)
    client.close()
    assert site.has_nobody()


def test_an_idle_session_is_ended_in_order(site: Site) -> None:
    with site.socket() as client:
        client.sendall(GET)
        received = b""
        while piece := client.recv(100_000):  # b"" only for a proper end: a cut would raise
            received += piece
    assert received.startswith(b"HTTP/1.1 200 ")
    assert site.has_nobody()


def test_a_renewed_certificate_needs_no_restart(site: Site, tmp_path: Path) -> None:
    renewed = Certificates(tmp_path / "renewed")
    with site.client(site.certificates.client) as before:
        assert before.get("/").status_code == 200

        site.context.load_cert_chain(renewed.server, renewed.server.with_suffix(".key"))

        assert before.get("/").status_code == 200  # on its connection
        with site.client(site.certificates.client) as old, pytest.raises(httpx.TransportError):
            old.get("/")
        trusting = renewed.for_client(None)
        client = site.certificates.client
        trusting.load_cert_chain(client, client.with_suffix(".key"))
        with httpx.Client(verify=trusting) as new:
            assert new.get(f"{site.url}/").status_code == 200
