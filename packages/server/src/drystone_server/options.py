"""The options of a server, in one table that every command line is made of.

>>> values = {option.key: option.default for option in OPTIONS}
>>> values["keep_alive"] = find_option("keep_alive").parse("120")
>>> server_arguments(values)["deadlines"].keep_alive
120.0
"""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeAlias

from ._accept import listen_unix
from ._deadlines import Deadlines, Limits
from ._proxies import TrustedProxies

__all__ = ["GROUPS", "OPTIONS", "Option", "find_option", "server_arguments", "start_arguments"]

Group: TypeAlias = Literal["bind", "tls", "reload", "server", "deadlines", "limits"]

GROUPS: Final[dict[Group, str]] = {
    "bind": "Where to listen",
    "tls": "TLS",
    "reload": "While you write",
    "server": "Proxies and fields",
    "deadlines": "Deadlines",
    "limits": "Limits",
}
"""A title for each group of options, in the order in which a help text shows them."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Attributes:
        flag: as written on a command line.
        key: the name of its value in the mapping that the functions here take.
        kind: what a value is: str, int or float; or bool, for a flag that takes none.
        default: the value without the option.
        help: one line.
        group: what it configures.
        choices: the values allowed; empty allows any.
        may_be_off: whether ``off`` is a value; it stands for None.
        many: whether several may stand with commas between; the value is a tuple of them.
        word: stands for a value in a help text; see `metavar`.
        most: the largest number that is a value.
    """

    flag: str
    key: str
    kind: type
    default: Any
    help: str
    group: Group
    choices: tuple[str, ...] = ()
    may_be_off: bool = False
    many: bool = False
    word: str = ""
    most: float = sys.float_info.max

    @property
    def metavar(self) -> str:
        """What stands for a value in a help text, such as ``SECONDS|off``."""
        word = "|".join(self.choices) or self.word or ("TEXT" if self.kind is str else "NUMBER")
        return word + (",..." if self.many else "") + ("|off" if self.may_be_off else "")

    @property
    def shown_default(self) -> str:
        """The default as it would be written; empty where there is none."""
        if self.default is None or isinstance(self.default, (bool, tuple)):
            return "off" if self.may_be_off else ""
        return format(self.default, "g" if self.kind is float else "")

    def parse(self, text: str) -> Any:
        """Give the value for the text of a command line.

        Raises:
            ValueError: the text is no value of this option; the message says what would be.
        """
        if self.may_be_off and text == "off":
            return None
        if self.many:
            return tuple(self._parse_one(part.strip()) for part in text.split(","))
        return self._parse_one(text)

    def _parse_one(self, text: str) -> Any:
        try:
            value = self.kind(text)
        except ValueError:
            value = None
        number = self.kind is not str
        if value is None or (number and not 0 <= value <= self.most):
            most = f" up to {self.most}" if self.most != sys.float_info.max else ""
            off = " or off" if self.may_be_off else ""
            raise ValueError(f"{self.flag} takes a number{most}{off}, not {text!r}")
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.flag} takes {', '.join(self.choices)}, not {text!r}")
        return value


def _seconds(flag: str, key: str, help: str) -> Option:
    default = getattr(Deadlines(), key)
    return Option(
        flag, key, float, default, f"Seconds {help}", "deadlines", may_be_off=True, word="SECONDS"
    )


def _limit(flag: str, key: str, help: str, kind: type = int, *, off: bool = False) -> Option:
    return Option(flag, key, kind, getattr(Limits(), key), help, "limits", may_be_off=off)


