"""The time of a lookup, shown by counting what it does."""

import contextlib
import sys
from itertools import product
from types import FrameType
from typing import Any

import pytest
from drystone_router import NotFound, Router


def steps(router: Router[Any], path: str) -> int:
    """How many lines of Python one lookup runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    router.compile()
    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        router.find("GET", path)
    finally:
        sys.settrace(previous)
    return count


def every_mixture(depth: int) -> Router[int]:
    """A literal or a parameter at each place: a walk that goes back could try each pattern."""
    router: Router[int] = Router()
    for number, kinds in enumerate(product((True, False), repeat=depth)):
        parts = ["a" if kind else f"{{p{i}}}" for i, kind in enumerate(kinds)]
        router.add_route(f"/m/{'/'.join(parts)}/end{number}", number)
    return router


def test_each_arrangement_is_tried_at_most_once() -> None:
    counts = [steps(every_mixture(depth), "/m" + "/a" * depth + "/none") for depth in (3, 5, 7)]
    # Four times the patterns, four times the steps; not the square of it.
    assert counts[1] <= 4.5 * counts[0]
    assert counts[2] <= 4.5 * counts[1]


@pytest.mark.parametrize(
    "piece",
    [
        "/a",
        "/",
        "//",
        "a",
        "%61",
        "%",
        "/%2F",
        "/.",
        "/..",
        ".",
        "/a.b",
        "/1",
        "1",
        "-",
        "/a-",
        "é",
    ],
)
def test_the_steps_do_not_grow_with_the_path(piece: str) -> None:
    """The lines run stay the same; what each line does is one pass over the path, in C."""
    router = every_mixture(4)
    router.add_route("/x/{rest:path}", 1)
    router.add_route("/{n:int}-{m:int}/{c:re([a-z]+(-[a-z]+)*)}/z", 2)
    router.add_route("/{name}.b/{f:float}/{u:uuid}", 3)
    for start in ("/", "/m/", "/x/", "/1-2/"):
        short, long = (steps(router, start + piece * times) for times in (300, 3000))
        # Decoding and refusing dots look at each segment, so these steps grow with their number.
        assert long <= short * 11 + 50
        if "%" not in piece and "/." not in start + piece * 2:
            assert long <= short + 5


@pytest.mark.parametrize("piece", ["/a", "/", "a", "%61", "/%2F", "/a.b", "1", "a-", "/..", "é"])
def test_a_long_path_is_answered_at_once(piece: str) -> None:
    router = every_mixture(6)
    router.add_route("/x/{c:re([a-z]+(-[a-z]+)*)}", 1)
    router.add_route("/x/{c:re([a-z]+)}/{rest:path}", 1)
    for start in ("/", "/m/", "/x/", "/x/a/"):
        path = start + piece * (200_000 // len(piece))
        with contextlib.suppress(NotFound):
            router.match("GET", path)


def test_the_number_of_routes_does_not_matter() -> None:
    counts = []
    for size in (10, 1000):
        router: Router[int] = Router()
        for number in range(size):
            router.add_route(f"/things/{{id}}/part{number}/{{x}}", number)
            router.add_route(f"/kind{number}/{{id:int}}", number)
            router.add_route(f"/static/{number}", number)
        paths = ("/things/1/part7/2", "/kind3/7", "/static/9", "/none", "/kind3/x")
        counts.append([steps(router, path) for path in paths])
    assert counts[0] == counts[1]


def test_method_fallbacks_under_one_key() -> None:
    router: Router[str] = Router()
    router.add_route("/x/{n:int}", "int", ("PUT",))
    router.add_route("/x/{s}", "any", None)
    router.add_route("/x/{s}", "get")
    router.add_route("/x/y", "static", ("PUT",))
    assert router.match("PUT", "/x/1").value == "int"
    assert router.match("PUT", "/x/z").value == "any"
    assert router.match("GET", "/x/1").value == "get"
    assert router.match("GET", "/x/y").value == "get"
    assert router.match("HEAD", "/x/1").value == "get"
    assert router.match("BREW", "/x/1").value == "any"
    assert router.find("GET", "/x/") is None


def test_where_the_first_of_equal_patterns_refuses_the_next_is_asked() -> None:
    router: Router[str] = Router()
    router.add_route("/{text:re([0-9]{4}-[0-9]{2}-[0-9]{2})}", "text", None)
    router.add_route("/{day:date}", "day")
    assert router.match("GET", "/2024-02-29").value == "day"
    assert router.match("GET", "/2023-02-29").value == "text"
    assert router.match("PUT", "/2024-02-29").value == "text"
