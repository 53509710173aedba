"""The file that was looked at, opened when it is sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from drystone_server import FileBody

from drystone._errors import HTTPError


class SameFile(FileBody):
    """A range of a file whose length and validators the head tells already.

    Another file may have taken its name since: its bytes must not go out under the old ETag.

    Args:
        path: the file.
        stat: what was known of it.
        first: where to begin, in bytes.
        end: one behind the last byte.
    """

    __slots__ = ("_stat",)

    def __init__(self, path: Path, stat: os.stat_result, first: int, end: int) -> None:
        super().__init__(path, offset=first, count=end - first)
        self._stat = stat

    def open(self) -> tuple[IO[bytes], int]:
        """Open it.

        Raises:
            HTTPError: 404, it has gone; 503, another has its name, which the next request gets.
            OSError: it cannot be opened.
            ValueError: it has become shorter.
        """
        try:
            file, count = super().open()
        except FileNotFoundError:
            raise HTTPError(404, "There is no such file") from None
        if not os.path.samestat(os.fstat(file.fileno()), self._stat):
            file.close()
            raise HTTPError(503, "The file was replaced just now", headers={"retry-after": "0"})
        return file, count
