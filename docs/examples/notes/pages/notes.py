"""The list of notes with its form and its search, one note, and the form that changes it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from notes.forms import TEXT_MAX, TITLE_MAX
from notes.store import Note, NotePage

from .html import Markup, html
from .layout import field, moment, page, problem

EXCERPT = 220  # characters

LIST = """<div class="columns">
<section class="card compose" aria-labelledby="compose-heading">
<h1 id="compose-heading">New note</h1>
{form}
</section>
<section aria-labelledby="list-heading">
<div class="list-head">
<h2 id="list-heading">{heading}</h2>
<form class="search" role="search" action="/notes">
<label class="unseen" for="q">Search your notes</label>
<input id="q" name="q" type="search" value="{query}" placeholder="Search your notes"
 autocomplete="off">
<button class="quiet">Search</button>
</form>
</div>
{notes}
{older}
</section>
</div>"""
FORM = """{problem}<form method="post" action="{action}" class="stack">
{title}
{text}
<div class="actions"><button>{verb}</button>{cancel}</div>
</form>"""
ITEM = """<li class="card note">
<h3><a href="/notes/{id}">{title}</a></h3>
{excerpt}<p class="meta">{when}</p>
</li>"""
NOTE = """<article class="card reading">
<h1>{title}</h1>
<p class="meta">Written {created}{changed}</p>
{text}
</article>
<div class="actions spread">
<a class="button" href="/notes/{id}/edit">Edit</a>
<a class="plain" href="/notes">All notes</a>
<details class="danger">
<summary>Delete</summary>
<form method="post" action="/notes/{id}/delete">
<p>This cannot be undone.</p>
<button class="dangerous">Delete for good</button>
</form>
</details>
</div>"""
EMPTY = """<div class="empty"><p class="empty-title">{title}</p><p>{hint}</p></div>"""


def note_list(
    user: str, found: NotePage, *, query: str = "", title: str = "", text: str = "",
    errors: Mapping[str, str] | None = None, message: str | None = None,
) -> Markup:  # fmt: skip
    """The list, or what a search found, beside the form for a new note."""
    words = query.split()
    more = {"before": found.before, **({"q": query} if words else {})}
    body = html(
        LIST,
        form=_form("/notes", title, text, errors or {}, verb="Save note"),
        heading="Search results" if words else "Your notes",
        query=query,
        notes=_items(found, words),
        older=html(
            '<p class="more"><a class="plain" href="/notes?{q}" rel="next">Older notes</a></p>',
            q=urlencode(more),
        )
        if found.before is not None
        else None,
    )
    return page("Search" if words else "Your notes", body, user=user, at="/notes", message=message)


def note(user: str, shown: Note, *, message: str | None = None) -> Markup:
    """One note, to read."""
    body = html(
        NOTE,
        id=shown.id,
        title=shown.title,
        created=moment(shown.created),
        changed=html(", changed {when}", when=moment(shown.changed))
        if shown.changed != shown.created
        else None,
        text=html('<div class="text">{text}</div>', text=shown.text) if shown.text else None,
    )
    return page(shown.title, body, user=user, at="/notes", message=message, narrow=True)


def edit(
    user: str, note_id: int, title: str, text: str, errors: Mapping[str, str] | None = None
) -> Markup:
    """The form that changes a note."""
    form = _form(
        f"/notes/{note_id}", title, text, errors or {}, verb="Save changes", rows=14,
        cancel=html('<a class="plain" href="/notes/{id}">Cancel</a>', id=note_id),
    )  # fmt: skip
    body = html('<section class="card"><h1>Edit note</h1>{form}</section>', form=form)
    return page("Edit note", body, user=user, at="/notes", narrow=True)


def _form(
    action: str,
    title: str,
    text: str,
    errors: Mapping[str, str],
    *,
    verb: str,
    rows: int = 7,
    cancel: Markup | None = None,
) -> Markup:
    title_rules = html('required maxlength="{max}" autocomplete="off"', max=TITLE_MAX)
    text_rules = html('maxlength="{max}"', max=TEXT_MAX)
    return html(
        FORM,
        action=action,
        problem=problem("The note was not saved." if errors else None),
        title=field("Title", "title", title, error=errors.get("title"), attributes=title_rules),
        text=field(
            "Text", "text", text, rows=rows, error=errors.get("text"), attributes=text_rules
        ),
        verb=verb,
        cancel=cancel,
    )


def _items(found: NotePage, words: list[str]) -> Markup:
    if found.notes:
        return html(
            '<ol class="notes" id="notes">{items}</ol>',
            items=(_item(each, words) for each in found.notes),
        )
    if words:
        return html(
            EMPTY,
            title="Nothing found",
            hint=html('No note holds all of these words. <a href="/notes">Show all notes</a>'),
        )
    return html(EMPTY, title="No notes yet", hint="Write the first one: it will appear here.")


def _item(shown: Note, words: list[str]) -> Markup:
    excerpt = marked(cut(shown.text, words), words)
    return html(
        ITEM,
        id=shown.id,
        title=marked(shown.title, words),
        excerpt=html('<p class="excerpt">{text}</p>', text=excerpt) if excerpt else None,
        when=moment(shown.created),
    )


def cut(text: str, words: list[str]) -> str:
    """The part of a text that a list shows: its beginning, or where the first found word stands."""
    if len(text) <= EXCERPT:
        return text
    found = _pattern(words).search(text) if words else None
    start = max(0, found.start() - EXCERPT // 4) if found else 0
    return (
        ("…" if start else "")
        + text[start : start + EXCERPT].strip()
        + ("…" if start + EXCERPT < len(text) else "")
    )


def marked(text: str, words: list[str]) -> Markup:
    """The text with each found word marked."""
    if not words:
        return html("{text}", text=text)
    pieces = _pattern(words).split(text)  # plain, found, plain, found, ..., plain
    return html(
        "{pieces}",
        pieces=(html("<mark>{p}</mark>", p=p) if n % 2 else p for n, p in enumerate(pieces)),
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
