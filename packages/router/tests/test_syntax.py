import pytest
from drystone_router import RouteError
from drystone_router._converters import BUILT_IN
from drystone_router._pattern import Pattern
from drystone_router._syntax import parse, parse_host, parse_prefix
from hypothesis import given
from hypothesis import strategies as st


def one(text: str) -> Pattern:
    return parse(text, BUILT_IN)[0]


def test_pieces_of_a_segment() -> None:
    segment = one("/v{major:int}.{minor:int}-x").segments[0]
    assert segment.literals == ("v", ".", "-x")
    assert [(p.name, p.kind) for p in segment.parameters] == [("major", "int"), ("minor", "int")]


def test_optional_endings() -> None:
    assert [len(p.segments) for p in parse("/a/{id?}", BUILT_IN)] == [2, 1]
    assert [len(p.segments) for p in parse("/{id?}", BUILT_IN)] == [1, 1]
    assert [len(p.segments) for p in parse("/a/{r:path?}", BUILT_IN)] == [1, 1, 2]
    assert [len(p.segments) for p in parse("/{r:path?}", BUILT_IN)] == [0, 1]


def test_a_regular_expression_may_hold_what_else_means_something() -> None:
    pattern = one(r"/{a:re([A-Z]{2}[}\]/]\})}/{b}")
    assert pattern.segments[0].parameters[0].converter.pattern == r"[A-Z]{2}[}\]/]\}"
    assert len(pattern.segments) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a", "start with '/'"),
        ("/{", "offset 1 is never closed"),
        ("/a}", "offset 2 closes nothing"),
        ("/{}", "is no parameter"),
        ("/{1a}", "is no parameter"),
        ("/{a b}", "is no parameter"),
        ("/{a}/{a}", "'a' stands there twice"),
        ("/{a}-{a}", "twice"),
        ("/{a:foo}", "called 'foo'; there are date"),
        ("/users/<int:id>", "<int:id> is text here: write a parameter as {name}"),
        ("/<id>/x", "<id> is text here"),
        ("/a//b", "empty segment"),
        ("/../a", "dot segment"),
        ("/%41", "percent-escape %41"),
        ("/{a}%2f", "percent-escape"),
        ("/{r:path}/x", "whole last segment"),
        ("/x{r:path}", "whole last"),
        ("/{a}{r:path}", "whole last"),
        ("/{a?}/b", "optional"),
        ("/{a?}.x", "optional"),
        ("/{a}-{b}", "several ways"),
        ("/{a}{b}", "several ways"),
        ("/{a:re((x+)+)}", "linear time"),
        ("/{a:re(x*)}", "empty text"),
    ],
)
def test_messages(text: str, why: str) -> None:
    with pytest.raises(RouteError, match=why) as refused:
        one(text)
    assert repr(text) in str(refused.value)


def test_prefixes() -> None:
    assert parse_prefix("", BUILT_IN).segments == ()
    assert list(parse_prefix("/a/{b:int}", BUILT_IN).parameters) == ["b"]
    wrong = {"/a/": "ends with", "/{a?}": "optional", "/{a:path}": "path parameter"}
    for text, why in wrong.items():
        with pytest.raises(RouteError, match=why):
            parse_prefix(text, BUILT_IN)


def test_hosts() -> None:
    labels = parse_host("{t}.example.org", BUILT_IN).segments
    assert [label.static for label in labels] == [None, "example", "org"]
    assert list(parse_host("{t:re([a-z.]+)}.org", BUILT_IN).parameters) == ["t"]
    for text in ("", "a:80", "a..b", "a.", "*.b", "{t?}", "{t:path}", "{t?}.b"):
        with pytest.raises(RouteError, match="host"):
            parse_host(text, BUILT_IN)


@given(st.text("/{}ab:?re()[]+.-%4", max_size=15))
def test_any_text_is_a_pattern_or_an_error(text: str) -> None:
    try:
        patterns = parse(text, BUILT_IN)
    except RouteError:
        return
    assert patterns[0].text == text
