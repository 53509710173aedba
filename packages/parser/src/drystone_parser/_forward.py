"""What a proxy or gateway passes on."""

from ._headers import Headers, Pair

# Of one connection, or framing, which is made anew (RFC 9110 section 7.6.1); Proxy-Authorization
# and Proxy-Authenticate are between a client and its own proxy (section 11.7).
_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "te", "transfer-encoding", "upgrade",
})  # fmt: skip

# A sender that names these in Connection must not take them away: a body would go on without its
# length, and whoever reads it next would take it for a request.
_ALWAYS = frozenset({"content-length", "host"})


def end_to_end(headers: Headers, *dropped: str) -> list[Pair]:
    """The fields that a proxy passes on, in order, for the writers.

    All but those of the connection, Transfer-Encoding, and whatever Connection names (RFC 9110
    section 7.6.1). Host and Content-Length are among them, also where Connection names them.

    Args:
        headers: of the message that arrived.
        dropped: more names to leave out; ``"Expect"`` if the proxy itself sent 100 Continue.
    """
    options = headers.get("connection", "").split(",")
    hop = _HOP.union(name.strip("\t ").lower() for name in options) - _ALWAYS
    names = hop.union(name.lower() for name in dropped)
    return [(name, value) for name, value in headers.items() if name.lower() not in names]
