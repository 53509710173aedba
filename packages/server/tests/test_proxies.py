"""Behind proxies: only those who are trusted say who the client is."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from drystone_server import Request, Response, TrustedProxies
from drystone_server.asgi import ASGIHandler, Receive, Scope, Send
from drystone_server.testing import connect, make_server, settle
from hypothesis import given
from hypothesis import strategies as st

PEER = ("10.0.0.1", 1)
PROXIES = ["10.0.0.0/8", "2001:db8::/32", "unix"]


class Fields:
    """Header fields as far as they are asked."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def items(self) -> Any:
        return self._pairs


def x_forwarded(senders: str, *schemes: str) -> Fields:
    return Fields(
        ("X-Forwarded-For", senders), *[("x-forwarded-proto", scheme) for scheme in schemes]
    )


@pytest.mark.parametrize(
    ("fields", "client", "scheme"),
    [
        (Fields(), PEER, "http"),
        (x_forwarded("192.0.2.7"), ("192.0.2.7", 0), "http"),
        (x_forwarded("192.0.2.7:55", "HTTPS"), ("192.0.2.7", 55), "https"),
        (x_forwarded("192.0.2.7:port"), ("192.0.2.7", 0), "http"),
        (x_forwarded("2001:db9::7"), ("2001:db9::7", 0), "http"),
        (x_forwarded("[2001:db9::7]"), ("2001:db9::7", 0), "http"),
        (x_forwarded("[2001:db9::7]:55"), ("2001:db9::7", 55), "http"),
        # The client's own claim stands before what the proxy saw.
        (x_forwarded("127.0.0.1, 192.0.2.7", "https"), ("192.0.2.7", 0), "https"),
        (Fields(("X-Forwarded-For", "127.0.0.1"), ("x-forwarded-for", "192.0.2.7")),
         ("192.0.2.7", 0), "http"),
        # Several proxies, all trusted; each scheme belongs to its address.
        (x_forwarded("1.1.1.1, 192.0.2.7, 10.9.9.9", "http, https, http"),
         ("192.0.2.7", 0), "https"),
        (x_forwarded("1.1.1.1, 192.0.2.7, 10.9.9.9", "http", "https"), ("192.0.2.7", 0), "https"),
        (x_forwarded("10.0.0.3, 10.0.0.2"), ("10.0.0.3", 0), "http"),
        (x_forwarded("::ffff:10.0.0.3"), ("::ffff:10.0.0.3", 0), "http"),
        # What nobody can read ends the search.
        (x_forwarded("192.0.2.7, unknown", "https"), PEER, "http"),
        (x_forwarded("192.0.2.7, unknown, 10.0.0.2"), ("10.0.0.2", 0), "http"),
        (x_forwarded("192.0.2.7,"), PEER, "http"),
        (x_forwarded("192.0.2.7", "gopher"), ("192.0.2.7", 0), "http"),
        (Fields(("x-forwarded-proto", "https")), PEER, "http"),
        # The other field is not believed: the proxy did not write it.
        (Fields(("forwarded", "for=192.0.2.7")), PEER, "http"),
    ],
)  # fmt: skip
def test_x_forwarded(fields: Fields, client: Any, scheme: str) -> None:
    assert TrustedProxies(PROXIES).find_client(PEER, "http", fields) == (client, scheme)


