from typing import Any
from uuid import UUID

import pytest
from drystone_router import Router, UrlError
from hypothesis import given
from hypothesis import strategies as st


def named(path: str, **options: Any) -> Router[int]:
    router: Router[int] = Router()
    router.add_route(path, 1, name="it", **options)
    return router


@pytest.mark.parametrize(
    ("path", "params", "url"),
    [
        ("/", {}, "/"),
        ("", {}, ""),
        ("/a b/ü", {}, "/a%20b/%C3%BC"),
        ("/{a}", {"a": "x/y?#%"}, "/x%2Fy%3F%23%25"),
        ("/{a}", {"a": "!$&'()*+,;=:@-._~"}, "/!$&'()*+,;=:@-._~"),
        ("/v{n:int}.{m:int}/", {"n": 1, "m": 20}, "/v1.20/"),
        ("/f/{r:path}", {"r": "a/b c/"}, "/f/a/b%20c/"),
        ("/{n:int?}", {}, "/"),
        ("/a/{n:int?}", {}, "/a"),
        ("/a/{n:int?}", {"n": 7}, "/a/7"),
        ("/a/{r:path?}", {}, "/a"),
        ("/{u:uuid}", {"u": UUID(int=1)}, "/00000000-0000-0000-0000-000000000001"),
        ("/{{a}}", {}, "/%7Ba%7D"),
    ],
)
def test_urls(path: str, params: dict[str, Any], url: str) -> None:
    assert named(path).url_for("it", **params) == url


@pytest.mark.parametrize(
    ("path", "params", "why"),
    [
        ("/{a}/{b}", {"a": "x"}, "route 'it' .* needs 'b'"),
        ("/{a}", {"a": "x", "b": 1, "c": 2}, "no parameter 'b', 'c'"),
        ("/{a}", {"a": 1}, "'it' .*: 'a': takes str, not 1"),
        ("/{a}", {"a": ""}, ".*"),
        ("/{a}", {"a": ".."}, "dot segment"),
        ("/{a}", {"a": "x/../y"}, "dot segment"),
        ("/{n:int}", {"n": "1"}, "takes int, not '1'"),
        ("/{n:int}", {"n": -1}, "does not match"),
        ("/{a:re([a-z]+)}", {"a": "A"}, "does not match"),
        ("/{r:path}", {"r": ""}, "takes a text"),
        ("/{r:path}", {"r": "a/../b"}, "dot segment"),
        ("/{r:path}", {"r": None}, "takes a text"),
        ("/a/{b?}", {"c": "1"}, "no parameter 'c'"),
    ],
)
def test_refusals(path: str, params: dict[str, Any], why: str) -> None:
    with pytest.raises(UrlError, match=why):
        named(path).url_for("it", **params)


def test_no_such_name() -> None:
    with pytest.raises(UrlError, match="no route is named 'that'"):
        named("/").url_for("that")


def test_a_parameter_may_be_called_name() -> None:
    assert named("/{name}").url_for("it", name="x") == "/x"


def test_hosts() -> None:
    router = named("/x/{id:int}", host="{tenant}.Example.org")
    assert router.url_for("it", tenant="acme", id=1) == "//acme.example.org/x/1"
    for tenant in ("a.b", "a/b", "", "ü@", "A B"):
        with pytest.raises(UrlError, match="route 'it'"):
            router.url_for("it", tenant=tenant, id=1)


def test_plain_text_is_not_encoded() -> None:
    router: Router[int] = Router(encoded=False)
    router.add_route("/{a}/50%", 1, name="it")
    assert router.url_for("it", a="..") == "/../50%"


@given(st.text(min_size=1), st.integers(0, 10**18 - 1), st.text(min_size=1))
def test_what_is_built_is_matched(text: str, number: int, rest: str) -> None:
    router = named("/a/{text}/{number:int}.x/{rest:path}")
    params = {"text": text, "number": number, "rest": rest}
    try:
        url = router.url_for("it", **params)
    except UrlError:
        return
    assert router.match("GET", url).params == params


@pytest.mark.parametrize(
    ("rest", "url"), [("/host", "/%2Fhost"), ("//a/", "/%2F/a/"), ("/", "/%2F")]
)
def test_a_url_names_a_host_only_where_the_route_does(rest: str, url: str) -> None:
    router = named("/{r:path}")
    assert router.url_for("it", r=rest) == url
    assert router.match("GET", url).params == {"r": rest}


def test_half_a_surrogate_pair() -> None:
    with pytest.raises(UrlError, match="surrogate"):
        named("/{a}").url_for("it", a="\ud800")
