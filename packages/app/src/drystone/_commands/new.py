"""What ``drystone new`` does: a small project that runs as it is."""

from __future__ import annotations

import re
from pathlib import Path

from .project import FILES


def make_project(folder: Path) -> list[Path]:
    """Write the files of a project.

    Args:
        folder: made where it does not exist; its name is the project's.

    Raises:
        ValueError: the folder holds something beside ``.git``, or its name is no project name.
    """
    name = folder.resolve().name
    if not re.fullmatch("[A-Za-z0-9]+([-_][A-Za-z0-9]+)*", name):
        raise ValueError(
            f"{name!r} is no name for a project: use letters and digits, with - or _ between"
        )
    if folder.exists() and any(path.name != ".git" for path in folder.iterdir()):
        raise ValueError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for path, text in FILES.items():
        target = folder / path.replace("{name}", name)
        filled = text.replace("{name}", name).replace("{image}", name.lower())
        target.write_text(filled, encoding="utf-8")
        made.append(target)
    return made
