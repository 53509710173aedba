import gc
import threading
import weakref

import pytest
from drystone_router import NotFound, RouteConflict, RouteError, Router


def pets() -> Router[str]:
    router: Router[str] = Router()
    router.add_route("", "list", name="list")
    router.add_route("/{pet:int}", "show", name="show", metadata={"level": 2})
    router.add_route("/{pet:int}", "remove", ("DELETE",))
    return router


def test_an_included_router_is_part_of_the_table() -> None:
    router: Router[str] = Router()
    router.include("/homes/{home}/pets", pets(), name="pets", metadata={"level": 1, "tag": "p"})
    match = router.match("GET", "/homes/a%20b/pets/7")
    assert match.value == "show"
    assert match.params == {"home": "a b", "pet": 7}
    assert match.pattern == "/homes/{home}/pets/{pet:int}"
    assert match.name == "pets:show"
    assert match.metadata == {"level": 2, "tag": "p"}
    assert router.match("GET", "/homes/a/pets").value == "list"
    assert router.match("DELETE", "/homes/a/pets/7").name is None
    assert router.url_for("pets:show", home="x/y", pet=3) == "/homes/x%2Fy/pets/3"


def test_what_is_added_later_appears_too() -> None:
    inner: Router[str] = Router()
    middle: Router[str] = Router()
    outer: Router[str] = Router()
    outer.include("/o", middle, name="o")
    middle.include("/m/{x}", inner, name="m")
    inner.add_route("/i", "value", name="i")
    assert outer.match("GET", "/o/m/1/i").params == {"x": "1"}
    assert outer.url_for("o:m:i", x="1") == "/o/m/1/i"
    assert middle.match("GET", "/m/1/i").value == "value"


def test_refused_anywhere_is_refused_everywhere() -> None:
    inner: Router[str] = Router()
    outer: Router[str] = Router()
    outer.add_route("/in/x", "mine")
    outer.include("/in", inner)
    with pytest.raises(RouteConflict):
        inner.add_route("/x", "theirs")
    assert inner.routes() == ()
    assert len(outer.routes()) == 1
    other = pets()
    outer.add_route("/p/{id:int}", "mine")
    with pytest.raises(RouteConflict):
        outer.include("/p", other)
    assert len(outer.routes()) == 2
    other.add_route("/free", "value")
    with pytest.raises(NotFound):
        outer.match("GET", "/p/free")


def test_included_twice() -> None:
    router: Router[str] = Router()
    inner = pets()
    router.include("/a", inner, name="a")
    router.include("/b", inner, name="b")
    assert router.url_for("b:list") == "/b"
    with pytest.raises(RouteError, match="cannot be named 'a:list'"):
        router.include("/c", inner, name="a")
    router.include("/{any}", Router())


def test_no_circles() -> None:
    one: Router[str] = Router()
    other: Router[str] = Router()
    one.include("/a", other)
    with pytest.raises(RouteError, match="itself"):
        other.include("/b", one)
    with pytest.raises(RouteError, match="itself"):
        one.include("/b", one)
    third: Router[str] = Router()
    third.include("/c", one)
    with pytest.raises(RouteError, match="itself"):
        other.include("/d", third)


def test_parameters_of_prefix_and_path_have_different_names() -> None:
    router: Router[str] = Router()
    with pytest.raises(RouteError, match="'pet' stands in the prefix"):
        router.include("/{pet}", pets())


def test_names() -> None:
    router: Router[str] = Router()
    router.add_route("/a", "x", name="a")
    router.add_route("/a", "y", ("PUT",), name="a")
    with pytest.raises(RouteError, match=r"/b \(.*cannot be named 'a': GET /a \("):
        router.add_route("/b", "z", name="a")