@pytest.mark.parametrize(
    ("field", "client", "scheme"),
    [
        ("for=192.0.2.7", ("192.0.2.7", 0), "http"),
        ("For=192.0.2.7;Proto=https;by=10.0.0.1;host=a.example", ("192.0.2.7", 0), "https"),
        ('for="[2001:db9::7]:55" ; proto="https"', ("2001:db9::7", 55), "https"),
        ('for="192.0.2.\\7"', ("192.0.2.7", 0), "http"),
        ("for=127.0.0.1, for=192.0.2.7;proto=https, for=10.0.0.2;proto=http",
         ("192.0.2.7", 0), "https"),
        ('for="a,b;c", for=192.0.2.7', ("192.0.2.7", 0), "http"),
        ("for=192.0.2.7, for=_hidden", PEER, "http"),
        ("for=192.0.2.7, proto=https", PEER, "http"),
        ('for=192.0.2.7, for="10.0.0.2', PEER, "http"),
        ("for=192.0.2.7 for=1.1.1.1", PEER, "http"),
        ("for=192.0.2.7, ,for=10.0.0.2", PEER, "http"),
        ("nonsense", PEER, "http"),
    ],
)  # fmt: skip
def test_forwarded_7239(field: str, client: Any, scheme: str) -> None:
    proxies = TrustedProxies(PROXIES, "forwarded")
    fields = Fields(("Forwarded", field), ("x-forwarded-for", "1.2.3.4"))
    assert proxies.find_client(PEER, "http", fields) == (client, scheme)


@pytest.mark.parametrize("peer", [("192.0.2.1", 1), ("not an address", 1), None])
def test_who_is_not_trusted_is_not_believed(peer: Any) -> None:
    told = x_forwarded("127.0.0.1", "https")
    assert TrustedProxies(["10.0.0.1"]).find_client(peer, "http", told) == (peer, "http")


def test_addresses_of_ipv4_within_ipv6_and_unix_sockets() -> None:
    told = x_forwarded("192.0.2.7", "https")
    for peer in (("::ffff:10.0.0.1", 1), None):
        found = TrustedProxies(PROXIES).find_client(peer, "http", told)
        assert found == (("192.0.2.7", 0), "https")


@pytest.mark.parametrize("networks", [["10.0.0.1/8"], ["proxy.example"], [""], []])
def test_what_is_no_network(networks: list[str]) -> None:
    with pytest.raises(ValueError, match=r"host bits|does not appear to be|no trusted proxy"):
        TrustedProxies(networks)


@given(st.text(alphabet='for=,;"\\ _[]:.127ab', max_size=40), st.sampled_from(["x", "f"]))
def test_nothing_that_is_sent_breaks_it(text: str, which: str) -> None:
    fields = Fields(("x-forwarded-for", text), ("x-forwarded-proto", text), ("forwarded", text))
    proxies = TrustedProxies(PROXIES, "x-forwarded" if which == "x" else "forwarded")
    client, scheme = proxies.find_client(PEER, "http", fields)
    assert client is not None
    assert scheme in ("http", "https")


async def test_a_connection_from_a_proxy_carries_many_clients(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "drystone_server.access")

    async def handler(request: Request) -> Response:
        connection = request.connection
        seen.append((connection.client, connection.scheme, connection.client))
        return Response()

    seen: list[Any] = []
    server = make_server(handler, proxies=TrustedProxies(["10.0.0.1"]), access_log=True)
    client = connect(server, PEER)
    assert client.get_protocol().scheme == "http"  # type: ignore[attr-defined]
    for number in (b"1", b"2"):
        client.send(
            b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.%b\r\nX-Forwarded-Proto: https\r\n\r\n"
            b"GET / HTTP/1.1\r\n\r\n" % number
        )
        await settle(30)
    one, two = (("192.0.2.1", 0), "https"), (("192.0.2.2", 0), "https")
    own = (PEER, "http")
    assert [found[:2] for found in seen] == [one, own, two, own]
    assert [record.getMessage().split()[0] for record in caplog.records] == [
        "192.0.2.1", "10.0.0.1", "192.0.2.2", "10.0.0.1",
    ]  # fmt: skip


async def test_an_application_is_told_too() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope["client"], scope["scheme"]))
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    seen: list[Any] = []
    server = make_server(ASGIHandler(app, lifespan="off"), proxies=TrustedProxies(["unix"]))
    connect(server, None).send(
        b"GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n\r\n"
    )
    await asyncio.sleep(1)
    assert seen == [(("192.0.2.1", 0), "https")]
