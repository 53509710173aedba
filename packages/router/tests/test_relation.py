import re
from itertools import product

import pytest
from drystone_router._ambiguity import ways_of
from drystone_router._automaton import Unprovable
from drystone_router._relation import Relation, compare_languages
from hypothesis import given, settings
from hypothesis import strategies as st

ORDER = {
    Relation.EQUAL: Relation.EQUAL,
    Relation.SUBSET: Relation.SUPERSET,
    Relation.SUPERSET: Relation.SUBSET,
    Relation.DISJOINT: Relation.DISJOINT,
    Relation.CROSSING: Relation.CROSSING,
}


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("[a-z]+", "[a-z][a-z]*", Relation.EQUAL),
        ("[a-z]{2}", "[a-z]+", Relation.SUBSET),
        ("[0-9]+", "[a-z]+", Relation.DISJOINT),
        ("[a-m]+", "[h-z]+", Relation.CROSSING),
        ("a[ab]*", "[ab]*b", Relation.CROSSING),
    ],
)
def test_how_languages_lie(left: str, right: str, relation: Relation) -> None:
    assert compare_languages(left, right).relation is relation
    assert compare_languages(right, left).relation is ORDER[relation]
    assert relation.reversed() is ORDER[relation]


def test_a_shared_text_is_found() -> None:
    example = compare_languages("[a-z]+-x", "q-[a-z]+").example
    assert example == "q-x"


def test_what_takes_too_long_to_compare_is_crossing() -> None:
    left, right = "[ab]*a[ab]{11}", "[ab]*b[ab]{11}"
    assert compare_languages(left, right).relation is Relation.CROSSING
    assert compare_languages("[ab]*a[ab]{12}", "[ab]*a[ab]{12}c").relation is Relation.CROSSING


def test_relations_of_sequences() -> None:
    for relation in Relation:
        assert Relation.EQUAL.then(relation) is relation
        assert relation.then(Relation.EQUAL) is relation
        assert relation.then(relation) is relation
        assert relation.then(Relation.DISJOINT) is Relation.DISJOINT
    assert Relation.SUBSET.then(Relation.SUPERSET) is Relation.CROSSING
    assert Relation.CROSSING.then(Relation.SUBSET) is Relation.CROSSING


words = st.sampled_from(["a", "b", "[ab]", "a+", "b*", "[ab]+", "(?:ab)+", "a?", "c"])
# Long enough for each of three words to be taken twice: a text that only one side accepts is there.
TEXTS = {"".join(parts) for n in range(7) for parts in product(("ab", "a", "b", "c"), repeat=n)}


@settings(max_examples=150, deadline=None)
@given(st.lists(words, min_size=1, max_size=3), st.lists(words, min_size=1, max_size=3))
def test_the_relation_is_that_of_the_texts(left: list[str], right: list[str]) -> None:
    one, other = "".join(left), "".join(right)
    try:
        ways_of(one), ways_of(other)
    except Unprovable:
        return
    mine = {text for text in TEXTS if re.fullmatch(one, text)}
    theirs = {text for text in TEXTS if re.fullmatch(other, text)}
    relation = compare_languages(one, other).relation
    if relation is Relation.DISJOINT:
        assert not mine & theirs
    elif relation is Relation.EQUAL:
        assert mine == theirs
    elif relation is Relation.SUBSET:
        assert mine <= theirs
    elif relation is Relation.SUPERSET:
        assert mine >= theirs
    else:
        assert mine & theirs
        assert mine - theirs
        assert theirs - mine
