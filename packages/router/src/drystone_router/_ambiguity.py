"""How many ways a backtracking matcher can have open at once, over every possible text.

A matcher that tries its ways one after the other takes at most (ways open) steps per character. If
that number is bounded for all texts, matching is linear; if it grows with the text (`.*a.*b`) it is
polynomial, and if it doubles (`(a+)+`) exponential. So the question is answered by walking all
texts at once: a state is the set of places reached, each with its number of ways, and there are
finitely many of these exactly when the number is bounded.
"""

from functools import lru_cache
from typing import NamedTuple

from drystone_router._automaton import START, Unprovable, automaton_of, symbols

MAX_WAYS = 20
MAX_STATES = 4000


class Ways(NamedTuple):
    """The most ways open after any text, and the most ways in which one text is a whole match."""

    open: int
    accepting: int


@lru_cache(maxsize=1024)
def ways_of(pattern: str) -> Ways:
    """Count the ways of a regular expression.

    Raises:
        Unprovable: there is no bound below MAX_WAYS, or it could not be shown.
    """
    automaton = automaton_of(pattern)
    alphabet = symbols(automaton)
    start = {START: 1}
    seen = {frozenset(start.items())}
    waiting = [start]
    most_open, most_accepting = 1, automaton.accepting(start)
    while waiting:
        state = waiting.pop()
        for symbol in alphabet:
            reached = automaton.step(state, symbol)
            key = frozenset(reached.items())
            if key in seen:
                continue
            seen.add(key)
            waiting.append(reached)
            most_open = max(most_open, sum(reached.values()))
            most_accepting = max(most_accepting, automaton.accepting(reached))
            if most_open > MAX_WAYS or len(seen) > MAX_STATES:
                raise Unprovable(
                    "some texts can be matched in so many ways that matching may take more than "
                    "linear time: make it clear at each character which part takes it"
                )
    return Ways(most_open, most_accepting)
