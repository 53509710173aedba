import re

import pytest
from drystone_router import Converter, RouteConflict, Router


def conflict(first: str, second: str, methods: tuple[str, ...] | None = ("GET",)) -> str:
    router: Router[int] = Router()
    router.add_route(first, 1)
    with pytest.raises(RouteConflict) as refused:
        router.add_route(second, 2, methods)
    assert len(router.routes()) == 1
    return str(refused.value)


def test_a_conflict_names_both_patterns_with_file_and_line() -> None:
    router: Router[int] = Router()
    router.add_route("/users/{id}", 1)
    with pytest.raises(RouteConflict) as refused:
        router.add_route("/users/{name}", 2)
    places = re.findall(r"(GET \S+) \((.*?):(\d+)\)", str(refused.value))
    assert [place[0] for place in places] == ["GET /users/{name}", "GET /users/{id}"]
    assert {place[1] for place in places} == {__file__}
    assert int(places[0][2]) - int(places[1][2]) == 2


def test_the_line_is_that_of_the_caller_asked_for() -> None:
    def helper(path: str) -> None:
        router.add_route(path, 1, stacklevel=2)

    router: Router[int] = Router()
    helper("/a")
    helper("/b")
    lines = [int(route.location.rpartition(":")[2]) for route in router.routes()]
    assert lines[1] == lines[0] + 1
    router.add_routes([("/c", 1)], stacklevel=1000)
    assert router.routes()[2].location == "unknown"


@pytest.mark.parametrize(
    ("first", "second", "example"),
    [
        ("/{a}/b", "/x/{b}", "/x/b"),
        ("/{a}/b", "/x/{rest:path}", "/x/b"),
        ("/x/{rest:path}", "/{a}/{b}/{c}", "/x/x/x"),
        ("/x/{rest:path}", "/{a}/b/{more:path}", "/x/b/x"),
        ("/{a}.json", "/x{b}", "/x.json"),
        ("/{a:int}/x", "/1/{b}", "/1/x"),
        ("/{a}/x/", "/b/{c}/", "/b/x/"),
        ("/{n:int}/{r:path}", "/1{x}/y", "/1?/y"),
        ("/a/{b?}", "/{c?}", None),
        ("/a/{r:path?}", "/{x}/", None),
    ],
)
def test_crossing_shows_a_path_that_both_match(
    first: str, second: str, example: str | None
) -> None:
    if example is None:
        router: Router[int] = Router()
        router.add_route(first, 1)
        router.add_route(second, 2)
        return
    shown = re.search("both match '(.*?)'", conflict(first, second))
    assert shown is not None
    assert re.fullmatch(re.escape(example).replace(r"\?", "."), shown[1])
    router = Router()
    router.add_route(first, 1)
    assert router.match("GET", shown[1]).value == 1
    router = Router()
    router.add_route(second, 1)
    assert router.match("GET", shown[1]).value == 1


def test_converters_nobody_can_compare_are_refused_together() -> None:
    router: Router[int] = Router(
        converters={
            "even": Converter(int, str),
            "color": Converter(str, str),
            "slug": Converter(str, str, "[a-z]+"),
        }
    )
    router.add_route("/a/{x:even}", 1)
    with pytest.raises(RouteConflict):
        router.add_route("/a/{x:color}", 2)
    with pytest.raises(RouteConflict):
        router.add_route("/a/{x:slug}", 2)
    with pytest.raises(RouteConflict):
        router.add_route("/a/{y:even}", 2)
    router.add_route("/a/{x}", 3)
    router.add_route("/a/x", 4)
    router.add_route("/a/{y:even}", 5, ("PUT",))
    router.add_route("/b/{x}.a", 6)
    router.add_route("/b/{x:even}.a", 7)
    router.add_route("/b/{x:even}.b", 8)
    router.add_route("/b/{x:color}.c", 9)
    router.add_route("/c/{x:slug}", 6)
    with pytest.raises(RouteConflict):
        router.add_route("/c/{x:even}", 7)
    assert router.match("GET", "/a/7").params == {"x": 7}
    assert router.match("GET", "/a/q").value == 3
    assert router.match("GET", "/b/7.a").value == 7
    assert router.match("GET", "/b/q.a").value == 6


def test_methods_that_do_not_meet_do_not_conflict() -> None:
    router: Router[int] = Router()
    router.add_route("/{a}/b", 1, ("GET",))
    router.add_route("/{b}/b", 3, ("DELETE",))
    router.add_route("/{c}/b", 4, None)
    assert router.match("BREW", "/x/b").params == {"c": "x"}
    router = Router()
    router.add_route("/{a}/b", 1, ("GET",))
    router.add_route("/x/{b}", 2, ("PUT",))
    assert router.match("PUT", "/x/b").params == {"b": "b"}
    assert "neither is more specific" in conflict("/{a}/b", "/x/{b}", ("HEAD",))
    assert "neither is more specific" in conflict("/{a}/b", "/x/{b}", None)


def test_after_a_refusal_nothing_is_left_behind() -> None:
    router: Router[int] = Router()
    router.add_route("/x/{b}", 1)
    with pytest.raises(RouteConflict):
        router.add_route("/{a}/b", 2, name="two")
    router.add_route("/{a}/c", 2, ("PUT",), name="two")
    assert router.url_for("two", a="1") == "/1/c"
