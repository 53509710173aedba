"""The session as a handler holds it."""

import pytest
from drystone_auth import MalformedText, Session
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def test_it_is_a_mapping() -> None:
    session = Session(None, {"a": "1", "b": "2"})
    session["c"] = 3
    session["a"] = 9
    del session["b"]

    assert dict(session) == {"a": 9, "c": 3}
    assert len(session) == 2
    assert "b" not in session
    assert session.get("b") is None
    assert session.pop("c") == 3
    assert session.setdefault("d", []) == []


def test_missing_names_are_key_errors() -> None:
    session = Session(None, {"a": "1"})
    del session["a"]

    for name in ("a", "b"):
        with pytest.raises(KeyError):
            session[name]
        with pytest.raises(KeyError):
            del session[name]


def test_reading_changes_nothing() -> None:
    session = Session(None, {"a": '{"b":[1,2]}'})

    assert session["a"] == {"b": [1, 2]}
    assert session.changes == {}


def test_setting_what_is_there_already_changes_nothing() -> None:
    session = Session(None, {"a": "1"})
    session["a"] = 1

    assert session.changes == {}


def test_a_change_inside_a_value_is_noticed() -> None:
    session = Session(None, {"a": "[1]"})
    session["a"].append(2)

    assert session.changes == {"a": "[1,2]"}


def test_set_and_removed_names_are_the_changes() -> None:
    session = Session(None, {"a": "1", "b": "2"})
    del session["a"]
    session["n"] = None
    session["gone"] = 1
    del session["gone"]

    assert session.changes == {"a": None, "n": "null"}


def test_a_removed_name_can_be_set_again() -> None:
    session = Session(None, {"a": "1"})
    del session["a"]
    session["a"] = 2

    assert session.changes == {"a": "2"}
    assert list(session) == ["a"]


def test_what_is_saved_is_no_change_any_more() -> None:
    session = Session(None, {"a": "1", "b": "2"})
    session["a"] = [1]
    del session["b"]
    session._saved(session.changes)

    assert session.changes == {}
    assert dict(session) == {"a": [1]}
    session["a"].append(2)
    assert session.changes == {"a": "[1,2]"}


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", float("nan"), float("inf")])
def test_what_is_not_json_is_refused_where_it_is_set(value: object) -> None:
    session = Session()

    with pytest.raises(TypeError, match=r"session\['cart'\] cannot be stored as JSON"):
        session["cart"] = value


def test_names_are_strings() -> None:
    with pytest.raises(TypeError, match="names are str, not int"):
        Session()[1] = "x"  # type: ignore[index]


def test_values_stay_out_of_the_repr() -> None:
    session = Session(None, {"card": '"4111"'})
    session["pin"] = "1234"

    assert repr(session) == "<Session unsaved user=None names=['card', 'pin']>"


@settings(max_examples=40)
@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_json_comes_back(values: dict[str, object]) -> None:
    session = Session()
    session.update(values)
    stored = {name: text for name, text in session.changes.items() if text is not None}

    assert dict(Session(None, stored)) == values


def test_a_name_is_text() -> None:
    session = Session()

    with pytest.raises(MalformedText):
        session["\ud800"] = 1
    assert session.changes == {}


def test_a_value_may_hold_what_json_may_hold() -> None:
    session = Session()
    session["typed"] = "\ud800"

    assert session.changes == {"typed": '"\\ud800"'}
