"""One note to read, with its files."""

from collections.abc import Sequence

from notes.files import FILE_MAX, File
from notes.store import Note

from .html import Markup, html
from .layout import moment, page, problem

NOTE = """<article class="card reading">
<h1>{title}</h1>
<p class="meta">Written {created}{changed}</p>
{text}
</article>
<section class="card" aria-labelledby="files-heading">
<h2 id="files-heading">Files</h2>
{files}
{problem}<form method="post" action="/notes/{id}/files" enctype="multipart/form-data"
 class="upload" data-upload>
<label class="unseen" for="file">Add files</label>
<input id="file" name="file" type="file" multiple required data-max="{max}"
 aria-describedby="file-hint">
<button class="quiet">Add</button>
<p class="hint" id="file-hint">At most {megabytes} MB each.</p>
</form>
</section>
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
FILE = """<li>
<div class="file">{image}
<div><a href="{path}" download>{name}</a> <span class="meta">{size}</span></div></div>
<form method="post" action="{path}/delete">
<button class="quiet">Remove<span class="unseen"> {name}</span></button>
</form>
</li>"""
IMAGE = '<img src="{path}" alt="" loading="lazy" width="64" height="64">'


def note(
    user: str,
    shown: Note,
    files: Sequence[File] = (),
    *,
    message: str | None = None,
    error: str | None = None,
) -> Markup:
    """The page; ``error`` is about the files that were to be added."""
    changed = html(", changed {when}", when=moment(shown.changed))
    body = html(
        NOTE,
        id=shown.id,
        title=shown.title,
        created=moment(shown.created),
        changed=changed if shown.changed != shown.created else None,
        text=html('<div class="text">{text}</div>', text=shown.text) if shown.text else None,
        files=html('<ul class="rows">{files}</ul>', files=[_file(shown.id, f) for f in files])
        if files
        else None,
        problem=problem(error),
        max=FILE_MAX,
        megabytes=FILE_MAX // 2**20,
    )
    return page(shown.title, body, user=user, at="/notes", message=message, narrow=True)


def _file(note_id: int, file: File) -> Markup:
    path = f"/notes/{note_id}/files/{file.id}"
    return html(
        FILE,
        path=path,
        name=file.name,
        size=size_in_words(file.size),
        image=html(IMAGE, path=path) if file.is_image else None,
    )


def size_in_words(size: int) -> str:
    """A size for people: "812 bytes", "1.2 MB"."""
    if size < 1000:
        return "1 byte" if size == 1 else f"{size} bytes"
    if size < 999_500:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
