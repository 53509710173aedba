import pytest
from drystone_router._automaton import START, Unprovable, automaton_of, symbols


def test_positions_of_a_small_expression() -> None:
    automaton = automaton_of("[a-z]+-[0-9]")
    assert automaton.classes == ((), ((97, 122),), ((45, 45),), ((48, 57),))
    assert automaton.follow == ({1: 1}, {1: 1, 2: 1}, {3: 1}, {})
    assert automaton.final == {3: 1}


def test_ways_are_counted() -> None:
    automaton = automaton_of("a|a?")
    # The parser of `re` leaves the two apart, and so they are two ways.
    reached = automaton.step({START: 1}, ord("a"))
    assert sum(reached.values()) == 2
    assert automaton.accepting({START: 1}) == 1


def test_symbols_tell_classes_apart() -> None:
    assert symbols(automaton_of("[b-d]"), automaton_of("c")) == list(b"abcdx")


@pytest.mark.parametrize("pattern", ["a(?:){0,4000000}", "a{401,}", "(?:){500}"])
def test_counting_out_is_bounded(pattern: str) -> None:
    with pytest.raises(Unprovable, match="more than 400 times"):
        automaton_of(pattern)
