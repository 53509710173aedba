"""Limits refuse what no comparison could be made with."""

import sys

import pytest
from drystone_parser import Limits


def test_no_limit_has_a_number() -> None:
    assert Limits(body=sys.maxsize).body == sys.maxsize
    with pytest.raises(
        ValueError, match=r"limit body None is not .* for no limit give sys\.maxsize"
    ):
        Limits(body=None)  # type: ignore[arg-type]  # the mistake that is meant


def test_a_limit_is_not_negative() -> None:
    with pytest.raises(ValueError, match="limit fields -1"):
        Limits(fields=-1)
