"""The router against an obvious one: every route tried in turn, conflicts found by trying paths
out.
"""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations, product, starmap
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

from drystone_router import (
    AutomaticOptions,
    MethodNotAllowed,
    Redirect,
    RouteConflict,
    Router,
    RoutingError,
)
from drystone_router.testing import check_router
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# How one segment is written, what it accepts, how it is converted, and its rank: less is tried
# first.
KINDS: dict[str, tuple[str, Callable[[str], Any], int]] = {
    "": (r"(?s:.+)", str, 6),
    ":str": (r"(?s:.+)", str, 6),
    ":int": (r"[0-9]{1,18}", int, 2),
    ":float": (r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", float, 3),
    ":re([ab]+)": (r"[ab]+", str, 2),
    ":date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat, 2),
    ":uuid": (r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", UUID, 2),
}
PARAMETER = re.compile(r"\{(\w+)(:path|:\w+|:re\([^)]*\))?\}")

Methods = tuple[str, ...] | None
# Path, methods, host.
Added = tuple[str, Methods, str | None]
Answer = tuple[Any, dict[str, Any]] | int | tuple[int, tuple[str, ...] | str]


@dataclass
class LinearPattern:
    path: str

    def __post_init__(self) -> None:
        parts = self.path.split("/")[1:]
        self.rest = parts.pop() if self.path.endswith(":path}") else None
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
    def rank_of(part: str) -> tuple[int, ...]:
        found = PARAMETER.findall(part)
        if not found:
            return (0, 0)
        if PARAMETER.fullmatch(part):
            return (KINDS[found[0][1]][2], 0)
        return (4, -len(PARAMETER.sub("", part)), KINDS[found[0][1]][2])

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
                try:
                    params[name] = KINDS[kind][1](params[name])
                except ValueError:
                    return None
        if self.rest is not None:
            rest = "/".join(segments[count:])
            if not rest:
                return None
            params[self.rest[1:].partition(":")[0]] = rest
        return params


@cache
def pattern_of(path: str) -> LinearPattern:
    return LinearPattern(path)


def without_options(path: str) -> list[str]:
    """The paths that one with an optional last segment stands for."""
    if not path.endswith("?}"):
        return [path]
    before = path[: path.rindex("/")]
    whole = f"{path[:-2]}}}"
    if path.endswith(":path?}"):
        return [whole, f"{before}/", before] if before else [whole, "/"]
    return [whole, before or "/"]


def host_pattern(host: str) -> LinearPattern:
    """Its labels as if they were segments."""
    return pattern_of("/" + host.lower().replace(".", "/"))


@dataclass
class LinearRoute:
    path: str
    methods: Methods
    host: str | None

    def __post_init__(self) -> None:
        self.paths = without_options(self.path)

    def read(
        self, segments: list[str], host: str | None
    ) -> tuple[list[Any], dict[str, Any]] | None:
        """How specific the match is, and the parameters."""
        ranks: list[Any] = [[(10, 0)]]
        params: dict[str, Any] | None = {}
        if self.host is not None:
            labels = host_pattern(self.host)
            params = labels.read((host or "").lower().partition(":")[0].split("."))
            ranks = [labels.ranks]
        for path in self.paths:
            found = pattern_of(path).read(segments)
            if params is not None and found is not None:
                return [*ranks, pattern_of(path).ranks], {**params, **found}
        return None

    def rank(self, method: str) -> int | None:
        if self.methods is None:
            return 2
        if method in self.methods:
            return 0
        return 1 if method == "HEAD" and "GET" in self.methods else None

    def answered(self) -> set[str]:
        if self.methods is None:
            return {"GET", "HEAD", "POST", "OPTIONS", "OTHER"}
        return set(self.methods) | ({"HEAD"} if "GET" in self.methods else set())


def segments_of(path: str) -> list[str] | None:
    if not path:
        return []
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

    def __init__(self, trailing_slash: str = "strict", answer_options: bool = False) -> None:
        self.routes: list[LinearRoute] = []
        self.trailing_slash = trailing_slash
        self.answer_options = answer_options

    def conflicts(self, new: LinearRoute) -> bool:
        return any(crosses(new, old) for old in self.routes)

    def match(self, method: str, path: str, host: str | None) -> Answer:
        found, allowed = self.look(method, path, host)
        if found is not None:
            return found
        if self.trailing_slash != "strict" and path not in ("", "/"):
            other = path[:-1] if path.endswith("/") else f"{path}/"
            found, more = self.look(method, other, host)
            if found is not None and self.trailing_slash == "redirect":
                return (308, quote(other, "/%!$&'()*+,;=:@"))
            if found is not None:
                return found
            allowed |= more
        if not allowed:
            return 404
        if self.answer_options:
            allowed.add("OPTIONS")
        automatic = method == "OPTIONS" and self.answer_options
        return (204 if automatic else 405, tuple(sorted(allowed)))

    def look(self, method: str, path: str, host: str | None) -> tuple[Answer | None, set[str]]:
        """The best match, and the methods of what matches only the path."""
        segments = segments_of(path)
        candidates: list[tuple[Any, ...]] = []
        allowed: set[str] = set()
        for route in self.routes:
            read = None if segments is None else route.read(segments, host)
            if read is None:
                continue
            ranks, params = read
            rank = route.rank(method)
            if rank is None:
                allowed |= route.answered()
            else:
                candidates.append((ranks, rank, len(candidates), route, params))
        if not candidates:
            return None, allowed
        best = min(candidates)
        return ((best[3].path, best[3].methods, best[3].host), best[4]), allowed


class Missed(Exception):
    def __init__(self, status: int, allowed: Any = ()) -> None:
        super().__init__(status)
        self.status = status
        self.allowed = allowed


@dataclass
class Found:
    value: Any
    params: dict[str, Any]


class ContractedRouter:
    """The obvious router in the shape that the contract asks for."""

    def __init__(self) -> None:
        self.linear = LinearRouter()
        self.values: dict[tuple[str, Methods, str | None], Any] = {}

    def add_route(self, path: str, value: Any, methods: Methods) -> None:
        new = LinearRoute(path, tuple(sorted(methods)) if methods else None, None)
        if self.linear.conflicts(new):
            raise ValueError(f"{path} is in another's way")
        self.linear.routes.append(new)
        self.values[new.path, new.methods, new.host] = value

    def match(self, method: str, path: str) -> Found:
        found: Any = self.linear.match(method, path, None)
        if isinstance(found, int):
            raise Missed(found)
        first, second = found
        if isinstance(first, int):
            raise Missed(first, second)
        return Found(self.values[first], second)


# For a longer run: DRYSTONE_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("DRYSTONE_EXAMPLES", "40"))
TEXTS = [
    "a", "b", "ab", "c", "1", "12", "1.5", "a.x", "b.x", "1.x", "a-1", "1-2", "a.1", "b.1", ".x",
    "2024-02-29", "12345678-1234-1234-1234-123456789abc",
    "a2345678-1234-1234-1234-123456789abc", "",
]  # fmt: skip
# Rich enough that any two of the patterns below that overlap or differ do so on one of these.
PATHS = [""] + [
    "/" + "/".join(parts) + tail
    for length in (1, 2)
    for parts in product(TEXTS, repeat=length)
    for tail in ("", "/", "/a", "/1", "/1/a.x", "//")
]
SPLIT = [(path, path.split("/")[1:]) for path in PATHS]
HOSTS = ["www.x.org", "n1.x.org", "7.x.org", "Acme.b.org:80", "www.b.org", "www.z.org", "y.org"]
ASKED = [None, *HOSTS]


@cache
def matched(path: str) -> frozenset[str]:
    pattern = pattern_of(path)
    return frozenset(path for path, segments in SPLIT if pattern.read(segments) is not None)


@cache
def matched_hosts(host: str | None) -> frozenset[str | None]:
    if host is None:
        return frozenset(ASKED)
    route = LinearRoute("/", None, host)
    return frozenset(each for each in HOSTS if route.read([""], each) is not None)


def crosses(new: LinearRoute, old: LinearRoute) -> bool:
    """Whether the two may not stand together, found out by trying all the paths and hosts."""
    if not new.answered() & old.answered():
        return False
    one, other = matched_hosts(new.host), matched_hosts(old.host)
    if one == other:
        return any(paths_cross(new, old, a, b) for a in new.paths for b in old.paths)
    if one < other or one > other or not one & other:
        return False
    return any(matched(a) & matched(b) for a in new.paths for b in old.paths)


def paths_cross(new: LinearRoute, old: LinearRoute, path: str, old_path: str) -> bool:
    one, other = matched(path), matched(old_path)
    if not one & other:
        return False
    if one == other:
        if new.methods is None or old.methods is None:
            return new.methods is old.methods
        return bool(set(new.methods) & set(old.methods))
    return bool(one - other) and bool(other - one)


SEGMENTS = [
    "a", "b", "c", "1", "{N}", "{N}", "{N:str}", "{N:int}", "{N:float}", "{N:re([ab]+)}",
    "{N}.x", "a{N}", "a-{N:int}", "{N:int}-{M:int}", "{N:re([ab]+)}.{M:int}", "{N:date}",
    "{N:uuid}",
]  # fmt: skip
TAILS = ["", "", "", "/", "/{rest:path}", "/{rest:path?}", "/{last?}", "/{last:int?}"]
METHODS: list[Methods] = [
    ("GET",), ("GET",), ("POST",), ("HEAD",), ("GET", "POST"), ("OPTIONS",), None,
]  # fmt: skip
HOST_PATTERNS = [
    *[None] * 6, "www.x.org", "{h}.x.org", "{k}.x.org", "{h:int}.x.org", "n{h}.X.org", "{h}.b.org",
    "www.{h}.org", "{h}.{k}",
]  # fmt: skip
PREFIXES = ["", "/a", "/{prefix}", "/{prefix:int}", "/{prefix:re([ab]+)}.x"]


@st.composite
def patterns(draw: st.DrawFn, most: int) -> str:
    parts = draw(st.lists(st.sampled_from(SEGMENTS), min_size=0, max_size=most))
    tail = draw(st.sampled_from(TAILS))
    named = (p.replace("N", f"n{i}").replace("M", f"m{i}") for i, p in enumerate(parts))
    return "".join(f"/{part}" for part in named) + tail


def routes(most: int, hosts: list[str | None]) -> st.SearchStrategy[list[Added]]:
    route = st.tuples(patterns(most), st.sampled_from(METHODS), st.sampled_from(hosts))
    return st.lists(route, min_size=1, max_size=7)


slashes = st.sampled_from(["strict", "redirect", "ignore"])
policies = st.fixed_dictionaries({"trailing_slash": slashes, "answer_options": st.booleans()})
odd_paths = st.one_of(
    st.text("ab1/.%x-2FfC3é\\", max_size=12).map(lambda text: f"/{text}"),
    st.text(max_size=8),
    st.sampled_from([path.replace("a", "%61").replace("x", "%2F") for path in PATHS]),
)


def answer(router: Router[Any], method: str, path: str, host: str | None) -> Answer:
    same = router.find(method, path, host)
    try:
        found = router.match(method, path, host)
    except RoutingError as error:
        assert same is None
        if isinstance(error, Redirect):
            return error.status, error.location
        if isinstance(error, MethodNotAllowed | AutomaticOptions):
            return error.status, error.allowed
        return error.status
    assert same is not None
    assert (same.route, same.params) == (found.route, found.params)
    return (found.pattern, found.route.methods, found.route.host), found.params


def check_explanation(router: Router[Any], method: str, path: str) -> None:
    """What it tells comes from reading each pattern alone, so it must agree with the table."""
    told = router.explain(method, path)
    chosen = [step for step in told.steps if "and is the most specific" in step]
    if told.match is None:
        assert not chosen
        assert (" but answers only " in str(told)) == isinstance(
            told.error, MethodNotAllowed | AutomaticOptions
        )
    else:
        assert len(chosen) == 1
        assert f"with {told.match.params}," in chosen[0] or not told.match.params


def try_add(router: Router[Any], linear: LinearRouter, added: Added) -> bool:
    """Add a route to both, or see that both refuse it."""
    path, methods, host = added
    new = LinearRoute(path, tuple(sorted(methods)) if methods else None, host)
    conflict = linear.conflicts(new)
    try:
        router.add_route(path, None, methods, host=host)
    except RouteConflict:
        assert conflict, added
        return False
    assert not conflict, added
    linear.routes.append(new)
    return True


def compare(
    routers: Iterable[Router[Any]], linear: LinearRouter, paths: list[str], random: Any
) -> None:
    for path in paths:
        host = random.choice(ASKED)
        for method in ("GET", "HEAD", "POST", "OPTIONS", "OTHER"):
            expected = linear.match(method, path, host)
            for router in routers:
                assert answer(router, method, path, host) == expected, (method, path, host)


SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
randoms = st.randoms(use_true_random=False)


def test_the_contract() -> None:
    check_router(Router)


def test_the_obvious_router_keeps_it_too() -> None:
    few = "it knows one regular expression, and no braces"
    unread = "it is given only what is well formed"
    tried_out = "it finds conflicts only among the paths that are tried out here"
    declined = {
        "regular expression": few,
        "several parameters in a segment": few,
        "braces": few,
        "malformed patterns": unread,
        "malformed methods": unread,
        "slow regular expressions": unread,
        "the same shape": tried_out,
        "crossing": tried_out,
        "crossing with HEAD through GET": tried_out,
    }
    check_router(ContractedRouter, declined=declined)


@SETTINGS
@given(routes(2, HOST_PATTERNS), policies, st.lists(odd_paths, max_size=8), randoms)
def test_same_as_the_obvious_router(
    added: list[Added], policy: dict[str, Any], odd: list[str], random: Any
) -> None:
    router, linear = Router[Any](**policy), LinearRouter(**policy)
    kept = [each for each in added if try_add(router, linear, each)]
    random.shuffle(kept)
    shuffled: Router[Any] = Router(**policy)
    for path, methods, host in kept:
        shuffled.add_route(path, None, methods, host=host)
    compare((router, shuffled), linear, random.sample(PATHS, 30) + odd, random)
    if policy["trailing_slash"] == "strict":
        for path in odd:
            check_explanation(router, "GET", path)


@SETTINGS
@given(
    routes(2, [None]),
    routes(1, [None]),
    st.sampled_from(PREFIXES),
    st.sampled_from(HOST_PATTERNS),
    policies,
    randoms,
)
def test_included_routes_are_as_if_written_with_the_prefix(
    own: list[Added],
    inner: list[Added],
    prefix: str,
    host: str | None,
    policy: dict[str, Any],
    random: Any,
) -> None:
    router, linear = Router[Any](**policy), LinearRouter(**policy)
    child, alone = Router[Any](), LinearRouter()
    for each in own:
        try_add(router, linear, each)
    before = random.randint(0, len(inner))
    for each in inner[:before]:
        try_add(child, alone, each)
    placed = [LinearRoute(prefix + r.path, r.methods, host) for r in alone.routes]
    # Apart as they are, "" and "/{last?}" meet under a prefix.
    conflict = any(map(linear.conflicts, placed)) or any(starmap(crosses, combinations(placed, 2)))
    try:
        router.include(prefix, child, host=host)
    except RouteConflict:
        assert conflict
    else:
        assert not conflict
        linear.routes += placed
        for path, methods, _ in inner[before:]:
            new = LinearRoute(path, tuple(sorted(methods)) if methods else None, None)
            as_placed = LinearRoute(prefix + path, new.methods, host)
            conflict = alone.conflicts(new) or linear.conflicts(as_placed)
            try:
                child.add_route(path, None, methods)
            except RouteConflict:
                assert conflict, path
                continue
            assert not conflict, path
            alone.routes.append(new)
            linear.routes.append(as_placed)
    paths = random.sample(PATHS, 30)
    compare((router,), linear, paths, random)
    compare((child,), alone, paths, random)
