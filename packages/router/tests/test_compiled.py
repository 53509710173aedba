import contextlib

import pytest
from drystone_router import AutomaticOptions, MethodNotAllowed, NotFound, Redirect, Router
from drystone_router._compiled import TrailingSlash
from hypothesis import given
from hypothesis import strategies as st


def slashed(policy: TrailingSlash) -> Router[str]:
    router: Router[str] = Router(trailing_slash=policy)
    router.add_route("/a", "a")
    router.add_route("/b/", "b")
    router.add_route("/c/{x}", "c", ("PUT",))
    router.add_route("/both", "without")
    router.add_route("/both/", "with")
    router.add_route("/f/{p:path}", "f", ("GET",))
    router.add_route("/d", "get", ("GET",))
    router.add_route("/d/", "put", ("PUT",))
    return router


def test_strict() -> None:
    router = slashed("strict")
    for path in ("/a/", "/b", "/", "/f/"):
        with pytest.raises(NotFound):
            router.match("GET", path)
        assert router.find("GET", path) is None


def test_ignore() -> None:
    router = slashed("ignore")
    assert router.match("GET", "/a/").value == "a"
    assert router.match("GET", "/b").value == "b"
    assert router.match("PUT", "/c/x%2F/").params == {"x": "x/"}
    assert router.match("GET", "/both").value == "without"
    assert router.match("GET", "/both/").value == "with"
    assert router.match("PUT", "/d").value == "put"
    found = router.find("GET", "/b")
    assert found is not None
    assert found.value == "b"
    for path in ("/f/", "/", "", "/a//"):
        assert router.find("GET", path) is None
        with pytest.raises(NotFound):
            router.match("GET", path)
    with pytest.raises(MethodNotAllowed) as refused:
        router.match("POST", "/d/")
    assert refused.value.allowed == ("GET", "HEAD", "PUT")


def test_redirect() -> None:
    router = slashed("redirect")
    for path, location in (("/a/", "/a"), ("/b", "/b/")):
        with pytest.raises(Redirect) as redirect:
            router.match("GET", path)
        assert redirect.value.location == location
        assert redirect.value.status == 308
        assert location in str(redirect.value)
        assert router.find("GET", path) is None
    assert router.match("GET", "/both").value == "without"
    with pytest.raises(NotFound):
        router.match("GET", "/none/")
    with pytest.raises(MethodNotAllowed):
        router.match("GET", "/c/x/")


@given(st.text("/ab.%2F", max_size=8))
def test_a_redirect_stays_on_the_site(text: str) -> None:
    router: Router[str] = Router(trailing_slash="redirect")
    router.add_route("/{x}", "x")
    router.add_route("/{x}/{y}/", "y")
    router.add_route("/{p:path}", "p", ("PUT",))
    for method in ("GET", "PUT"):
        with contextlib.suppress(NotFound, MethodNotAllowed):
            location = where(router, method, f"/{text}")
            assert not location.startswith("//") or location == f"/{text}"
            assert where(router, method, location) == location


def where(router: Router[str], method: str, path: str) -> str:
    try:
        router.match(method, path)
    except Redirect as redirect:
        return redirect.location
    return path


def test_a_policy_there_is_not() -> None:
    with pytest.raises(ValueError, match="'sloppy': strict, redirect or ignore"):
        Router(trailing_slash="sloppy")  # type: ignore[arg-type] # the mistake is the test


def test_options() -> None:
    router: Router[str] = Router(answer_options=True)
    router.add_route("/a", "a", ("GET", "PUT"))
    router.add_route("/b", "b", ("OPTIONS",))
    router.add_route("/c", "c", None)
    with pytest.raises(AutomaticOptions) as options:
        router.match("OPTIONS", "/a")
    assert options.value.status == 204
    assert options.value.allowed == ("GET", "HEAD", "OPTIONS", "PUT")
    assert "OPTIONS" in str(options.value)
    assert router.match("OPTIONS", "/b").value == "b"
    assert router.match("OPTIONS", "/c").value == "c"
    with pytest.raises(NotFound):
        router.match("OPTIONS", "/none")
    with pytest.raises(MethodNotAllowed) as refused:
        router.match("POST", "/a")
    assert refused.value.allowed == ("GET", "HEAD", "OPTIONS", "PUT")


def test_allowed() -> None:
    router = slashed("strict")
    assert router.allowed("/a") == ("GET", "HEAD")
    assert router.allowed("/c/1") == ("PUT",)
    assert router.allowed("/none") == ()
    router.add_route("/any", "any", None)
    assert router.allowed("/any") == ("GET", "HEAD", "PUT")


def test_plain_text() -> None:
    router: Router[str] = Router(encoded=False)
    router.add_route("/{a}/{b}", "two", None)
    assert router.match("x", "/50%/..").params == {"a": "50%", "b": ".."}
    assert router.match("x", "/%41/%2F").params == {"a": "%41", "b": "%2F"}
    with pytest.raises(NotFound, match="no pattern fits it"):
        router.match("x", "/%zz")


def test_reasons() -> None:
    router = slashed("strict")
    reasons = {
        "/%zz": "malformed percent-escape '%zz'",
        "/a/../b": "dot segment",
        "/a//b": "empty segment",
        "*": "does not start with '/'",
        "/none": "no pattern fits its segments",
        "/none?a=b": "without the query",
    }
    for path, reason in reasons.items():
        with pytest.raises(NotFound, match=reason) as missed:
            router.match("GET", path)
        assert missed.value.path == path
        assert missed.value.status == 404
    with pytest.raises(
        MethodNotAllowed, match="'/a' does not answer PUT, only GET, HEAD"
    ) as refused:
        router.match("PUT", "/a")
    assert refused.value.method == "PUT"
    assert refused.value.path == "/a"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/\\host/", "/%5Chost"),
        ("/\t/host/", "/%09/host"),
        ("/a\r\nb: c/", "/a%0D%0Ab:%20c"),
        ("/%2F/é/", "/%2F/%C3%A9"),
        ("/\udc80/", "/%ED%B2%80"),
    ],
)
def test_a_redirect_says_nothing_that_a_client_reads_otherwise(path: str, location: str) -> None:
    router: Router[str] = Router(trailing_slash="redirect")
    router.add_route("/{x}", "x")
    router.add_route("/{x}/{y}", "y")
    with pytest.raises(Redirect) as redirect:
        router.match("GET", path)
    assert redirect.value.location == location


def test_a_redirect_of_plain_text_stays_plain() -> None:
    router: Router[str] = Router(trailing_slash="redirect", encoded=False)
    router.add_route("/{x}", "x")
    with pytest.raises(Redirect) as redirect:
        router.match("GET", "/a b/")
    assert redirect.value.location == "/a b"
