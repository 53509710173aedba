import pytest
from drystone import Key, State


def test_typed_keys() -> None:
    user: Key[str] = Key("user")
    other: Key[str] = Key("user")
    state = State()
    assert user not in state
    assert state.get(user) is None
    assert state.get(user, "nobody") == "nobody"
    state[user] = "ada"
    assert state[user] == "ada"
    assert user in state
    with pytest.raises(KeyError, match=r"Key\('user'\)"):
        state[other]


def test_plain_attributes() -> None:
    state = State(started=1.5)
    state.stopped = 2.5
    assert (state.started, state.stopped) == (1.5, 2.5)
    with pytest.raises(AttributeError, match=r"state\.missing"):
        _ = state.missing
