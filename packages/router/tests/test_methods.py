import pytest
from drystone_router import RouteError
from drystone_router._methods import (
    answered,
    answered_by_both,
    check_methods,
    label,
    named_by_both,
    rank,
)


def test_kept_sorted_and_once() -> None:
    assert check_methods(["PUT", "GET", "PUT"]) == ("GET", "PUT")
    assert check_methods(None) is None
    assert check_methods({"publish"}) == ("publish",)


@pytest.mark.parametrize(
    ("methods", "why"),
    [("GET", "tuple"), ((), "empty"), (("G T",), "token"), (("get",), "'GET'"), (("",), "token")],
)
def test_malformed(methods: tuple[str, ...], why: str) -> None:
    with pytest.raises(RouteError, match=why):
        check_methods(methods)


def test_rank() -> None:
    assert rank(("GET",), "GET") == 0
    assert rank(("GET",), "HEAD") == 1
    assert rank(("GET", "HEAD"), "HEAD") == 0
    assert rank(None, "X") == 2
    assert rank(("GET",), "PUT") is None
    assert answered(("GET", "PUT")) == {"GET", "HEAD", "PUT"}
    assert answered(("PUT",)) == {"PUT"}
    assert answered(None) == set()


def test_overlap() -> None:
    assert not named_by_both(("GET",), ("HEAD",))
    assert answered_by_both(("GET",), ("HEAD",))
    assert not answered_by_both(("GET",), ("PUT",))
    assert not named_by_both(None, ("GET",))
    assert answered_by_both(None, ("GET",))
    assert named_by_both(None, None)
    assert named_by_both(("A", "B"), ("B",))


def test_label() -> None:
    assert label(None) == "ANY"
    assert label(("GET", "PUT")) == "GET, PUT"
