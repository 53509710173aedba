import re
import time

import pytest
from drystone_router._ambiguity import MAX_WAYS, ways_of
from drystone_router._automaton import Unprovable, automaton_of
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "[a-z]+",
        "[a-z0-9-]{1,64}",
        r"\d{4}-\d{2}",
        "en|es|de",
        ".*\\.json",
        "[^/]+",
        "[^a]b?",
        "[a-z]+(-[a-z]+)*",
        r"(\d{1,3}\.){3}\d{1,3}",
        "(?:ab){2,}",
        "a??b",
        "(?>ab)c",
        "a++b",
        r"[\w.]+@\w+",
        "(?P<x>a)b",
        r"\D\S\W",
        "[a-z]*[0-9]",
        "",
        "a{0}",
        "[^\\x00-\\U0010ffff]?a",
        "x(?:a|b|)y",
    ],
)
def test_linear_expressions_pass(pattern: str) -> None:
    ways = ways_of(pattern)
    assert 1 <= ways.open <= MAX_WAYS


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*",
        "(a|a)*b",
        "(a|aa)+b",
        "([a-z]+)*x",
        r"(\w+\s?)*",
        "(a?){30}",
        "(.*)*",
        "(a|b|ab)*c",
        r"(\d+)*$",
        "((ab)*)*",
        "(x+x+)+y",
        "(a+b?)+",
        "(?:a+){2,}",
        "(a|b?)+",
        "(a*?)*?",
    ],
)
def test_exponential_expressions_are_refused(pattern: str) -> None:
    with pytest.raises(Unprovable):
        ways_of(pattern)


@pytest.mark.parametrize(
    "pattern", ["a*a*b", ".*a.*b", r"\s*\w*\s*\w*x\w*", "[a-z]*[a-z0-9]*y", "(a?){40}a{40}", ".*.*"]
)
def test_polynomial_expressions_are_refused_too(pattern: str) -> None:
    with pytest.raises(Unprovable):
        ways_of(pattern)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a)\1", "groupref"),
        ("(?=a)b", "assert"),
        ("^a", "at"),
        (r"a\b", "at"),
        ("(?i)a", "flags"),
        ("(?i:a)", "flags"),
        ("[", "malformed"),
        ("(a{50}){10}", "positions"),
        ("a{500}", "more than 400 times"),
        ("(a?)*", "empty"),
        ("(" * 2000 + "a" + ")" * 2000, "malformed"),
    ],
)
def test_what_has_no_proof_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(Unprovable, match=why):
        automaton_of(pattern)


def test_a_proof_that_would_take_too_long_is_refused() -> None:
    with pytest.raises(Unprovable):
        ways_of("[ab]*a[ab]{14}")


pieces = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "."]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(pieces, st.text("ab", max_size=6))
def test_what_passes_accepts_what_re_accepts(pattern: str, text: str) -> None:
    """And so the automaton is that of the expression."""
    try:
        ways_of(pattern)
    except Unprovable:
        return
    automaton = automaton_of(pattern)
    ways = {0: 1}
    for character in text:
        ways = automaton.step(ways, ord(character))
    accepted = automaton.accepting(ways) > 0
    assert accepted == bool(re.fullmatch(pattern, text))


@settings(max_examples=60, deadline=None)
@given(pieces, st.sampled_from(["a", "ab", "b"]))
def test_what_passes_is_fast(pattern: str, pump: str) -> None:
    """A text that doubles may take twice as long; an exponential expression would never end
    here.
    """
    try:
        ways_of(pattern)
    except Unprovable:
        return
    fullmatch = re.compile(pattern).fullmatch
    start = time.process_time()
    fullmatch(pump * 2000 + "!")
    assert time.process_time() - start < 0.5
