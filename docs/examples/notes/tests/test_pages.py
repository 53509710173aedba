"""The pages, without a server: what they escape, and that they are whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.files import File
from notes.forms import TEXT_MAX, TITLE_MAX, NoteForm, check_note
from notes.pages import accounts, errors, notes
from notes.pages.excerpt import EXCERPT, cut, marked
from notes.pages.html import Markup, html
from notes.pages.note import note as note_page
from notes.pages.note import size_in_words
from notes.store import Note, NotePage

WHEN = datetime(2026, 11, 2, 4, 7, tzinfo=UTC)
NASTY = "<script>alert(1)</script> & \"quoted\" 'too' </textarea></title>"
VOID = {"meta", "link", "input", "img", "br"}


def note(title: str = "Rye bread", text: str = "flour", later: int = 0) -> Note:
    return Note(7, title, text, WHEN, WHEN + timedelta(minutes=later))


FILE = File(1, "picture.PNG", 1_234_567, "stored")


class Reader(HTMLParser):
    """Checks that every tag is closed in order; keeps the elements and the text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def pages(value: str) -> dict[str, Markup]:
    """Every page with ``value`` wherever a person's text may stand."""
    found = NotePage([note(value, value, later=1)], before=7)
    form = NoteForm(value, value, {"title": value, "text": value})
    file = File(2, value, 10, "stored")
    return {
        "welcome": accounts.welcome(),
        "sign up": accounts.sign_up(value, {"name": value, "password": value}, message=value),
        "sign in": accounts.sign_in(value, error=value, message=value, following=value),
        "list": notes.note_list(value, found, message=value),
        "found": notes.note_list(value, found, query=value),
        "form with errors": notes.note_list(value, found, form=form),
        "empty": notes.note_list(value, NotePage([], None)),
        "nothing found": notes.note_list(value, NotePage([], None), query=value),
        "note": note_page(
            value, note(value, value, later=1), [FILE, file], message=value, error=value
        ),
        "edit": notes.edit(value, 7, form),
        "error": errors.error(404, user=value),
    }


PAGES = sorted(pages(""))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_whole_and_escapes(name: str) -> None:
    page = pages(NASTY)[name]
    reader = Reader(page)
    assert [each["src"] for each in reader.all("script")] == ["/static/notes.js"]
    assert NASTY not in page
    assert "alert(1)" in reader.text or name == "welcome"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_needs_an_exception_from_the_content_policy(name: str) -> None:
    reader = Reader(pages("plain")[name])
    assert reader.all("style") == []
    for tag, attributes in reader.elements:
        assert not {key for key in attributes if key == "style" or key.startswith("on")}, tag


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_label_and_every_reference_a_target(name: str) -> None:
    reader = Reader(pages("plain")[name])
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {each.get("for") for each in reader.all("label")}
    for tag in ("input", "textarea"):
        for control in reader.all(tag):
            if control.get("type") not in {"hidden", "checkbox"}:
                assert control["id"] in labelled, control
    for _, attributes in reader.elements:
        for key in ("aria-describedby", "aria-labelledby"):
            assert set((attributes.get(key) or "").split()) <= set(ids)
    assert len(reader.all("h1")) == 1


@pytest.mark.parametrize(
    "build", [lambda v: notes.edit("ada", 7, NoteForm(v, v)), lambda v: accounts.sign_up(v)]
)
def test_a_form_shows_again_what_was_typed(build: Callable[[str], Markup]) -> None:
    reader = Reader(build(NASTY))
    assert NASTY in [each.get("value") for each in reader.all("input")]


def test_a_text_that_begins_with_a_line_feed_keeps_it() -> None:
    assert "<textarea " in (page := notes.edit("ada", 7, NoteForm("title", "\nfirst")))
    assert ">\n\nfirst</textarea>" in page


