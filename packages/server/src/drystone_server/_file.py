"""A file, or a range of one, as the body of a response."""

from __future__ import annotations

import os
from typing import IO


class FileBody:
    """A file to send; never read whole into memory.

    Where the loop offers ``sendfile`` the kernel copies the bytes, else they are read in pieces on
    another thread.

    Args:
        file: a path, or a file opened for reading bytes; the server closes it either way.
        offset: where to begin, in bytes from the start of the file.
        count: how many bytes; None sends what follows the offset.
    """

    __slots__ = ("count", "file", "offset")

    def __init__(
        self, file: str | os.PathLike[str] | IO[bytes], *, offset: int = 0, count: int | None = None
    ) -> None:
        if offset < 0 or (count is not None and count < 0):
            raise ValueError(
                f"offset {offset} and count {count} of a file body must not be negative"
            )
        self.file = file
        self.offset = offset
        self.count = count

    def open(self) -> tuple[IO[bytes], int]:
        """Open the file (this blocks) and give it with the number of bytes to send.

        Raises:
            OSError: the file cannot be opened.
            ValueError: the range does not lie within the file.
        """
        opened = isinstance(self.file, (str, os.PathLike))
        file: IO[bytes] = open(self.file, "rb") if opened else self.file  # type: ignore[arg-type,assignment] # noqa: PTH123, SIM115
        try:
            size = os.fstat(file.fileno()).st_size
            count = size - self.offset if self.count is None else self.count
            if count < 0 or self.offset + count > size:
                raise ValueError(
                    f"a file body of {count} bytes from offset {self.offset} does not lie "
                    f"within the {size} bytes of {getattr(file, 'name', file)!r}"
                )
            file.seek(self.offset)
        except BaseException:
            file.close()
            raise
        return file, count
