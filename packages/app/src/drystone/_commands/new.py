"""What ``drystone new`` does: a small project that runs as it is."""

from __future__ import annotations

from pathlib import Path

from .project import FILES


def make_project(folder: Path) -> list[Path]:
    """Write the files of a project.

    Args:
        folder: made where it does not exist; its name is the project's.

    Raises:
        ValueError: the folder holds something already, or its name is no project name.
    """
    name = folder.resolve().name
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"{name!r} is no name for a project: use letters, digits, - and _")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for path, text in FILES.items():
        target = folder / path.replace("{name}", name)
        target.write_text(text.replace("{name}", name), encoding="utf-8")
        made.append(target)
    return made
