import re
from typing import Any
from urllib.parse import quote

import pytest
from drystone import redirect
from drystone._redirect import is_safe_location
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "location", ["/", "/a?b=c#d", "next", "../up", "?page=2", "/a//b", "/%5C", "/\u00e9", "/a b"]
)
def test_within_the_site(location: Any) -> None:
    response = redirect(location)
    assert response.status == 303
    assert response.headers["location"] == quote(location, safe="/?#=%.")


@pytest.mark.parametrize(
    "location",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/a ",
        "/a\r\nset-cookie: a=b",
        "javascript:alert(1)",
        "https:evil.example",
        "https:///evil.example",
        "http://[bad",
        "https://good.example@evil.example/",
        "/\x7f",
        "/\ud800",
    ],
)
def test_away_from_the_site(location: Any) -> None:
    with pytest.raises(ValueError, match="leads away"):
        redirect(location)


def test_to_hosts_that_are_named() -> None:
    assert redirect("https://Good.example/a", allow_hosts={"good.example"}).status == 303
    assert redirect("https://any.example:8443/", allow_hosts="*").status == 303
    assert redirect("//good.example/", allow_hosts=["good.example"]).status == 303
    with pytest.raises(ValueError, match="leads away"):
        redirect("https://good.example:8443/", allow_hosts={"good.example"})
    with pytest.raises(ValueError, match="leads away"):
        redirect("javascript://good.example/%0aalert(1)", allow_hosts={"*"})


@pytest.mark.parametrize("hosts", ["*.good.example", "good.example"])
def test_one_text_names_no_hosts(hosts: Any) -> None:
    """Its letters would: the star any host, and "g" a host of that name."""
    with pytest.raises(TypeError, match="write \\["):
        redirect("https://g/", allow_hosts=hosts)


def test_somewhere_else_in_place_of_another_site() -> None:
    assert redirect("//evil.example", otherwise="/home").headers["location"] == "/home"
    assert redirect("/ok", otherwise="/home").headers["location"] == "/ok"
    with pytest.raises(ValueError, match="leads away"):
        redirect("//evil.example", otherwise="//evil.example")


def test_other_statuses() -> None:
    assert redirect("/a", 308, {"x": "y"}).headers["x"] == "y"
    with pytest.raises(ValueError, match="no redirect"):
        redirect("/a", 200)


def test_what_no_uri_holds_is_encoded() -> None:
    assert redirect("/caf\u00e9").headers["location"] == "/caf%C3%A9"


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_what_passes_begins_no_authority(location: Any) -> None:
    if is_safe_location(location):
        cleaned = location.replace("\\", "/").strip()
        assert not cleaned.startswith("//")
        assert not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", cleaned)
