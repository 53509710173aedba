"""The grammar of a Host value and of the authority in a target (RFC 3986 section 3.2)."""

import re
from ipaddress import AddressValueError, IPv6Address

_REG_NAME = r"(?:[0-9A-Za-z\-._~!$&'()*+,;=]++|%[0-9A-Fa-f]{2})*"
_IP_LITERAL = r"\[(?:(?P<v6>[0-9A-Fa-f:.]++)|v[0-9A-Fa-f]++\.[0-9A-Za-z\-._~!$&'()*+,;=:]++)\]"
_AUTHORITY = re.compile(rf"(?P<host>{_REG_NAME}|{_IP_LITERAL})(?::(?P<port>[0-9]*+))?")

# The hosts that nearly all requests name: letters, digits, dots, a port below 65000.
PLAIN_HOST = r"[0-9A-Za-z\-.]++(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?"


def split_authority(text: str) -> tuple[str, str | None] | None:
    """``"a.example:80"`` -> ``("a.example", "80")``; None if it is not ``uri-host [":" port]``.

    User information is refused as RFC 9110 section 4.2.4 asks; a port is at most 65535.
    """
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        return None
    host, v6, port = match["host"], match["v6"], match["port"]
    if port and (len(port) > 8 or int(port) > 65535):
        return None
    if v6 is not None:
        try:
            IPv6Address(v6)
        except AddressValueError:
            return None
    return host, port
