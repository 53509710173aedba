import pytest
from drystone_router._converters import BUILT_IN
from drystone_router._relation import Relation
from drystone_router._segment import Segment, compare
from drystone_router._syntax import parse


def segment(text: str) -> Segment:
    return parse(f"/{text}", BUILT_IN)[0].segments[0]


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("a", "a", Relation.EQUAL),
        ("a", "b", Relation.DISJOINT),
        ("a", "{x}", Relation.SUBSET),
        ("7", "{x:int}", Relation.SUBSET),
        ("a", "{x:int}", Relation.DISJOINT),
        ("2024-02-30", "{d:date}", Relation.DISJOINT),
        ("{x}", "{y:str}", Relation.EQUAL),
        ("{x:int}", "{y:float}", Relation.SUBSET),
        ("{x:int}", "{y:uuid}", Relation.DISJOINT),
        ("{x}.a", "{y}", Relation.SUBSET),
        ("{x}.a", "{y}.b", Relation.DISJOINT),
        ("a{x}", "b{y}", Relation.DISJOINT),
        ("a{x}", "ab{y}", Relation.SUPERSET),
        ("{x}.a", "{y}b.a", Relation.SUPERSET),
        ("a{x}", "{y}b", Relation.CROSSING),
        ("v{x:int}", "v{y}", Relation.SUBSET),
        ("{x:int}-{y:int}", "{z}", Relation.SUBSET),
        ("{x:int}-{y:int}", "{z:date}", Relation.DISJOINT),
        ("{x:re([0-9-]+)}", "{z:date}", Relation.SUPERSET),
    ],
)
def test_how_segments_lie(left: str, right: str, relation: Relation) -> None:
    assert compare(segment(left), segment(right)) is relation
    assert compare(segment(right), segment(left)) is relation.reversed()


def test_reading_and_writing() -> None:
    many = segment("v{major:int}.{minor:int}-{name:re([a-z]+)}")
    assert many.read("v1.20-x") == (1, 20, "x")
    assert many.write({"major": 1, "minor": 20, "name": "x"}) == "v1.20-x"
    assert not many.accepts("v1.20")
    with pytest.raises(ValueError, match="'minor': takes int, not 'x'"):
        many.write({"major": 1, "minor": "x", "name": "x"})
    assert segment("a").read("a") == ()
    assert segment("{x}.json").read("a.json.json") == ("a.json",)
    assert not segment("aba{x}aba").accepts("ababa")
