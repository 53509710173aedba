"""The grammar of a host with or without a port."""

import re

import pytest
from drystone_parser._authority import PLAIN_HOST, split_authority

plain_host = re.compile(PLAIN_HOST).fullmatch

HOSTS = {
    "a.example": ("a.example", None),
    "a.example:80": ("a.example", "80"),
    "a:": ("a", ""),
    "": ("", None),
    ":80": ("", "80"),
    "[::1]": ("[::1]", None),
    "[::1]:8080": ("[::1]", "8080"),
    "[v7.x:y]:1": ("[v7.x:y]", "1"),
    "a:00000080": ("a", "00000080"),
    "a:64999": ("a", "64999"),
    "a:65535": ("a", "65535"),
}


@pytest.mark.parametrize("text", HOSTS)
def test_what_is_an_authority(text: str) -> None:
    assert split_authority(text) == HOSTS[text]


@pytest.mark.parametrize(
    "text",
    ["a b", "u@a", "a:b", "a:65536", "a:000000080", "[::1", "::1", "[1.2.3.4]", "a\n", "\xe9"],
)
def test_what_is_none(text: str) -> None:
    assert split_authority(text) is None
    assert not plain_host(text)


def test_a_plain_host_is_an_authority() -> None:
    for port in (None, *range(0, 70000, 7), 64999, 65000, 65535, 65536, 99999):
        text = "a.example" if port is None else f"a.example:{port}"
        if plain_host(text):
            assert split_authority(text) is not None
