"""The router against an obvious one: every route tried in turn, conflicts found by trying paths
out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import unquote_to_bytes

from drystone_router import MethodNotAllowed, RouteConflict, Router, RoutingError
from drystone_router.testing import check_router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# How one segment is written, what it accepts, how it is converted, and its rank: less is tried
# first.
KINDS: dict[str, tuple[str, type, int]] = {
    "": (r"(?s:.+)", str, 6),
    ":str": (r"(?s:.+)", str, 6),
    ":int": (r"[0-9]{1,18}", int, 2),
    ":float": (r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", float, 3),
    ":re([ab]+)": (r"[ab]+", str, 2),
}
PARAMETER = re.compile(r"\{(\w+)(:path|:\w+|:re\([^)]*\))?\}")

Answer = tuple[Any, dict[str, Any]] | int | tuple[int, tuple[str, ...]]


@dataclass
class LinearRoute:
    path: str
    value: Any
    methods: tuple[str, ...] | None

    def __post_init__(self) -> None:
        parts = self.path.split("/")[1:]
        self.rest = parts.pop() if parts[-1].endswith(":path}") else None
        self.patterns = [self.pattern_of(part) for part in parts]
        self.ranks = [self.rank_of(part) for part in parts] + [(9, 0)] * bool(self.rest)

    @staticmethod
    def pattern_of(part: str) -> str:
        pieces = PARAMETER.split(part)
        pattern = re.escape(pieces[0])
        for name, kind, literal in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            pattern += f"(?P<{name}>{KINDS[kind or ''][0]}){re.escape(literal)}"
        return pattern

    @staticmethod
    def rank_of(part: str) -> tuple[int, int]:
        found = PARAMETER.findall(part)
        if not found:
            return (0, 0)
        if PARAMETER.fullmatch(part):
            return (KINDS[found[0][1]][2], 0)
        return (4, -len(PARAMETER.sub("", part)))

    def read(self, segments: list[str]) -> dict[str, Any] | None:
        params: dict[str, Any] = {}
        count = len(self.patterns)
        if len(segments) < count or (self.rest is None and len(segments) > count):
            return None
        for pattern, text in zip(self.patterns, segments, strict=False):
            found = re.fullmatch(pattern, text)
            if found is None:
                return None
            params |= found.groupdict()
        for name, kind in PARAMETER.findall(self.path):
            if name in params:
                params[name] = KINDS[kind][1](params[name])
        if self.rest is not None:
            rest = "/".join(segments[count:])
            if not rest:
                return None
            params[self.rest[1:].partition(":")[0]] = rest
        return params

    def rank(self, method: str) -> int | None:
        if self.methods is None:
            return 2
        if method in self.methods:
            return 0
        return 1 if method == "HEAD" and "GET" in self.methods else None

    def answered(self) -> set[str]:
        if self.methods is None:
            return {"GET", "HEAD", "POST", "OTHER"}
        return set(self.methods) | ({"HEAD"} if "GET" in self.methods else set())


def segments_of(path: str) -> list[str] | None:
    if not path.startswith("/"):
        return None
    found = []
    for part in path[1:].split("/"):
        if re.search("%(?![0-9a-fA-F]{2})", part):
            return None
        try:
            found.append(unquote_to_bytes(part).decode())
        except UnicodeDecodeError:
            return None
    if any(piece in (".", "..") for part in found for piece in part.split("/")):
        return None
    return found


class LinearRouter:
    """The obvious router."""

    def __init__(self) -> None:
        self.routes: list[LinearRoute] = []

    def add_route(self, path: str, value: Any, methods: tuple[str, ...] | None) -> None:
        self.routes.append(LinearRoute(path, value, methods))

    def match(self, method: str, path: str) -> Answer:
        segments = segments_of(path)
        if segments is None:
            return 404
        candidates: list[tuple[Any, ...]] = []
        allowed: set[str] = set()
        for route in self.routes:
            params = route.read(segments)
            if params is None:
                continue
            rank = route.rank(method)
            if rank is None:
                allowed |= route.answered()
            else:
                candidates.append((route.ranks, rank, len(candidates), route.value, params))
        if candidates:
            best = min(candidates)
            return best[3], best[4]
        return (405, tuple(sorted(allowed))) if allowed else 404


TEXTS = [
    "a",
    "b",
    "ab",
    "c",
    "1",
    "12",
    "1.5",
    "a.x",
    "b.x",
    "1.x",
    "a-1",
    "1-2",
    "a.1",
    "b.1",
    ".x",
    "",
]
# Rich enough that any two of the patterns below that overlap or differ do so on one of these.
PATHS = [
    "/" + "/".join(parts) + tail
    for length in (1, 2)
    for parts in product(TEXTS, repeat=length)
    for tail in ("", "/", "/a", "/1/a.x", "//")
]
SPLIT = [(path, path[1:].split("/")) for path in PATHS]


@cache
def matched(path: str) -> frozenset[str]:
    route = LinearRoute(path, None, None)
    return frozenset(path for path, segments in SPLIT if route.read(segments) is not None)


def crosses(new: LinearRoute, old: LinearRoute) -> bool:
    """Whether the two may not stand together, found out by trying all the paths."""
    if not new.answered() & old.answered():
        return False
    one, other = matched(new.path), matched(old.path)
    if not one & other:
        return False
    if one == other:
        if new.methods is None or old.methods is None:
            return new.methods is old.methods
        return bool(set(new.methods) & set(old.methods))
    return bool(one - other) and bool(other - one)


SEGMENTS = [
    "a", "b", "c", "1", "{N}", "{N}", "{N:str}", "{N:int}", "{N:float}", "{N:re([ab]+)}",
    "{N}.x", "a{N}", "a-{N:int}", "{N:int}-{M:int}", "{N:re([ab]+)}.{M:int}",
]  # fmt: skip
METHODS = [("GET",), ("GET",), ("POST",), ("HEAD",), ("GET", "POST"), None]


@st.composite
def patterns(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=2))
    tail = draw(st.sampled_from(["", "", "", "/", "/{rest:path}"]))
    named = (p.replace("N", f"n{i}").replace("M", f"m{i}") for i, p in enumerate(parts))
    return "/" + "/".join(named) + tail


route_sets = st.lists(st.tuples(patterns(), st.sampled_from(METHODS)), min_size=1, max_size=8)
odd_paths = st.one_of(
    st.text("ab1/.%x-2FfC3é", max_size=12).map(lambda text: f"/{text}"),
    st.text(max_size=8),
    st.sampled_from([path.replace("a", "%61").replace("x", "%2F") for path in PATHS]),
)


def asked(router: Router[Any], method: str, path: str) -> Answer:
    same = router.find(method, path)
    try:
        found = router.match(method, path)
    except RoutingError as error:
        assert same is None
        return (405, error.allowed) if isinstance(error, MethodNotAllowed) else 404
    assert same is not None
    assert (same.route, same.params) == (found.route, found.params)
    return found.value, found.params


def check_explanation(router: Router[Any], method: str, path: str) -> None:
    """What it tells comes from reading each pattern alone, so it must agree with the table."""
    told = router.explain(method, path)
    chosen = [step for step in told.steps if "and is the most specific" in step]
    if told.match is None:
        assert not chosen
        assert (" but answers only " in str(told)) == isinstance(told.error, MethodNotAllowed)
    else:
        assert len(chosen) == 1
        assert f"with {told.match.params}," in chosen[0] or not told.match.params


def built(routes: Iterable[tuple[str, tuple[str, ...] | None]]) -> Router[Any]:
    router: Router[Any] = Router()
    for path, methods in routes:
        router.add_route(path, (path, methods), methods)
    return router


def test_the_contract() -> None:
    check_router(Router)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(route_sets, st.lists(odd_paths, max_size=10), st.randoms(use_true_random=False))
def test_same_as_the_obvious_router(
    routes: list[tuple[str, tuple[str, ...] | None]], odd: list[str], random: Any
) -> None:
    linear = LinearRouter()
    router: Router[Any] = Router()
    kept = []
    for path, methods in routes:
        new = LinearRoute(path, (path, methods), methods)
        conflict = any(crosses(new, old) for old in linear.routes)
        try:
            router.add_route(path, (path, methods), methods)
        except RouteConflict:
            assert conflict, (path, methods)
            continue
        assert not conflict, (path, methods)
        linear.add_route(path, (path, methods), methods)
        kept.append((path, methods))
    random.shuffle(kept)
    shuffled = built(kept)
    for path in random.sample(PATHS, 40) + odd:
        for method in ("GET", "HEAD", "POST", "OTHER"):
            expected = linear.match(method, path)
            assert asked(router, method, path) == expected, (method, path)
            assert asked(shuffled, method, path) == expected, (method, path)
    for path in odd:
        check_explanation(router, "GET", path)
