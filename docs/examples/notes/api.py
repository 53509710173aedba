"""The notes for programs: JSON in, JSON out."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec
from drystone import Group, Request, Response, json

from .forms import TEXT_MAX, TITLE_MAX, check_note
from .identity import may_read, may_write, owner
from .services import Services
from .store import Note

api = Group("/api/notes", guards=[may_read])


class NoteIn(msgspec.Struct, forbid_unknown_fields=True):
    """What a client sends."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_MAX, pattern=r"\S")]
    text: Annotated[str, msgspec.Meta(max_length=TEXT_MAX)] = ""


class NoteList(msgspec.Struct):
    """A page of notes; ``next`` is where the next one is, null on the last."""

    notes: list[Note]
    next: str | None


@api.get("")
async def find(request: Request[Services], q: str = "", before: int | None = None) -> NoteList:
    """The notes that hold every word of ``q``, newest first."""
    page = await request.app.state.notes.find(owner(request), q, before=before)
    following = None
    if page.before is not None:
        following = "/api/notes?" + urlencode({"before": page.before, **({"q": q} if q else {})})
    return NoteList(page.notes, following)


@api.post("", guards=[may_write])
async def add(request: Request[Services], note: NoteIn) -> Response:
    """Store a new note."""
    form = check_note(note.title, note.text)  # only tidies: the type has checked it
    stored = await request.app.state.notes.add(owner(request), form.title, form.text)
    return json(stored, 201, {"location": f"/api/notes/{stored.id}"})


@api.get("/{note_id:int}")
async def get(request: Request[Services], note_id: int) -> Note:
    """One note."""
    return await request.app.state.notes.get(owner(request), note_id)


@api.put("/{note_id:int}", guards=[may_write])
async def change(request: Request[Services], note_id: int, note: NoteIn) -> Note:
    """Replace a note's title and text."""
    form = check_note(note.title, note.text)
    return await request.app.state.notes.change(owner(request), note_id, form.title, form.text)


@api.delete("/{note_id:int}", guards=[may_write])
async def delete(request: Request[Services], note_id: int) -> None:
    """Delete a note for good."""
    await request.app.state.delete_note(owner(request), note_id)
