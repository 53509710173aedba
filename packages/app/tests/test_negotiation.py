from typing import Any

import pytest
from drystone._negotiation import best_coding, best_match, takes_plain
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


CODINGS = ("zstd", "br", "gzip")


@pytest.mark.parametrize(
    ("accepted", "chosen", "plain"),
    [
        ("", None, True),
        ("gzip", "gzip", True),
        ("GZip, deflate, br", "br", True),
        ("x-gzip", "gzip", True),
        ("gzip, deflate, br, zstd", "zstd", True),
        ("gzip;q=1.0, br;q=0.9", "gzip", True),
        ("gzip ; q=0.5 , br ; Q=0.6", "br", True),
        ("br;q=0, *", "zstd", True),
        ("zstd;q=0, br;q=0, *;q=0.1", "gzip", True),
        ("*", "zstd", True),
        ("*;q=0", None, False),
        ("gzip, *;q=0", "gzip", False),
        ("identity;q=0, *;q=0", None, False),
        ("identity, *;q=0", None, True),
        ("identity;q=0", None, False),
        ("identity;q=0, gzip", "gzip", False),
        ("identity", None, True),
        ("identity, gzip;q=0.5", None, True),
        ("identity;q=0.5, gzip;q=0.5", "gzip", True),
        ("gzip;q=0", None, True),
        ("gzip;q=nonsense", None, True),
        ("gzip;q=2", None, True),
        ("gzip;q=nan", None, True),
        ("gzip;q=0.2, gzip;q=0", "gzip", True),
        ("deflate, compress", None, True),
        (",, ;q=1", None, True),
    ],
)
def test_codings(accepted: str, chosen: str | None, plain: bool) -> None:
    assert best_coding(accepted, CODINGS) == chosen
    assert takes_plain(accepted) is plain


def test_no_coding_to_offer() -> None:
    assert best_coding("*", ()) is None


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from([*CODINGS, "identity", "*", "deflate"]), st.integers(0, 1000), max_size=6
    )
)
def test_no_coding_is_chosen_over_one_that_is_liked_better(weights: dict[str, int]) -> None:
    accepted = ", ".join(f"{name};q={weight / 1000}" for name, weight in weights.items())
    chosen = best_coding(accepted, CODINGS)
    quality = {name: weights.get(name, weights.get("*", 0)) for name in CODINGS}
    plain = weights.get("identity", 0)
    if chosen is None:
        assert all(weight == 0 or weight < plain for weight in quality.values())
    else:
        assert quality[chosen] == max(quality.values()) >= max(plain, 1)
    assert takes_plain(accepted) == (weights.get("identity", weights.get("*", 1)) > 0)


@settings(max_examples=200)
@given(st.text("gzipbr,;=q *.01x-", max_size=40))
def test_any_field_has_an_answer(accepted: str) -> None:
    assert best_coding(accepted, CODINGS) in (*CODINGS, None)
    assert takes_plain(accepted) in (True, False)
