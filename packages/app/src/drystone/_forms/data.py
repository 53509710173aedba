"""What a form holds, and how much of one is taken."""

from __future__ import annotations

from dataclasses import dataclass

from drystone._multidict import MultiDict

from .uploads import UploadFile


@dataclass(frozen=True, slots=True)
class FormLimits:
    """How much of a form is taken; more is answered with 413.

    These bound what one form holds: ``fields_size``, ``memory`` and 64 KiB for each file in memory,
    and a temporary file for each of ``files``.

    Attributes:
        parts: fields and files together.
        files: files among them.
        fields_size: bytes of all fields that are no files, together.
        file_size: bytes of one file.
        total_size: bytes of the whole body.
        memory: bytes of files kept in memory, together. Beyond it, files of more than 64 KiB go to
            temporary files.
    """

    parts: int = 1000
    files: int = 100
    fields_size: int = 2**20
    file_size: int = 64 * 2**20
    total_size: int = 256 * 2**20
    memory: int = 2**20


class FormData(MultiDict["str | UploadFile"]):
    """The fields and files of a form, by name, in the order they came."""

    __slots__ = ()

    def text(self, name: str, default: str = "") -> str:
        """The first value of a field; the default where it is missing or a file."""
        value = self.get(name)
        return value if isinstance(value, str) else default

    def file(self, name: str) -> UploadFile | None:
        """The first file of that name; None where it is missing, a field, or was left empty."""
        return next(iter(self.files(name)), None)

    def files(self, name: str | None = None) -> list[UploadFile]:
        """Every file, or those of that name that were not left empty."""
        if name is None:
            return [value for _, value in self.pairs() if isinstance(value, UploadFile)]
        values = self._values.get(name, ())
        return [value for value in values if isinstance(value, UploadFile) and value.filename]

    async def close(self) -> None:
        """Let go of the files; done by itself after the response."""
        for file in self.files():
            await file.close()
