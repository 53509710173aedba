# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Answering for one's own names only."""

import pytest
from drystone import App, allowed_hosts
from drystone.testing import Client


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("example.org", 200),
        ("EXAMPLE.org:8000", 200),
        ("example.org.", 200),
        ("below.example.net", 200),
        ("example.net", 200),
        ("[::1]:80", 200),
        ("[::1]", 200),
        ("www.example.org", 421),
        ("example.org.evil.example", 421),
        ("evilexample.net", 421),
        ("[::2]", 421),
        ("127.0.0.1", 421),
    ],
)
async def test_hosts(host: str, status: int) -> None:
    app: App[None] = App(middleware=[allowed_hosts("example.org", ".example.net", "[::1]")])

    @app.get("/")
    async def home():
        return "home"

    async with Client(app) as client:
        assert (await client.get("/", headers={"host": host})).status_code == status
        missing = await client.get("/missing", headers={"host": host})
        assert missing.status_code == (404 if status == 200 else 421)


@pytest.mark.parametrize("host", ["", "Example.org", "https://a", "a:80", "*.a", "*", "a b", "a/"])
def test_what_is_no_host(host: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        allowed_hosts(host)


def test_no_host_at_all() -> None:
    with pytest.raises(ValueError, match="at least one"):
        allowed_hosts()