OPTIONS: Final = (
    Option("--host", "host", str, "127.0.0.1", "Address or name to listen on.", "bind"),
    Option(
        "--port", "port", int, 8000, "Port to listen on; 0 takes a free one.", "bind", most=65535
    ),
    Option("--uds", "uds", str, None, "Unix socket to listen on instead.", "bind", word="PATH"),
    Option(
        "--fd", "fd", int, (), "Listening sockets to use instead; systemd's first is 3.", "bind",
        many=True,
    ),
    Option("--backlog", "backlog", int, 2048, "Connections that wait in the kernel.", "bind"),
    Option("--tls-cert", "tls_cert", str, None, "Certificates; serves TLS.", "tls", word="FILE"),
    Option("--tls-key", "tls_key", str, None, "The private key.", "tls", word="FILE"),
    Option("--tls-client-ca", "tls_client_ca", str, None, "CAs of clients.", "tls", word="FILE"),
    Option("--reload", "reload", bool, False, "Restart when a Python file changes.", "reload"),
    Option(
        "--reload-include", "reload_include", str, (),
        "Other files that count, such as '*.html,*.toml'.", "reload", many=True, word="PATTERN",
    ),
    Option(
        "--reload-dir", "reload_dirs", str, (), "Folders to watch instead of that of --app-dir.",
        "reload", many=True, word="FOLDER",
    ),
    Option("--server-header", "server_header", str, None, "Value of the Server field.", "server"),
    Option(
        "--trusted-proxies", "trusted_proxies", str, (),
        "Addresses, networks or unix: whose word is taken for the client's address.",
        "server", many=True, word="PROXY",
    ),
    Option(
        "--proxy-header", "proxy_header", str, "x-forwarded", "What those proxies add.", "server",
        ("x-forwarded", "forwarded"),
    ),
    _seconds("--first-byte-timeout", "first_byte", "from the connection to its first byte."),
    _seconds("--head-timeout", "head", "for the whole head of a request."),
    _seconds("--body-read-timeout", "body_read", "to wait for the next bytes of a body."),
    _seconds("--body-grace", "body_grace", "of waiting before the rate of a body is judged."),
    _seconds("--body-timeout", "body_whole", "of waiting for one body, in all."),
    _seconds("--keep-alive", "keep_alive", "that a connection may idle between requests."),
    _seconds("--handler-timeout", "handler", "for one call of the handler."),
    _seconds("--write-timeout", "write", "without progress while bytes wait to be sent."),
    _seconds("--half-close-timeout", "half_close", "from end of input to the client's leaving."),
    _seconds("--linger", "linger", "to read on after the last response."),
    _seconds("--tls-handshake-timeout", "tls_handshake", "for the TLS handshake."),
    _seconds("--shutdown-timeout", "shutdown", "for requests to end when the server stops."),
    _limit("--max-connections", "connections", "Connections open at once.", off=True),
    Option(
        "--when-full", "when_full", str, "pause", "Beyond that: pause accepting, or refuse (503).",
        "limits", ("pause", "refuse"),
    ),
    _limit("--max-connections-per-client", "connections_per_client", "From one address.", off=True),
    _limit("--max-requests", "requests", "Requests on one connection.", off=True),
    _limit("--read-ahead", "read_ahead", "Bytes to read before the handler asks for them."),
    _limit("--drain", "drain", "Bytes of an unread body to drop to keep the connection."),
    _limit("--body-rate", "body_rate", "Bytes per second that a body must come with.", float),
    _limit("--write-buffer", "write_buffer", "Bytes that may wait to be sent."),
)  # fmt: skip
"""All options, in the order in which a help text shows them."""

_BY_KEY: Final = {option.key: option for option in OPTIONS}


def find_option(key: str) -> Option:
    """Find an option by its key.

    Raises:
        KeyError: there is none.
    """
    return _BY_KEY[key]


def server_arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for `HTTPServer`; a key that is missing takes its default.

    Raises:
        ValueError: a trusted proxy is neither an address nor a network.
    """
    return {
        "deadlines": Deadlines(**_given(values, Deadlines)),
        "limits": Limits(**_given(values, Limits)),
        "server_header": values.get("server_header"),
        "access_log": bool(values.get("access_log")),
        "proxies": _proxies(values),
    }


def start_arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for `HTTPServer.start`; a key that is missing takes its default.

    Raises:
        OSError: a file of the TLS options cannot be read, or is not what it should be; or nothing
            can listen on the Unix socket or the descriptor.
        ValueError: a TLS option needs ``--tls-cert``.
    """
    context = _tls_context(values)
    bind = {o.key: values.get(o.key, o.default) for o in OPTIONS if o.group == "bind"}
    path, numbers = bind.pop("uds"), bind.pop("fd")
    if path is not None:
        bind["sockets"] = [listen_unix(path, bind["backlog"])]
    elif numbers:
        bind["sockets"] = [_adopt(number) for number in numbers]
    return {**bind, "ssl": context}


def _adopt(number: int) -> socket.socket:
    try:
        return socket.socket(fileno=number)
    except OSError as error:
        raise OSError(error.errno, f"--fd {number} is no socket: {error.strerror}") from error


def _given(values: Mapping[str, Any], kind: type) -> dict[str, Any]:
    return {field.name: values[field.name] for field in fields(kind) if field.name in values}


def _proxies(values: Mapping[str, Any]) -> TrustedProxies | None:
    named = values.get("trusted_proxies")
    if not named:
        return None
    try:
        return TrustedProxies(named, values.get("proxy_header") or "x-forwarded")
    except ValueError as error:
        raise ValueError(f"--trusted-proxies: {error}") from None


def _tls_context(values: Mapping[str, Any]) -> ssl.SSLContext | None:
    chain, key, clients = (values.get(name) for name in ("tls_cert", "tls_key", "tls_client_ca"))
    if chain is None:
        if key or clients:
            raise ValueError("--tls-key and --tls-client-ca need --tls-cert")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(chain, key)
    except OSError as error:
        which = f"--tls-cert {chain} with --tls-key {key or chain}"
        raise _wrong_file(which, error, "certificates and their key") from error
    if clients is not None:
        try:
            context.load_verify_locations(clients)
        except OSError as error:
            raise _wrong_file(f"--tls-client-ca {clients}", error, "certificates") from error
        context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["http/1.1"])
    return context


def _wrong_file(which: str, error: OSError, wanted: str) -> OSError:
    """An error that names the files; those of OpenSSL name none."""
    if isinstance(error, ssl.SSLError):
        return OSError(f"{which}: there are no {wanted} in PEM ({error.reason or error.strerror})")
    return OSError(f"{which}: {error.strerror}")