def test_an_error_is_tied_to_its_field() -> None:
    reader = Reader(notes.edit("ada", 7, check_note("", "")))
    control = next(each for each in reader.all("input") if each["id"] == "title")
    assert (control["aria-invalid"], control["aria-describedby"]) == ("true", "title-error")
    assert "Give the note a title." in reader.text


def test_the_change_is_told_only_if_there_was_one() -> None:
    assert ", changed" in note_page("ada", note(later=1))
    assert ", changed" not in note_page("ada", note())


def test_a_time_is_told_in_words_and_for_machines() -> None:
    assert (
        '<time datetime="2026-11-02T04:07:00+00:00">2 November 2026, 04:07 UTC</time>'
        in note_page("ada", note())
    )


def test_the_link_to_older_notes_keeps_the_search() -> None:
    page = notes.note_list("ada", NotePage([note()], before=7), query="rye & co")
    assert 'href="/notes?before=7&amp;q=rye+%26+co"' in page


@pytest.mark.parametrize(
    ("status", "text"), [(404, "nothing here"), (418, "no sense"), (503, "our fault")]
)
def test_every_status_has_a_page(status: int, text: str) -> None:
    assert text in errors.error(status)


def test_found_words_are_marked_and_the_rest_is_escaped() -> None:
    assert marked("<b> Bread", ["bread", "b"]) == "&lt;<mark>b</mark>&gt; <mark>Bread</mark>"
    assert marked("a.b axb", ["a.b"]) == "<mark>a.b</mark> axb"
    assert marked("plain", []) == "plain"


@settings(max_examples=60, deadline=None)
@given(text=st.text(), words=st.lists(st.text(min_size=1), max_size=3))
def test_marking_changes_nothing_of_the_text(text: str, words: list[str]) -> None:
    assert (
        Reader(marked(text, words).replace("\r", "&#13;")).text == text.replace("\0", "\ufffd")
        or "\0" in text
    )


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=3 * EXCERPT), words=st.lists(st.text(min_size=1), max_size=2))
def test_a_cut_is_a_part_of_the_text(text: str, words: list[str]) -> None:
    part = cut(text, words)
    assert len(part) <= EXCERPT + 2
    assert part.strip("…") in text


def test_a_cut_shows_the_found_word() -> None:
    text = "x " * 300 + "needle" + " y" * 300
    part = cut(text, ["needle"])
    assert part.startswith("…")
    assert part.endswith("…")
    assert "needle" in part
    assert cut("short", ["needle"]) == "short"


def test_html_escapes_all_but_markup() -> None:
    values = {
        "text": '<&>"',
        "markup": Markup("<b>"),
        "nothing": None,
        "number": 3,
        "list": ["<", Markup("<i>")],
    }
    pieces = html("{text}|{markup}|{nothing}|{number}|{list}", **values)
    assert pieces == "&lt;&amp;&gt;&quot;|<b>||3|&lt;<i>"


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (1_234_567, "1.2 MB")],
)
def test_a_size_is_told_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_only_images_are_shown() -> None:
    page = note_page("ada", note(), [FILE, File(2, "evil.svg", 1, "x"), File(3, "a.html", 1, "y")])
    images = Reader(page).all("img")
    assert [each["src"] for each in images[1:]] == ["/notes/7/files/1"]


def test_a_note_is_checked_and_tidied() -> None:
    assert check_note("  Rye \n bread ", "one\r\ntwo").title == "Rye bread"
    assert check_note("t", "one\r\ntwo").text == "one\ntwo"
    assert check_note("t" * TITLE_MAX, "x" * TEXT_MAX).errors == {}
    assert set(check_note(" ", "x" * (TEXT_MAX + 1)).errors) == {"title", "text"}
    assert "121" in check_note("t" * (TITLE_MAX + 1), "").errors["title"]


def test_a_cut_begins_with_a_whole_word() -> None:
    text = "several words " * 40 + "needle" + " more words" * 40
    assert cut(text, ["needle"]).removeprefix("…").startswith(("several ", "words "))
