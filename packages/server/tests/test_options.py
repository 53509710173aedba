"""One table of options for every command line."""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from drystone_server import Deadlines, Limits
from drystone_server.options import (
    GROUPS,
    OPTIONS,
    find_option,
    server_arguments,
    start_arguments,
)


def test_every_deadline_and_limit_has_its_option() -> None:
    keys = {option.key for option in OPTIONS}
    assert {field.name for kind in (Deadlines, Limits) for field in fields(kind)} <= keys
    assert len(keys) == len(OPTIONS) == len({option.flag for option in OPTIONS})


def test_the_defaults_are_the_defaults() -> None:
    for values in ({}, {option.key: option.default for option in OPTIONS}):
        arguments = server_arguments(values)
        assert arguments == {
            "deadlines": Deadlines(),
            "limits": Limits(),
            "server_header": None,
            "access_log": False,
            "proxies": None,
        }
        start = {"host": "127.0.0.1", "port": 8000, "backlog": 2048, "ssl": None}
        assert start_arguments(values) == start


def test_values_reach_their_place() -> None:
    values = {"keep_alive": 5.0, "connections": None, "server_header": "me", "port": 1}
    arguments = server_arguments(values)
    assert arguments["deadlines"] == Deadlines(keep_alive=5.0)
    assert arguments["limits"] == Limits(connections=None)
    assert arguments["server_header"] == "me"


def test_trusted_proxies() -> None:
    told = [("forwarded", "for=192.0.2.7")]
    values = {"trusted_proxies": ("10.0.0.0/8", "unix"), "proxy_header": "forwarded"}
    for peer in (("10.0.0.1", 1), None):
        proxies = server_arguments(values)["proxies"]
        assert proxies.find_client(peer, "http", dict(told)) == (("192.0.2.7", 0), "http")
    with pytest.raises(ValueError, match="--trusted-proxies: 'proxy.example' does not appear"):
        server_arguments({"trusted_proxies": ("proxy.example",)})


def test_values_for_the_start() -> None:
    values = {"port": 1}
    assert start_arguments(values)["port"] == 1


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("keep_alive", "1.5", 1.5),
        ("keep_alive", "off", None),
        ("port", "0", 0),
        ("host", "off", "off"),
        ("when_full", "refuse", "refuse"),
        ("connections", "off", None),
        ("port", "65535", 65535),
        ("fd", "3", (3,)),
        ("fd", "3, 4", (3, 4)),
        ("trusted_proxies", "10.0.0.0/8, unix", ("10.0.0.0/8", "unix")),
    ],
)
def test_parsing(key: str, text: str, value: Any) -> None:
    assert find_option(key).parse(text) == value


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("keep_alive", "-1", "--keep-alive takes a number or off, not '-1'"),
        ("keep_alive", "nan", "takes a number or off"),
        ("keep_alive", "inf", "takes a number or off"),
        ("port", "off", "--port takes a number up to 65535, not 'off'"),
        ("port", "65536", "--port takes a number up to 65535, not '65536'"),
        ("fd", "3,x", "--fd takes a number, not 'x'"),
        ("port", "1.5", "takes a number"),
        ("when_full", "maybe", "--when-full takes pause, refuse, not 'maybe'"),
    ],
)
def test_what_is_no_value(key: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_option(key).parse(text)


@pytest.mark.parametrize(
    ("key", "metavar", "default"),
    [
        ("keep_alive", "SECONDS|off", "75"),
        ("handler", "SECONDS|off", "off"),
        ("when_full", "pause|refuse", "pause"),
        ("fd", "NUMBER,...", ""),
        ("host", "TEXT", "127.0.0.1"),
        ("uds", "PATH", ""),
        ("reload_include", "PATTERN,...", ""),
    ],
)
def test_what_a_help_text_shows(key: str, metavar: str, default: str) -> None:
    option = find_option(key)
    assert (option.metavar, option.shown_default) == (metavar, default)


def test_every_group_has_its_title_and_stands_together() -> None:
    assert list(dict.fromkeys(option.group for option in OPTIONS)) == list(GROUPS)


def test_a_unix_socket_takes_the_place_of_one_left_over(tmp_path: Path) -> None:
    path = tmp_path / "here.sock"
    for _ in range(2):
        start = start_arguments({"uds": str(path), "backlog": 1})
        (sock,) = start["sockets"]
        assert sock.getsockname() == str(path)
        assert path.stat().st_mode & 0o777 == 0o666
        with pytest.raises(OSError, match="cannot listen on .*here.sock: Address already in use"):
            start_arguments({"uds": str(path)})
        sock.close()


@pytest.mark.parametrize(
    ("name", "why"),
    [("file", "Address already in use"), ("no/folder", "No such file"), ("l" * 200, "too long")],
)
def test_where_no_unix_socket_can_be(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match=why):
        start_arguments({"uds": str(tmp_path / name)})
    assert (tmp_path / "file").read_text() == "precious"


def test_a_socket_of_whoever_started_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as given:
        (sock,) = start_arguments({"fd": (os.dup(given.fileno()),)})["sockets"]
        with sock:
            assert sock.getsockname() == given.getsockname()
    with pytest.raises(OSError, match="--fd 1000 is no socket: Bad file"):
        start_arguments({"fd": (1000,)})


def test_tls_needs_a_certificate() -> None:
    with pytest.raises(ValueError, match="need --tls-cert"):
        start_arguments({"tls_key": "x"})


def test_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaded: list[Any] = []
    for name in ("load_cert_chain", "load_verify_locations"):
        monkeypatch.setattr(ssl.SSLContext, name, lambda self, *args: loaded.append(args))
    plain = start_arguments({"tls_cert": "chain"})["ssl"]
    assert plain.verify_mode == ssl.CERT_NONE
    both = start_arguments({"tls_cert": "chain", "tls_key": "key", "tls_client_ca": "ca"})["ssl"]
    assert both.verify_mode == ssl.CERT_REQUIRED
    assert loaded == [("chain", None), ("chain", "key"), ("ca",)]


def test_a_certificate_that_is_missing() -> None:
    with pytest.raises(OSError, match="--tls-cert /no/such/file with --tls-key k: No such file"):
        start_arguments({"tls_cert": "/no/such/file", "tls_key": "k"})


def test_a_certificate_that_is_none() -> None:
    with pytest.raises(OSError, match="there are no certificates and their key in PEM"):
        start_arguments({"tls_cert": __file__})


def test_an_authority_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", lambda self, *args: None)
    with pytest.raises(OSError, match="test_options.py: there are no certificates in PEM"):
        start_arguments({"tls_cert": "chain", "tls_client_ca": __file__})
