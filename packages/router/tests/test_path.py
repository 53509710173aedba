from urllib.parse import quote

import pytest
from drystone_router._path import PathError, decode, read_path
from hypothesis import given
from hypothesis import strategies as st


@given(st.text())
def test_decoding_undoes_encoding(text: str) -> None:
    try:
        encoded = quote(text, safe="")
    except UnicodeEncodeError:  # a lone surrogate has no encoding
        return
    assert decode(encoded) == text


@given(st.text("/%2eEfF.a0", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        segments = read_path(text).segments
    except PathError:
        return
    assert len(segments) == text.count("/")
    assert not {".", ".."} & set(segments)


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("", []),
        ("/", [""]),
        ("/a/", ["a", ""]),
        ("//", ["", ""]),
        ("/a%2Fb/c", ["a/b", "c"]),
        ("/%2541", ["%41"]),
        ("/%C3%A9é", ["éé"]),
        ("/...", ["..."]),
        ("/+", ["+"]),
        ("/%00", ["\0"]),
    ],
)
def test_segments(path: str, segments: list[str]) -> None:
    assert read_path(path).segments == segments


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a", "start"),
        ("*", "start"),
        ("/%", "malformed.*'%'"),
        ("/a%4", "'%4'"),
        ("/%zz9", "'%zz'"),
        ("/%FF", "UTF-8"),
        ("/%ED%A0%80", "UTF-8"),
        ("/.", "dot"),
        ("/a/..", "dot"),
        ("/%2e%2E/", "dot"),
        ("/a%2F..%2Fb", "dot"),
    ],
)
def test_reasons(path: str, reason: str) -> None:
    with pytest.raises(PathError, match=reason):
        read_path(path)


def test_plain_text_is_taken_as_it_is() -> None:
    assert read_path("/50%/../x", encoded=False).segments == ["50%", "..", "x"]
    assert read_path("/a/b/c").rest(1) == "b/c"
