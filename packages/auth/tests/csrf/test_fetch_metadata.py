"""What passes the cross-origin check; what does not is in test_attacks.py."""

import pytest
from drystone_auth import CrossOriginProtection, CrossOriginRequest
from drystone_auth.testing import FakeRequest
from hypothesis import given
from hypothesis import strategies as st

PLAIN = CrossOriginProtection()
TRUSTING = CrossOriginProtection(["https://app.example", "http://localhost:3000"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_methods_pass_from_anywhere(method: str) -> None:
    PLAIN.check(FakeRequest(method, sec_fetch_site="cross-site", origin="https://evil.example"))


@pytest.mark.parametrize(
    "fields",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://behind.proxy", "host": "inner"},
        {"origin": "https://bank.example", "host": "bank.example"},
        {"origin": "http://localhost:8000", "host": "localhost:8000"},
        {"origin": "https://bank.example", "host": "BANK.example"},
        {"host": "bank.example"},
        {},
    ],
)
def test_own_requests_and_programs_pass(fields: dict[str, str]) -> None:
    PLAIN.check(FakeRequest("POST", fields))


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
@pytest.mark.parametrize("origin", ["https://app.example", "http://localhost:3000"])
def test_trusted_origins_pass(origin: str, site: str | None) -> None:
    fields = {"origin": origin, "host": "api.example"}
    if site:
        fields["sec-fetch-site"] = site

    TRUSTING.check(FakeRequest("POST", fields))


@pytest.mark.parametrize("origin", ["http://app.example", "https://app.example:444", "https://x"])
def test_only_they_do(origin: str) -> None:
    with pytest.raises(CrossOriginRequest) as caught:
        TRUSTING.check(FakeRequest("POST", origin=origin, sec_fetch_site="cross-site"))

    assert "Sec-Fetch-Site is 'cross-site'" in caught.value.reason
    assert origin not in str(caught.value)


@pytest.mark.parametrize(
    "origin",
    ["app.example", "https://", "https://a.example/", "https://a.example/x", "null", "",
     "https://A.example", "https://a.example?x", "*"],
)  # fmt: skip
def test_an_entry_that_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        CrossOriginProtection([origin])


@given(st.text(), st.text(), st.none() | st.text())
def test_any_field_passes_or_is_refused(origin: str, host: str, site: str | None) -> None:
    fields = {"origin": origin, "host": host}
    if site is not None:
        fields["sec-fetch-site"] = site
    try:
        PLAIN.check(FakeRequest("POST", fields))
    except CrossOriginRequest:
        return

    same = origin.lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}
    assert same or site in {"same-origin", "none"}
