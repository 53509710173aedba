"""The notes in a browser: forms, each answered by a redirect (post, redirect, get)."""

from drystone import Group, Request, Response, html, redirect

from .forms import NoteForm, check_note
from .identity import owner, signed_in, tell, told, user_name
from .pages import notes as pages
from .services import Services

note_pages = Group("/notes", guards=[signed_in])


@note_pages.get("")
async def show_list(request: Request[Services]) -> Response:
    """The list, or what the search finds."""
    query = request.query.get("q") or ""
    before = request.query.get("before") or ""
    found = await request.app.state.notes.find(
        owner(request), query, before=int(before) if before.isdecimal() else None
    )
    return html(pages.note_list(user_name(request), found, query=query, message=told(request)))


@note_pages.post("")
async def add(request: Request[Services]) -> Response:
    """Store a new note."""
    user, store = owner(request), request.app.state.notes
    form = await note_form(request)
    if form.errors:
        found = await store.find(user)
        page = pages.note_list(
            user_name(request), found, title=form.title, text=form.text, errors=form.errors
        )
        return html(page, 422)
    await store.add(user, form.title, form.text)
    tell(request, "The note is saved.")
    return redirect("/notes")


@note_pages.get("/{note_id:int}")
async def show(request: Request[Services], note_id: int) -> Response:
    """One note."""
    note = await request.app.state.notes.get(owner(request), note_id)
    return html(pages.note(user_name(request), note, message=told(request)))


@note_pages.get("/{note_id:int}/edit")
async def show_edit(request: Request[Services], note_id: int) -> Response:
    """The form that changes a note."""
    note = await request.app.state.notes.get(owner(request), note_id)
    return html(pages.edit(user_name(request), note.id, note.title, note.text))


@note_pages.post("/{note_id:int}")
async def change(request: Request[Services], note_id: int) -> Response:
    """Replace a note's title and text."""
    user, store = owner(request), request.app.state.notes
    form = await note_form(request)
    if form.errors:
        await store.get(user, note_id)  # somebody else's note is not found, whatever the form
        return html(
            pages.edit(user_name(request), note_id, form.title, form.text, form.errors), 422
        )
    await store.change(user, note_id, form.title, form.text)
    tell(request, "The changes are saved.")
    return redirect(f"/notes/{note_id}")


@note_pages.post("/{note_id:int}/delete")
async def delete(request: Request[Services], note_id: int) -> Response:
    """Delete a note for good."""
    note = await request.app.state.notes.delete(owner(request), note_id)
    tell(request, f"“{note.title}” is deleted.")
    return redirect("/notes")


async def note_form(request: Request[Services]) -> NoteForm:
    """The form of a note as it was sent, checked."""
    form = await request.form()
    return check_note(form.text("title"), form.text("text"))
