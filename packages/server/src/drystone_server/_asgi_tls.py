"""The TLS extension of ASGI: what the handshake agreed on, and who the client is."""

from __future__ import annotations

import ssl
from typing import Any, Final

_VERSIONS: Final = {"TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}

# Of the short names of RFC 4514, 3, those that certificates use.
_SHORT: Final = {
    "commonName": "CN",
    "countryName": "C",
    "domainComponent": "DC",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "stateOrProvinceName": "ST",
    "streetAddress": "STREET",
    "userId": "UID",
}


def tls_extension(session: ssl.SSLObject) -> dict[str, Any]:
    """Describe the session as ``scope["extensions"]["tls"]``.

    The server's own certificate is not told: Python does not give it.
    """
    der = session.getpeercert(binary_form=True)
    subject = (session.getpeercert() or {}).get("subject")
    return {
        "server_cert": None,
        "client_cert_chain": [ssl.DER_cert_to_PEM_cert(der)] if der else [],
        "client_cert_name": distinguished_name(subject) if subject else None,
        "client_cert_error": None,
        "tls_version": _VERSIONS.get(session.version() or ""),
        "cipher_suite": _cipher_suite(session),
    }


def distinguished_name(subject: Any) -> str:
    """Write a subject of ``getpeercert`` as RFC 4514 does: the most specific part first."""
    return ",".join(
        "+".join(f"{_SHORT.get(name, name)}={_escape(value)}" for name, value in part)
        for part in reversed(subject)
    )


def _escape(value: str) -> str:
    escaped = "".join("\\" + char if char in ',+"\\<>;=' else char for char in value)
    if escaped[:1] in ("#", " "):
        escaped = "\\" + escaped
    return escaped[:-1] + "\\ " if len(escaped) > 1 and escaped.endswith(" ") else escaped


def _cipher_suite(session: ssl.SSLObject) -> int | None:
    """The number of the cipher suite in IANA's registry."""
    chosen = session.cipher()
    if chosen is None:
        return None
    for cipher in session.context.get_ciphers():
        if cipher["name"] == chosen[0]:
            return int(cipher["id"]) & 0xFFFF
    return None
