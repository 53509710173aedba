import pytest
from drystone_router import Converter, MethodNotAllowed, RouteError, Router


def test_an_ordinary_use() -> None:
    router: Router[str] = Router()
    route = router.add_route("/users/{id:int}", "user", name="user", metadata={"scope": "read"})
    router.add_routes(
        [
            ("/users/me", "me"),
            ("/users/{id:int}", "remove", ("DELETE",)),
            ("/x", "x", None, "x"),
        ]
    )
    match = router.match("GET", "/users/7")
    assert (match.value, match.params) == ("user", {"id": 7})
    assert match.route is route
    assert (match.pattern, match.name) == ("/users/{id:int}", "user")
    assert match.metadata == {"scope": "read"}
    assert router.match("GET", "/users/me").value == "me"
    with pytest.raises(MethodNotAllowed):
        router.match("PUT", "/users/7")
    assert router.url_for("x") == "/x"
    assert [r.pattern for r in router.routes()][:2] == ["/users/{id:int}", "/users/me"]
    assert str(route) == "GET /users/{id:int}"


def test_a_match_is_its_own() -> None:
    router: Router[str] = Router()
    router.add_route("/", "x")
    router.match("GET", "/").params["added"] = 1
    assert router.match("GET", "/").params == {}


def test_converters_of_ones_own() -> None:
    router: Router[str] = Router(
        converters={"hex": Converter(lambda t: int(t, 16), "{:x}".format, "[0-9a-f]+")}
    )
    router.add_route("/c/{x:hex}-{y:hex}", "hex", name="hex")
    assert router.match("GET", "/c/ff-1").params == {"x": 255, "y": 1}
    assert router.url_for("hex", x=255, y=1) == "/c/ff-1"
    for name in ("hex", "int", "re", "a b", ""):
        with pytest.raises(RouteError, match="converter"):
            router.add_converter(name, Converter(int, str))
    with pytest.raises(RouteError, match=r"'number' is <class 'int'>: write Converter\("):
        router.add_converter("number", int)  # type: ignore[arg-type]  # the mistake that is meant
    router.add_converter("even", Converter(int, str))
    router.add_route("/e/{n:even}", "even")
    with pytest.raises(RouteError, match="share a segment"):
        router.add_route("/e/{n:even}-{m:int}", "two")


def test_the_empty_path_and_the_root() -> None:
    router: Router[str] = Router()
    router.add_route("", "empty")
    router.add_route("/", "root")
    router.add_route("/{p:path}", "rest")
    assert router.match("GET", "").value == "empty"
    assert router.match("GET", "/").value == "root"
    assert router.match("GET", "/a/b/c/d/e").value == "rest"
    assert router.find("GET", "/a/b/c/d/e") is not None


def test_find_gives_none_where_match_raises() -> None:
    router: Router[str] = Router()
    router.add_route("/a/{x}", "x")
    router.add_route("/h", "h", host="h.org")
    found = router.find("GET", "/a/%2F")
    assert found is not None
    assert found.params == {"x": "/"}
    assert router.find("GET", "/h", "h.org") is not None
    for method, path in (
        ("PUT", "/a/1"),
        ("GET", "/a/"),
        ("GET", "/a/%zz"),
        ("GET", "/h"),
        ("GET", "*"),
    ):
        assert router.find(method, path) is None
