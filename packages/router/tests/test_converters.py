from datetime import datetime
from math import inf, nan
from typing import Any
from uuid import UUID

import pytest
from drystone_router import Converter, RouteError
from drystone_router._converters import BUILT_IN, DATE, FLOAT, INT, STR, UUID_, regex
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=50)
@given(st.data())
def test_built_in_converters_go_both_ways(data: st.DataObject) -> None:
    values: dict[str, st.SearchStrategy[Any]] = {
        "str": st.text(min_size=1),
        "path": st.text(min_size=1),
        "int": st.integers(0, 10**18 - 1),
        "float": st.floats(-1e17, 1e17).map(lambda x: round(x, 6)),
        "uuid": st.uuids(),
        "date": st.dates(),
    }
    for name, strategy in values.items():
        value = data.draw(strategy, name)
        assert BUILT_IN[name].read(BUILT_IN[name].write(value)) == value


@pytest.mark.parametrize(
    ("converter", "text"),
    [
        (INT, "٣"),
        (INT, "1" * 19),
        (INT, "1_0"),
        (INT, "+1"),
        (INT, "-1"),
        (INT, ""),
        (INT, "1\n"),
        (FLOAT, "nan"),
        (FLOAT, "1e3"),
        (FLOAT, "1" * 19),
        (DATE, "2023-02-30"),
        (DATE, "20230101"),
        (UUID_, "0" * 32),
        (STR, ""),
    ],
)
def test_texts_that_are_not_theirs(converter: Converter[Any], text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        converter.read(text)


@pytest.mark.parametrize(
    ("converter", "value"),
    [
        (INT, "1"),
        (INT, True),
        (INT, -1),
        (INT, 10**18),
        (INT, 1.0),
        (FLOAT, nan),
        (FLOAT, inf),
        (FLOAT, 1e300),
        (FLOAT, "1"),
        (FLOAT, True),
        (STR, 1),
        (STR, ""),
        (STR, None),
        (UUID_, "x"),
        (DATE, "2024-01-01"),
        (DATE, datetime(2024, 1, 1)),
    ],
)
def test_values_that_are_not_theirs(converter: Converter[Any], value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        converter.write(value)


def test_float_is_written_without_exponent() -> None:
    assert FLOAT.write(1e-7) == "0.0000001"
    assert FLOAT.write(1e16) == "10000000000000000"
    assert FLOAT.write(3) == "3"


def test_a_converter_of_ones_own() -> None:
    color = Converter(lambda text: int(text, 16), lambda value: f"{value:06x}", "[0-9a-f]{6}")
    assert color.read("00ff00") == 0xFF00
    assert color.write(0xFF00) == "00ff00"
    with pytest.raises(ValueError, match="does not match"):
        color.read("00FF00")
    with pytest.raises(ValueError, match="does not match"):
        color.write(-1)
    assert Converter(UUID, str).read("0" * 32) == UUID(int=0)


@pytest.mark.parametrize("pattern", ["(a+)+", "(", "a*", "(?i)a"])
def test_a_pattern_that_cannot_be(pattern: str) -> None:
    with pytest.raises(RouteError, match=r"regular expression"):
        Converter(str, str, pattern)


def test_a_regular_expression_is_one_converter() -> None:
    assert regex("[a-z]+") is regex("[a-z]+")
