"""Text that every store can keep."""

import pytest
from drystone_auth import AuthError, MalformedText
from drystone_auth._text import check_text, readable
from hypothesis import given
from hypothesis import strategies as st


@given(st.text())
def test_unicode_passes(text: str) -> None:
    check_text(text, None, 1.5, frozenset({"a"}))

    assert readable(text) == text


@given(st.text(), st.characters(categories=["Cs"]), st.text())
def test_a_lone_surrogate_is_refused(before: str, surrogate: str, after: str) -> None:
    with pytest.raises(MalformedText) as caught:
        check_text("fine", before + surrogate + after)

    assert caught.value.status == 400
    assert caught.value.reason == f"a text holds a lone surrogate at its character {len(before)}"
    assert isinstance(caught.value, AuthError)
    assert isinstance(caught.value, ValueError)
    assert readable(before + surrogate + after) == f"{before}?{after}"
