"""The contract's cases as data: the routes, what each request must give, what must be refused."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

Methods = tuple[str, ...] | None
# (value, params), 404, or (405, allowed).
Expected = tuple[Any, Any] | int


class Request(NamedTuple):
    """One lookup and what it must give."""

    method: str
    path: str
    expected: Expected


class Case(NamedTuple):
    """Routes to add in this order, then lookups; `refused` must not be addable, for the reason
    `why`.
    """

    name: str
    routes: tuple[tuple[str, Any, Methods], ...]
    requests: tuple[Request, ...] = ()
    refused: tuple[tuple[str, Any, Methods], ...] = ()
    why: str = ""


_GET: Methods = ("GET",)


def _get(*patterns: str) -> tuple[tuple[str, Any, Methods], ...]:
    """GET routes whose value is their pattern."""
    return tuple((pattern, pattern, _GET) for pattern in patterns)


def _found(path: str, pattern: str, **params: Any) -> Request:
    return Request("GET", path, (pattern, params))


def _lost(*paths: str) -> tuple[Request, ...]:
    return tuple(Request("GET", path, 404) for path in paths)


_UUID = "01234567-89ab-cdef-0123-456789abcdef"

CASES: tuple[Case, ...] = (
    Case("static paths", _get("/", "/a", "/a/b"), (
        _found("/", "/"), _found("/a", "/a"), _found("/a/b", "/a/b"),
        *_lost("/b", "/a/b/c", "/A", "/aa", "/a/"),
    )),
    Case("parameters", _get("/u/{id}", "/u/{id}/p/{post}"), (
        _found("/u/7", "/u/{id}", id="7"),
        _found("/u/7/p/x.y", "/u/{id}/p/{post}", id="7", post="x.y"),
        *_lost("/u/", "/u", "/u/7/p", "/u/7/p/", "/u//p/1"),
    )),
    Case("more specific wins, added last", _get("/u/{id}", "/u/me"), (
        _found("/u/me", "/u/me"), _found("/u/you", "/u/{id}", id="you"),
    )),
    Case("more specific wins, added first", _get("/u/me", "/u/{id}"), (
        _found("/u/me", "/u/me"), _found("/u/you", "/u/{id}", id="you"),
    )),
    Case("typed before plain before path", _get("/{a:path}", "/{a}", "/{a:int}", "/1"), (
        _found("/1", "/1"), _found("/2", "/{a:int}", a=2),
        _found("/x", "/{a}", a="x"), _found("/x/y", "/{a:path}", a="x/y"),
    )),
    Case("a dead end is left again", _get("/u/me", "/u/{id}/posts", "/u/{id}/{tab}/x"), (
        _found("/u/me/posts", "/u/{id}/posts", id="me"),
        _found("/u/me/posts/x", "/u/{id}/{tab}/x", id="me", tab="posts"),
        *_lost("/u/me/other"),
    )),
    Case("a dead end under a typed parameter", _get("/{n:int}/a", "/{s}/b", "/{s:path}"), (
        _found("/1/a", "/{n:int}/a", n=1), _found("/1/b", "/{s}/b", s="1"),
        _found("/1/c", "/{s:path}", s="1/c"),
    )),
    Case("methods", (("/x", "get", ("GET",)), ("/x", "put", ("PUT", "PATCH"))), (
        Request("GET", "/x", ("get", {})), Request("PATCH", "/x", ("put", {})),
        Request("POST", "/x", (405, ("GET", "HEAD", "PATCH", "PUT"))),
        Request("get", "/x", (405, ("GET", "HEAD", "PATCH", "PUT"))),
        Request("POST", "/y", 404),
    )),
    Case("a route without the method is no candidate",
        (("/u/me", "me", ("GET",)), ("/u/{id}", "user", ("GET", "DELETE"))), (
        Request("GET", "/u/me", ("me", {})),
        Request("DELETE", "/u/me", ("user", {"id": "me"})),
        Request("PUT", "/u/me", (405, ("DELETE", "GET", "HEAD"))),
    )),
    Case("allowed is the union over all patterns",
        (("/u/me", 1, ("PUT",)), ("/u/{id}", 2, ("DELETE",)), ("/{p:path}", 3, ("POST",))), (
        Request("GET", "/u/me", (405, ("DELETE", "POST", "PUT"))),
        Request("GET", "/u/x", (405, ("DELETE", "POST"))),
        Request("GET", "/v", (405, ("POST",))),
    )),
    Case("HEAD follows GET", _get("/x", "/u/{id}"), (
        Request("HEAD", "/x", ("/x", {})), Request("HEAD", "/u/1", ("/u/{id}", {"id": "1"})),
    )),
    Case("HEAD given itself", (("/x", "get", ("GET",)), ("/x", "head", ("HEAD",))), (
        Request("HEAD", "/x", ("head", {})), Request("GET", "/x", ("get", {})),
    )),
    Case("HEAD by a more specific GET", (("/{p:path}", "any", ("HEAD",)), ("/x", "get", _GET)), (
        Request("HEAD", "/x", ("get", {})), Request("HEAD", "/y", ("any", {"p": "y"})),
    )),
    Case("any method", (("/{p:path}", "any", None), ("/x", "get", ("GET",)), ("/x", "rest", None)),
    (
        Request("BREW", "/y/z", ("any", {"p": "y/z"})), Request("GET", "/x", ("get", {})),
        Request("HEAD", "/x", ("get", {})), Request("PUT", "/x", ("rest", {})),
    )),
    Case("any token is a method", (("/x", 1, ("M-SEARCH",)), ("/x", 2, ("x!y",))), (
        Request("M-SEARCH", "/x", (1, {})), Request("x!y", "/x", (2, {})),
    )),
    Case("int", _get("/{n:int}"), (
        _found("/0", "/{n:int}", n=0), _found("/007", "/{n:int}", n=7),
        _found("/" + "9" * 18, "/{n:int}", n=int("9" * 18)),
        *_lost("/" + "9" * 19, "/-1", "/+1", "/1_0", "/1.0", "/ 1", "/%D9%A1", "/²", "/0x1", "/"),
    )),
    Case("float", _get("/{x:float}"), (
        _found("/1.5", "/{x:float}", x=1.5), _found("/-2", "/{x:float}", x=-2.0),
        *_lost("/1e5", "/nan", "/inf", "/.5", "/1.", "/1_0.0", "/+1"),
    )),
    Case("int before float", _get("/{x:float}", "/{n:int}"), (
        _found("/1", "/{n:int}", n=1), _found("/1.0", "/{x:float}", x=1.0),
    )),
    Case("uuid", _get("/{u:uuid}"), (
        _found(f"/{_UUID}", "/{u:uuid}", u=UUID(_UUID)),
        _found(f"/{_UUID.upper()}", "/{u:uuid}", u=UUID(_UUID)),
        *_lost(f"/{_UUID.replace('-', '')}", f"/{{{_UUID}}}", f"/{_UUID}0"),
    )),
    Case("date", _get("/{d:date}"), (
        _found("/2024-02-29", "/{d:date}", d=date(2024, 2, 29)),
        *_lost("/2023-02-29", "/20240229", "/2024-W01-1", "/24-01-01"),
    )),
    Case("path", _get("/f/{rest:path}"), (
        _found("/f/a", "/f/{rest:path}", rest="a"),
        _found("/f/a/b/", "/f/{rest:path}", rest="a/b/"),
        _found("/f/a//b", "/f/{rest:path}", rest="a//b"),
        _found("/f//", "/f/{rest:path}", rest="/"),
        *_lost("/f", "/f/", "/g/a"),
    )),
    Case("the longer path prefix wins", _get("/{a:path}", "/x/{b:path}", "/x/y/{c:path}"), (
        _found("/x/y/z", "/x/y/{c:path}", c="z"), _found("/x/y", "/x/{b:path}", b="y"),
        _found("/x", "/{a:path}", a="x"), _found("/x/y/", "/x/{b:path}", b="y/"),
    )),
    Case("regular expression", _get("/{c:re([A-Z]{3})}", "/{s}"), (
        _found("/EUR", "/{c:re([A-Z]{3})}", c="EUR"), _found("/EURO", "/{s}", s="EURO"),
        _found("/EUR%0A", "/{s}", s="EUR\n"),
    )),
    Case("prefix and suffix", _get("/{name}.json", "/v{n:int}", "/{any}"), (
        _found("/a.json", "/{name}.json", name="a"), _found("/.json", "/{any}", any=".json"),
        _found("/v2", "/v{n:int}", n=2), _found("/vx", "/{any}", any="vx"),
        _found("/a.b.json", "/{name}.json", name="a.b"),
    )),
    Case("several parameters in a segment", _get("/{a:int}-{b:int}", "/{f}.{ext:re([a-z]+)}"), (
        _found("/1-2", "/{a:int}-{b:int}", a=1, b=2),
        _found("/a.tar.gz", "/{f}.{ext:re([a-z]+)}", f="a.tar", ext="gz"),
        *_lost("/1-", "/-2", "/1-2-3"),
    )),
    Case("optional last segment", _get("/a/{page:int?}"), (
        _found("/a", "/a/{page:int?}"), _found("/a/2", "/a/{page:int?}", page=2),
        *_lost("/a/", "/a/x"),
    )),
    Case("braces", _get("/{{x}}"), (_found("/{x}", "/{{x}}"), _found("/%7Bx%7D", "/{{x}}"))),
    Case("encoded slash stays inside", _get("/u/{id}", "/u/{id}/{tab}", "/a/b"), (
        _found("/u/a%2Fb", "/u/{id}", id="a/b"), _found("/u/a%2fb/c", "/u/{id}/{tab}", id="a/b",
        tab="c"), *_lost("/a%2Fb"),
    )),
    Case("decoded once, literals too", _get("/café/{x}", "/100%"), (
        _found("/caf%C3%A9/%2541", "/café/{x}", x="%41"), _found("/café/b", "/café/{x}", x="b"),
        _found("/caf%c3%a9/%E2%82%AC", "/café/{x}", x="€"), _found("/100%25", "/100%"),
        *_lost("/100%"),
    )),
    Case("malformed escapes match nothing", _get("/{x}", "/f/{p:path}"), (
        *_lost("/%", "/%4", "/%zz", "/a%4", "/%u0041", "/%FF", "/%C3", "/%ED%A0%80", "/f/a/%C0%80"),
    )),
    Case("dot segments match nothing", _get("/{x}", "/f/{p:path}", "/a/{y}"), (
        *_lost("/.", "/..", "/a/..", "/a/.", "/f/../x", "/f/a/.", "/%2e", "/%2E%2e", "/f/.%2E/x",
        "/f/..%2Fx"), _found("/...", "/{x}", x="..."), _found("/.a", "/{x}", x=".a"),
        _found("/a/.b", "/a/{y}", y=".b"),
    )),
    Case("empty segments fit only a path", _get("/a/b", "/q/{x}/{y}", "/{x}", "/p/{r:path}"), (
        *_lost("//", "//a/b", "/a//b", "/a/b//", "/q//x", "/q/x//", "/q/x/", "//p/x"),
        _found("/p//x", "/p/{r:path}", r="/x"),
    )),
    Case("a trailing slash is another path", _get("/a", "/b/", "/c/{x}/"), (
        *_lost("/a/", "/b", "/c/x", "/c//"), _found("/b/", "/b/"), _found("/c/x/", "/c/{x}/",
        x="x"),
    )),
    Case("what is no path matches nothing", _get("/{p:path}", "/a"), (
        *_lost("", "*", "a", "a/a", "x/a", "example.org:80", "http://a/a", "?/a"),
    )),
    Case("the same twice", _get("/a/{x}"), refused=(("/a/{x}", 2, ("GET", "PUT")),),
        why="it is there already"),
    Case("the same shape", _get("/a/{x}/b"), refused=(("/a/{y}/b", 2, ("GET",)),),
        why="/a/{x}/b matches the same"),
    Case("crossing", _get("/{a}/b"), refused=(("/x/{b}", 2, ("GET",)), ("/x/{b:path}", 2, None)),
        why="neither is more specific"),
    Case("crossing with HEAD through GET", _get("/{a}/b"), refused=(("/x/{b}", 2, ("HEAD",)),),
        why="neither is more specific for HEAD"),
    Case("crossing with other methods",
        (("/{a}/b", 1, ("GET",)), ("/x/{b}", 2, ("POST",))), (
        Request("GET", "/x/b", (1, {"a": "x"})), Request("POST", "/x/b", (2, {"b": "b"})),
        Request("PUT", "/x/b", (405, ("GET", "HEAD", "POST"))),
    )),
    Case("typed segments that share nothing", _get("/{n:int}/b", "/x/{b}", "/{u:uuid}/{c}"), (
        _found("/1/b", "/{n:int}/b", n=1), _found("/x/b", "/x/{b}", b="b"), *_lost("/1/c"),
    )),
    Case("malformed patterns", (), refused=tuple((path, 1, _GET) for path in (
        "a", "/{", "/}", "/{}", "/{1}", "/{a}/{a}", "/{a:}", "/{a:none}", "/a//b", "/..", "/%41",
        "/{p:path}/x", "/x{p:path}", "/{a?}/b", "/{a}{b}", "/{a}-{b}", "/{a:re(()}",
    )), why="it is malformed or ambiguous"),
    Case("slow regular expressions", (), refused=tuple((f"/{{a:re({r})}}", 1, _GET) for r in (
        "(a+)+", "(a|a)*b", "(a|ab)(c|bcd)*(d*)*", "([a-z]+)*x", "(a*)*", "a*a*b", ".*a.*b",
        r"(\w+\s?)*",
    )), why="it may take more than linear time"),
    Case("malformed methods", (), refused=(
        ("/", 1, ()), ("/", 1, ("",)), ("/", 1, ("GE T",)), ("/", 1, ("get",)), ("/", 1, ("é",)),
    ), why="the methods are malformed"),
)  # fmt: skip
