from typing import Any

import pytest
from drystone_router import Router
from drystone_router.testing import CASES, check_router


class Broken:
    """A router whose every wrong way is one attribute away."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.router: Router[Any] = Router()

    def add_route(self, path: str, value: Any, methods: tuple[str, ...] | None) -> None:
        if self.fault == "path" and "path}" in path:
            raise ValueError("no path converter")
        if self.fault == "same" and path in ("/a/{x}", "/a/{y}/b"):
            return
        self.router.add_route(path, value, methods)

    def match(self, method: str, path: str) -> Any:
        if self.fault == "head" and method == "HEAD":
            raise RuntimeError("no HEAD")
        return self.router.match(method, path)


def test_ours_passes() -> None:
    check_router(Router)
    assert len({case.name for case in CASES}) == len(CASES)


def test_faults_are_named() -> None:
    with pytest.raises(AssertionError, match="path: adding '/f/{rest:path}' raised ValueError"):
        check_router(lambda: Broken("path"))
    with pytest.raises(AssertionError, match="the same twice: '/a/{x}' was added although"):
        check_router(lambda: Broken("same"))
    with pytest.raises(AssertionError, match="HEAD follows GET: HEAD /x gave RuntimeError"):
        check_router(lambda: Broken("head"))


def test_what_is_declined() -> None:
    why = "answers no HEAD"
    heads = [case.name for case in CASES if any(r.method == "HEAD" for r in case.requests)]
    check_router(lambda: Broken("head"), declined=dict.fromkeys(heads, why))
    with pytest.raises(AssertionError, match="int: declined, but it passes"):
        check_router(lambda: Broken("head"), declined=dict.fromkeys([*heads, "int"], why))
    with pytest.raises(AssertionError, match="there is no case 'of mine'"):
        check_router(Router, declined={"of mine": why})
