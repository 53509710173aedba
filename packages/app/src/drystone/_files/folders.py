"""A folder of files under a prefix."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drystone._doc import HIDDEN
from drystone._errors import HTTPError
from drystone._group import Group
from drystone._handlers import Guard, Middleware
from drystone._negotiation import best_coding
from drystone._redirect import redirect
from drystone._request import Request
from drystone._response import Response

from .serving import answer_file, file, guess_type


def static(
    prefix: str,
    folder: str | os.PathLike[str],
    *,
    index: str | None = None,
    cache_control: str = "no-cache",
    name: str | None = None,
    precompressed: bool = False,
    middleware: Iterable[Middleware] = (),
    guards: Iterable[Guard] = (),
) -> Group:
    """A group that answers the files of a folder: ``app.include(static("/static", "static"))``.

    No path leads out of the folder, neither by ``..`` nor by a symbolic link, and nothing is served
    whose name begins with a dot (``.git``, ``.env``), but for ``.well-known``.

    Args:
        prefix: goes before every path; ``""`` is everything that no other route answers.
        folder: with the files; those in folders inside it, too.
        index: the file that answers for a folder, ``index.html`` for one; None answers none.
        cache_control: by default clients ask each time whether a file has changed (304, mostly);
            ``public, max-age=31536000, immutable`` fits names that change with the content.
        name: for ``url_for``, with the parameter ``path``.
        precompressed: answer ``app.js`` with what stands in ``app.js.zst``, ``app.js.br`` or
            ``app.js.gz`` beside it, for clients that take that coding.
        middleware: around each answer.
        guards: called before each answer.

    Raises:
        ValueError: there is no such folder.
    """
    root = Path(folder).absolute()
    if not root.is_dir():
        raise ValueError(f"There is no folder {root} to serve files from")
    headers = [("cache-control", cache_control)]

    async def answer(request: Request[Any], path: str = "") -> Response:
        found = await request.app.threads.run(_find, root, path, index)
        if found is None:
            raise HTTPError(404, "There is no such file")
        if found.is_dir() or not (path or request.raw_path.endswith("/")):
            return _with_slash(request)
        if precompressed:
            return await _in_a_coding(request, root, found, headers)
        return await file(request, found, headers=headers)

    group = Group(prefix, middleware=middleware, guards=guards, doc=HIDDEN)
    if index is not None:
        for place in ("", "/") if prefix else ("/",):
            group.add_route(place, answer)
    group.add_route("/{path:path}", answer, name=name)
    return group


async def _in_a_coding(
    request: Request[Any], root: Path, found: Path, headers: list[tuple[str, str]]
) -> Response:
    """A file in the coding that the client likes best, of those in which it is there."""
    codings = await request.app.threads.run(_codings_of, root, found)
    if not codings:
        return await file(request, found, headers=headers)
    headers = [*headers, ("vary", "accept-encoding")]
    coding = best_coding(request.headers.get("accept-encoding") or "", codings)
    if coding is None:
        return await file(request, found, headers=headers)
    headers = [*headers, ("content-encoding", coding)]
    coded = found.with_name(found.name + _CODINGS[coding])
    kind = guess_type(found.name)
    return await answer_file(request, coded, Response(b"", 200, headers), kind, f".{coding}")


_CODINGS = {"zstd": ".zst", "br": ".br", "gzip": ".gz"}


def _codings_of(root: Path, found: Path) -> tuple[str, ...]:
    """The codings in which a file is there, too; nothing that a link leads to outside."""
    place = found.relative_to(root.resolve())
    return tuple(
        coding
        for coding, end in _CODINGS.items()
        if (coded := _inside(root, f"{place}{end}")) is not None and coded.is_file()
    )


def _with_slash(request: Request[Any]) -> Response:
    """Send the client to a folder's own address, from where its relative links lead on."""
    query = f"?{request.query_string}" if request.query_string else ""
    return redirect(f"{request.root_path}{request.raw_path}/{query}", 307)


def _find(root: Path, path: str, index: str | None) -> Path | None:
    """The file of a path; a folder, where the path should have ended with a slash; or None."""
    *folders, last = path.split("/")
    name = last or index
    if name is None or not all(map(_is_plain, (*folders, name))):
        return None
    found = _inside(root, "/".join((*folders, name)))
    if found is None or not found.is_dir():
        return found
    return found if index is not None and _inside(root, f"{path}/{index}") else None


def _is_plain(segment: str) -> bool:
    """Whether a segment is the name of something in a folder, here and on Windows, not hidden."""
    if segment.startswith("."):
        return segment == ".well-known"
    return segment != "" and not any(char in segment for char in "\\:\0")


def _inside(root: Path, path: str) -> Path | None:
    """What a path leads to, links followed, where that exists and lies in the folder."""
    try:
        found = (root / path).resolve(strict=True)
        return found if found.is_relative_to(root.resolve()) else None
    except (OSError, RuntimeError):  # the latter for links in a circle, before Python 3.13
        return None
