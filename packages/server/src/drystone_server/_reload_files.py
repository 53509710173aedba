"""Which files count when they change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path, PurePath
from typing import Final

from ._import_string import StartError

_ALWAYS: Final = ("*.py",)

_NEVER: Final = ("__pycache__", "node_modules")


class SourceFiles:
    """Tells the files that restart a server from others.

    Args:
        folders: that are watched.
        patterns: of files beside those of Python, each of a name or the end of a path.
    """

    def __init__(self, folders: Iterable[Path], patterns: Iterable[str]) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._patterns = (*_ALWAYS, *patterns)

    def __contains__(self, path: Path) -> bool:
        """Whether a change of this file counts."""
        return any(self._matches(path, pattern) for pattern in self._patterns) and any(
            path.is_relative_to(folder) and not _is_apart(folder, path) for folder in self._folders
        )

    def _matches(self, path: Path, pattern: str) -> bool:
        # An editor's own files are hidden: only a pattern that says so means them.
        hidden = path.name.startswith(".") and not PurePath(pattern).name.startswith(".")
        return not hidden and path.match(pattern)


def _is_apart(folder: Path, path: Path) -> bool:
    """Whether it lies in a folder of tools: a hidden one, a cache, a virtual environment."""
    parts = path.relative_to(folder).parts[:-1]
    if any(part.startswith(".") or part in _NEVER for part in parts):
        return True
    between = [folder.joinpath(*parts[: end + 1]) for end in range(len(parts))]
    return any((each / "pyvenv.cfg").exists() for each in between)


def watch(folders: Sequence[Path], patterns: Iterable[str]) -> AsyncIterator[set[Path]]:
    """Watch folders for what `SourceFiles` tells: the files of each burst of changes.

    Args:
        folders: with all that is in them.
        patterns: of files beside those of Python.

    Raises:
        StartError: watchfiles is not installed, or a folder is none.
    """
    try:
        import watchfiles
    except ImportError:
        raise StartError(
            "--reload needs watchfiles: pip install 'drystone-server[reload]'"
        ) from None
    for folder in folders:
        if not folder.is_dir():
            raise StartError(f"there is no folder {folder} to watch")
    counting = SourceFiles(folders, patterns)

    def counts(change: object, path: str) -> bool:
        return Path(path) in counting

    async def bursts() -> AsyncIterator[set[Path]]:
        roots = [folder.resolve() for folder in folders]
        async for changes in watchfiles.awatch(*roots, watch_filter=counts):
            yield {Path(path) for _, path in changes}

    return bursts()