def test_hosts_of_mounts() -> None:
    router: Router[str] = Router()
    router.include("", pets(), host="{home}.Example.org")
    match = router.match("GET", "/7", "Old.example.org:8080")
    assert match.params == {"home": "old", "pet": 7}
    inner: Router[str] = Router()
    inner.add_route("/x", "x", host="a.org")
    with pytest.raises(RouteError, match="names a host, and so does"):
        router.include("/i", inner, host="b.org")
    router.include("/i", inner)
    assert router.match("GET", "/i/x", "a.org").value == "x"
    with pytest.raises(RouteError, match="in the host and in the path"):
        router.add_route("/{a}", "x", host="{a}.org")
    with pytest.raises(RouteError, match="in the host and in the path"):
        router.include("", pets(), host="{pet}.org")


def test_adding_and_matching_from_many_threads() -> None:
    router: Router[int] = Router()
    router.add_route("/{x}/0", 0)
    failures: list[BaseException] = []
    stop = threading.Event()

    def match() -> None:
        try:
            while not stop.is_set():
                assert router.match("GET", "/a/0").value == 0
                for route in router.routes():
                    path = route.pattern.replace("{x}", "b")
                    assert router.match("GET", path).value == route.value
        except BaseException as error:
            failures.append(error)

    def add(first: int) -> None:
        try:
            for number in range(first, first + 40):
                router.add_route(f"/{{x}}/{number}", number)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=match) for _ in range(3)]
    writers = [threading.Thread(target=add, args=(1 + 40 * n,)) for n in range(3)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join(20)
    stop.set()
    for thread in readers:
        thread.join(20)
    assert not failures
    assert len(router.routes()) == 121


def test_swap_shows_the_old_routes_or_the_new() -> None:
    def version(number: int) -> Router[int]:
        router: Router[int] = Router()
        for path in ("/a", "/b"):
            router.add_route(path, number)
        return router

    router = version(0)
    failures: list[object] = []
    stop = threading.Event()

    def match() -> None:
        while not stop.is_set():
            first = router.match("GET", "/a").value
            second = router.match("GET", "/b").value
            if second < first:
                failures.append((first, second))

    readers = [threading.Thread(target=match) for _ in range(3)]
    for thread in readers:
        thread.start()
    for number in range(1, 60):
        router.swap(version(number))
    stop.set()
    for thread in readers:
        thread.join(20)
    assert not failures
    assert router.match("GET", "/a").value == 59
    other = version(60)
    router.swap(other)
    other.add_route("/c", 61)
    assert router.match("GET", "/c").value == 61


def test_an_optional_segment_straight_after_a_prefix() -> None:
    child: Router[str] = Router()
    child.add_route("/{page:int?}", "pages", name="pages")
    files: Router[str] = Router()
    files.add_route("/{rest:path?}", "files")
    router: Router[str] = Router()
    router.include("/blog", child)
    router.include("/files", files)
    router.include("", child, name="top")
    assert router.match("GET", "/blog").params == {}
    assert router.match("GET", "/blog/2").params == {"page": 2}
    assert router.url_for("pages") == "/blog"
    assert router.find("GET", "/blog/") is None
    assert router.match("GET", "/").value == "pages"
    assert [router.match("GET", f"/files{end}").params for end in ("", "/", "/a")] == [
        {},
        {},
        {"rest": "a"},
    ]


def test_an_included_router_keeps_none_of_those_that_included_it() -> None:
    child = pets()
    outer: Router[str] = Router()
    outer.include("/pets", child)
    outer.add_route("/pets/new", "the page of a router that will be gone")
    gone = weakref.ref(outer._registry)
    del outer
    gc.collect()
    assert gone() is None
    child.add_route("/new", "new")
    assert child._registry.mounts == []


def test_a_router_between_two_others_is_kept() -> None:
    inner, outer = pets(), Router[str]()

    def join() -> None:
        between: Router[str] = Router()
        between.include("/pets", inner)
        outer.include("/v1", between)

    join()
    gc.collect()
    inner.add_route("/new", "new")
    assert outer.match("GET", "/v1/pets/new").value == "new"
