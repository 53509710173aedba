"""The list of notes with its form and its search, one note, and the form that changes it."""

from urllib.parse import urlencode

from notes.forms import TEXT_MAX, TITLE_MAX, NoteForm
from notes.store import Note, NotePage

from .excerpt import cut, marked
from .html import Markup, html
from .layout import field, moment, page, problem

EMPTY = NoteForm()

LIST = """<div class="columns{searching}">
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
<div id="list" data-revision="{revision}">{items}</div>
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
ITEMS = """<ol class="notes" id="notes">{items}</ol>
{older}"""
OLDER = '<p class="more"><a class="plain" href="/notes?{more}" rel="next">Older notes</a></p>'
NO_NOTES = Markup("""<div class="empty">
<p class="empty-title">No notes yet</p>
<p>Write the first one: it will appear here.</p>
</div>""")
NOTHING_FOUND = Markup("""<div class="empty">
<p class="empty-title">Nothing found</p>
<p>No note holds all of these words. <a href="/notes">Show all notes</a></p>
</div>""")


def note_list(
    user: str,
    found: NotePage,
    *,
    query: str = "",
    form: NoteForm = EMPTY,
    revision: str = "",
    message: str | None = None,
) -> Markup:
    """The list, or what a search found, beside the form for a new note."""
    words = query.split()
    body = html(
        LIST,
        form=_form("/notes", form, verb="Save note"),
        searching=" searching" if words else None,
        heading="Search results" if words else "Your notes",
        query=query,
        revision=revision,
        items=items(found, query),
    )
    return page("Search" if words else "Your notes", body, user=user, at="/notes", message=message)


def edit(user: str, note_id: int, form: NoteForm) -> Markup:
    """The form that changes a note."""
    cancel = html('<a class="plain" href="/notes/{id}">Cancel</a>', id=note_id)
    fields = _form(f"/notes/{note_id}", form, verb="Save changes", rows=14, cancel=cancel)
    body = html('<section class="card"><h1>Edit note</h1>{form}</section>', form=fields)
    return page("Edit note", body, user=user, at="/notes", narrow=True)


def _form(
    action: str, form: NoteForm, *, verb: str, rows: int = 7, cancel: Markup | None = None
) -> Markup:
    title_rules = html('required maxlength="{max}" autocomplete="off"', max=TITLE_MAX)
    text_rules = html('maxlength="{max}"', max=TEXT_MAX)
    wrong = form.errors.get
    return html(
        FORM,
        action=action,
        problem=problem("The note was not saved." if form.errors else None),
        title=field("Title", "title", form.title, error=wrong("title"), attributes=title_rules),
        text=field(
            "Text", "text", form.text, rows=rows, error=wrong("text"), attributes=text_rules
        ),
        verb=verb,
        cancel=cancel,
    )


def items(found: NotePage, query: str = "") -> Markup:
    """The notes of a list, or a word on why there are none."""
    words = query.split()
    if not found.notes:
        return NOTHING_FOUND if words else NO_NOTES
    return html(
        ITEMS,
        items=(_item(each, words) for each in found.notes),
        older=_older(found.before, query) if found.before is not None else None,
    )


def _older(before: int, query: str) -> Markup:
    more = urlencode({"before": before, **({"q": query} if query.strip() else {})})
    return html(OLDER, more=more)


def _item(shown: Note, words: list[str]) -> Markup:
    excerpt = marked(cut(shown.text, words), words)
    return html(
        ITEM,
        id=shown.id,
        title=marked(shown.title, words),
        excerpt=html('<p class="excerpt">{text}</p>', text=excerpt) if excerpt else None,
        when=moment(shown.created),
    )
