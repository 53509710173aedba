"""The notes in a browser: forms, each answered by a redirect (post, redirect, get)."""

from drystone import FormLimits, Group, Request, Response, event_stream, file, html, redirect

from .files import FILE_MAX, UPLOAD_MAX
from .forms import NoteForm, check_note
from .identity import in_person, owner, tell, told, user_name
from .pages import note as note_view
from .pages import notes as pages
from .services import Services
from .store import NotePage

FILES_MAX = 20  # on one note
LIMITS = FormLimits(parts=FILES_MAX + 1, file_size=FILE_MAX, total_size=UPLOAD_MAX)

note_pages = Group("/notes", guards=[in_person])


@note_pages.get("")
async def show_list(request: Request[Services], q: str = "", before: int | None = None) -> Response:
    """The list, or what the search finds."""
    found, revision = await search(request, q, before)
    page = pages.note_list(
        user_name(request), found, query=q, revision=revision, message=told(request)
    )
    return html(page)


@note_pages.post("")
async def add(request: Request[Services]) -> Response:
    """Store a new note."""
    form = await note_form(request)
    if form.errors:
        found, revision = await search(request)
        page = pages.note_list(user_name(request), found, form=form, revision=revision)
        return html(page, 422)
    await request.app.state.notes.add(owner(request), form.title, form.text)
    tell(request, "The note is saved.")
    return redirect("/notes")


@note_pages.get("/list")
async def show_list_alone(
    request: Request[Services], q: str = "", before: int | None = None
) -> Response:
    """The list without the page around it, for the script that keeps it fresh."""
    found, revision = await search(request, q, before)
    return html(pages.items(found, q), headers={"x-revision": revision})


@note_pages.get("/events")
async def follow(request: Request[Services]) -> Response:
    """The revisions of the list as they come (server-sent events)."""
    return event_stream(request.app.state.feed.follow(owner(request)))


@note_pages.get("/{note_id:int}")
async def show(request: Request[Services], note_id: int) -> Response:
    """One note."""
    return html(await note_page(request, note_id, message=told(request)))


@note_pages.get("/{note_id:int}/edit")
async def show_edit(request: Request[Services], note_id: int) -> Response:
    """The form that changes a note."""
    note = await request.app.state.notes.get(owner(request), note_id)
    form = NoteForm(note.title, note.text)
    return html(pages.edit(user_name(request), note_id, form))


@note_pages.post("/{note_id:int}")
async def change(request: Request[Services], note_id: int) -> Response:
    """Replace a note's title and text."""
    user, store = owner(request), request.app.state.notes
    form = await note_form(request)
    if form.errors:
        await store.get(user, note_id)  # somebody else's note is not found, whatever the form
        return html(pages.edit(user_name(request), note_id, form), 422)
    await store.change(user, note_id, form.title, form.text)
    tell(request, "The changes are saved.")
    return redirect(f"/notes/{note_id}")


@note_pages.post("/{note_id:int}/delete")
async def delete(request: Request[Services], note_id: int) -> Response:
    """Delete a note for good."""
    note = await request.app.state.delete_note(owner(request), note_id)
    tell(request, f"“{note.title}” is deleted.")
    return redirect("/notes")


@note_pages.post("/{note_id:int}/files")
async def attach(request: Request[Services], note_id: int) -> Response:
    """Hang files on a note."""
    user, state = owner(request), request.app.state
    await state.notes.get(user, note_id)  # before a foreign note costs an upload
    form = await request.form(LIMITS)
    chosen = [each for each in form.files() if each.filename]
    room = FILES_MAX - len(await state.files.of(user, note_id))
    if not chosen or len(chosen) > room:
        error = "Choose a file first." if not chosen else f"A note holds {FILES_MAX} files at most."
        return html(await note_page(request, note_id, error=error), 422)
    for each in chosen:
        await state.files.add(user, note_id, each.safe_name, each.size, each.save)
    tell(request, "The file is added." if len(chosen) == 1 else "The files are added.")
    return redirect(f"/notes/{note_id}")


@note_pages.get("/{note_id:int}/files/{file_id:int}")
async def download(request: Request[Services], note_id: int, file_id: int) -> Response:
    """A file as it was sent."""
    files = request.app.state.files
    found = await files.get(owner(request), note_id, file_id)
    return await file(
        request,
        files.folder / found.stored,
        content_type=found.media_type,
        filename=found.name,
        download=True,
        headers={"cache-control": "private, no-cache"},
    )


@note_pages.post("/{note_id:int}/files/{file_id:int}/delete")
async def detach(request: Request[Services], note_id: int, file_id: int) -> Response:
    """Take a file off a note."""
    gone = await request.app.state.files.delete(owner(request), note_id, file_id)
    tell(request, f"“{gone.name}” is removed.")
    return redirect(f"/notes/{note_id}")


async def search(
    request: Request[Services], q: str = "", before: int | None = None
) -> tuple[NotePage, str]:
    """What a search finds, and the revision that it finds at least."""
    user, state = owner(request), request.app.state
    revision = state.feed.revision(user)  # before the look, so that no change falls between
    return await state.notes.find(user, q, before=before), revision


async def note_page(
    request: Request[Services],
    note_id: int,
    *,
    message: str | None = None,
    error: str | None = None,
) -> str:
    """The page of a note with its files."""
    user, state = owner(request), request.app.state
    note = await state.notes.get(user, note_id)
    files = await state.files.of(user, note_id)
    return note_view.note(user_name(request), note, files, message=message, error=error)


async def note_form(request: Request[Services]) -> NoteForm:
    """The form of a note as it was sent, checked."""
    form = await request.form()
    return check_note(form.text("title"), form.text("text"))
