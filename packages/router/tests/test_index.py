from itertools import product

from drystone_router._converters import BUILT_IN
from drystone_router._index import Entry, Index
from drystone_router._pattern import Pattern, compare_patterns
from drystone_router._relation import Relation
from drystone_router._route import Route
from drystone_router._syntax import parse

SEGMENTS = ["a", "1", "{N}", "{N:int}", "{N}.x"]


def every_pattern() -> list[Pattern]:
    """Every kind of pattern up to three segments."""
    texts = [
        "/" + "/".join(part.replace("N", f"n{i}") for i, part in enumerate(parts)) + tail
        for length in (1, 2, 3)
        for parts in product(SEGMENTS if length < 3 else SEGMENTS[1:4], repeat=length)
        for tail in ("", "/", "/{r:path}")
    ]
    return [pattern for text in ["", "/", "/{r:path}", *texts] for pattern in parse(text, BUILT_IN)]


def entry(pattern: Pattern) -> Entry[str]:
    route = Route(pattern.text, "", ("GET",), None, None, {}, "", (pattern,), None)
    return Entry(route, pattern)


def test_the_index_finds_what_comparing_all_finds() -> None:
    patterns = every_pattern()
    index: Index[str] = Index()
    for pattern in patterns:
        index.add(entry(pattern))
    for new in patterns:
        expected = {old.text: compare_patterns(new, old) for old in patterns}
        overlapping = {text: r for text, r in expected.items() if r is not Relation.DISJOINT}
        found = {old.pattern.text: r for old, r in index.overlapping(new, contained=True)}
        assert found == overlapping
        found = {old.pattern.text: r for old, r in index.overlapping(new)}
        needed = {t: r for t, r in overlapping.items() if r is not Relation.SUPERSET}
        assert needed.items() <= found.items() <= overlapping.items()


def test_what_is_removed_is_found_no_more() -> None:
    index: Index[str] = Index()
    (pattern,) = parse("/a/{b}", BUILT_IN)
    mine, other = entry(pattern), entry(pattern)
    index.add(mine)
    index.add(other)
    index.remove(mine)
    assert [e.route for e, _ in index.overlapping(pattern)] == [other.route]
