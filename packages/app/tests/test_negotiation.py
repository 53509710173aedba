from typing import Any

import pytest
from drystone._negotiation import best_match
from hypothesis import given, settings
from hypothesis import strategies as st

JSON, HTML = "application/json", "text/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        ("*/*", (JSON, HTML), JSON),
        (BROWSER, (JSON, HTML), HTML),
        ("application/json", (HTML, JSON), JSON),
        ("text/*;q=0.3, text/html;q=0.7", ("text/plain", HTML), HTML),
        ("text/html;q=0, */*", (HTML, JSON), JSON),
        (
            "text/html;level=1, text/html;q=0.4",
            ("text/html", "text/html;level=1"),
            "text/html;level=1",
        ),
        ("text/html;level=2;q=0.4;ext=1", ("text/html; level=2",), "text/html; level=2"),
        ("image/png", (JSON, HTML), None),
        ("", (JSON, HTML), JSON),
        (",", (), None),
        ("text/html;q=nonsense, application/json;q=0.1", (HTML, JSON), JSON),
        ("text/html;q=2, application/json;q=0.1", (HTML, JSON), JSON),
        ("TEXT/HTML", (HTML,), HTML),
    ],
)
def test_choices(accept: Any, offered: Any, chosen: Any) -> None:
    assert best_match(accept, offered) == chosen


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_any_field_value_gives_an_offer_or_none(accept: Any) -> None:
    assert best_match(accept, (JSON, HTML)) in (JSON, HTML, None)
