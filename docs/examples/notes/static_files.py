"""The stylesheet, the script and the icon."""

from pathlib import Path

from drystone import Group, HTTPError, Request, Response, file

from .services import Services

FOLDER = Path(__file__).parent / "static"
NAMES = frozenset(path.name for path in FOLDER.iterdir())

static_files = Group("/static")


@static_files.get("/{name}")
async def static_file(request: Request[Services], name: str) -> Response:
    """A file of the folder ``static``; no path leads out of it, for only its names are known."""
    if name not in NAMES:
        raise HTTPError(404, "There is no such file")
    # Browsers keep it, and ask each time whether it is still the same.
    return await file(request, FOLDER / name, headers={"cache-control": "no-cache"})
