"""What is said of a route by hand."""

from typing import Any

import pytest
from drystone.openapi import Doc


def test_what_is_nearer_wins() -> None:
    inner = Doc(summary="one", tags=["inner"], responses={404: int, 409: str})
    outer = Doc(summary="all", tags=["outer"], responses={404: None, 410: None}, security=["key"])

    doc = inner.within(outer)

    assert (doc.summary, doc.tags, doc.security) == ("one", ["inner"], ["key"])
    assert doc.responses == {404: int, 409: str, 410: None}
    assert not doc.deprecated
    assert not doc.hidden


def test_none_needed_is_not_nothing_said() -> None:
    assert Doc(security=()).within(Doc(security=["key"])).security == ()


def test_whole_groups_are_deprecated_or_hidden() -> None:
    doc = Doc(summary="x").within(Doc(deprecated=True, description="of the group")).within(Doc())

    assert doc.deprecated
    assert not doc.description
    assert Doc().within(Doc(hidden=True)).hidden


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"tags": "notes"}, r"Doc\(tags=\.\.\.\) takes several: write \['notes'\]"),
        ({"security": "key"}, r"Doc\(security=\.\.\.\) takes several"),
        ({"responses": {"404": None}}, "100 to 599, not '404'"),
        ({"responses": {99: None}}, "100 to 599, not 99"),
    ],
)
def test_mistakes_fail_where_they_are_made(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises((TypeError, ValueError), match=complaint):
        Doc(**given)
