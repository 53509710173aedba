"""Behind a proxy: who the client is, as told by those who may say so.

A request may carry any ``X-Forwarded-For`` or ``Forwarded`` that its sender likes. Only what a
trusted proxy added counts, and each proxy adds at the end: so the list is read from its end, over
the proxies that are trusted, to the first address that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, Literal, TypeAlias

Address: TypeAlias = tuple[str, int]
Hop: TypeAlias = tuple[str, str]
"""Who sent the request on, as written, and by which scheme; either may be empty."""

_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 (the token of RFC 9110, 5.6.2)
_PAIR: Final = re.compile(rf'({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*")')
_SCHEMES: Final = ("http", "https")


class TrustedProxies:
    """The proxies whose word is taken for the client's address and scheme.

    Args:
        networks: their addresses or networks, such as ``"127.0.0.1"`` and ``"10.0.0.0/8"``;
            ``"unix"`` is whoever connects to a Unix socket.
        header: what they add: ``"x-forwarded"`` is ``X-Forwarded-For`` and ``X-Forwarded-Proto``,
            ``"forwarded"`` the field of RFC 7239. Never both: a proxy that adds one of them passes
            the other on as the client wrote it.

    Raises:
        ValueError: one is no network, or there is none.
    """

    __slots__ = ("_hops_of", "_networks", "_unix")

    def __init__(
        self, networks: Iterable[str], header: Literal["x-forwarded", "forwarded"] = "x-forwarded"
    ) -> None:
        names = [name.strip() for name in networks]
        self._unix = "unix" in names
        self._networks = tuple(ip_network(name) for name in names if name != "unix")
        if not names:
            raise ValueError("no trusted proxy is named")
        self._hops_of = _x_forwarded if header == "x-forwarded" else _forwarded

    def find_client(
        self, peer: Address | None, scheme: str, headers: Any
    ) -> tuple[Address | None, str]:
        """The client behind trusted proxies, and the scheme that it used.

        Args:
            peer: who is connected; None on a Unix socket.
            scheme: of that connection.
            headers: of the request: ``items()`` gives names and values.

        Returns:
            Address and port (0 where it is not told), and scheme. What nobody trusted has told is
            as it was given.
        """
        if not (self._unix if peer is None else self._trusts(_parse_address(peer[0]))):
            return peer, scheme
        client = peer
        for sender, sent_by in reversed(self._hops_of(headers)):
            found = _parse_sender(sender)
            if found is None:
                break  # unknown or hidden: nothing before it is known for sure
            client, scheme = found, sent_by if sent_by in _SCHEMES else scheme
            if not self._trusts(_parse_address(found[0])):
                break
        return client, scheme

    def _trusts(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _parse_sender(text: str) -> Address | None:
    """Read ``192.0.2.1``, ``192.0.2.1:80``, ``2001:db8::1`` or ``[2001:db8::1]:80``."""
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if _parse_address(host) is None:
        return None
    known = port.isascii() and port.isdigit() and len(port) <= 5
    return host, int(port) if known else 0


def _values(headers: Any, name: str) -> list[str]:
    """The members of a list field, over all its lines."""
    lines = [value for found, value in headers.items() if found.lower() == name]
    return [member.strip(" \t") for member in ",".join(lines).split(",")] if lines else []


def _x_forwarded(headers: Any) -> list[Hop]:
    senders = _values(headers, "x-forwarded-for")
    schemes = [scheme.lower() for scheme in _values(headers, "x-forwarded-proto")]
    if len(schemes) != len(senders):
        # Proxies often add to the one and replace the other: what the nearest wrote is true.
        schemes = schemes[-1:] * len(senders)
    return list(zip(senders, schemes or [""] * len(senders), strict=True))


def _forwarded(headers: Any) -> list[Hop]:
    text = ",".join(value for name, value in headers.items() if name.lower() == "forwarded")
    hops: list[Hop] = []
    place = 0
    while place < len(text):
        pairs, place = _element(text, place)
        if pairs is None:
            return []  # malformed: whose fault that is cannot be told
        hops.append((pairs.get("for", ""), pairs.get("proto", "").lower()))
    return hops


def _element(text: str, place: int) -> tuple[dict[str, str] | None, int]:
    """Read one element of ``Forwarded``, and the comma behind it."""
    pairs: dict[str, str] = {}
    while found := _PAIR.match(text, _skip_space(text, place)):
        value = found[2]
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        pairs[found[1].lower()] = value
        place = _skip_space(text, found.end())
        if text[place : place + 1] != ";":
            break
        place += 1
    if not pairs or text[place : place + 1] not in ("", ","):
        return None, place
    return pairs, place + 1


def _skip_space(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t"):
        place += 1
    return place
