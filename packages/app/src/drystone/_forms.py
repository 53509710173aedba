"""Forms: urlencoded or multipart (RFC 7578), the latter parsed by ``multipart`` as it arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._errors import HTTPError
from ._multidict import MultiDict, QueryParams
from ._uploads import UploadFile

if TYPE_CHECKING:
    from multipart import MultipartSegment, PushMultipartParser

    from ._request import Request

_MULTIPART = "multipart/form-data"
_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class FormLimits:
    """How much of a multipart form is taken; more is answered with 413.

    Attributes:
        parts: fields and files together.
        field_size: bytes of a field that is no file.
        file_size: bytes of one file.
        total_size: bytes of the whole body.
        memory: bytes of a file kept in memory; a longer one goes to a temporary file.
    """

    parts: int = 1000
    field_size: int = 2**20
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
        value = self.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def files(self) -> list[UploadFile]:
        """Every file."""
        return [value for _, value in self.pairs() if isinstance(value, UploadFile)]

    async def close(self) -> None:
        """Let go of the files; done by itself after the response."""
        for file in self.files():
            await file.close()


async def read_form(request: Request[Any], limits: FormLimits | None) -> FormData:
    """Read the body of a request as a form; see `Request.form`."""
    content_type = request.headers.get("content-type") or ""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _URLENCODED:
        fields = QueryParams.parse((await request.body()).decode(errors="replace"))
        return FormData(fields.pairs())
    if kind != _MULTIPART:
        raise HTTPError(
            415,
            f"A form is {_MULTIPART} or {_URLENCODED}, not {kind or 'without a type'}",
            headers={"accept": f"{_MULTIPART}, {_URLENCODED}"},
        )
    form = await _read_multipart(request, content_type, limits or request.app.form_limits)
    if form.files():
        request.run_after(form.close)
    return form


async def _read_multipart(request: Request[Any], content_type: str, limits: FormLimits) -> FormData:
    from multipart import MultipartError, ParserLimitReached

    reader = _MultipartReader(request, limits)
    try:
        parser = _make_parser(content_type, limits)
        await reader.read(parser)
        parser.close()
        return FormData(reader.parts)
    except BaseException as error:
        for _, value in reader.parts:
            if isinstance(value, UploadFile):
                await value.close()
        if isinstance(error, ParserLimitReached):
            raise HTTPError(413, f"The form is too large: {error}") from error
        if isinstance(error, (MultipartError, UnicodeDecodeError)):
            raise HTTPError(400, f"The form is malformed: {error}") from error
        raise


def _make_parser(content_type: str, limits: FormLimits) -> PushMultipartParser:
    from multipart import ParserError, PushMultipartParser, parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary")
    if not boundary:
        raise ParserError("its Content-Type names no boundary (RFC 7578, 4.1)")
    return PushMultipartParser(
        boundary,
        max_segment_count=limits.parts,
        max_segment_size=limits.file_size,
        strict=True,
    )


class _MultipartReader:
    """Turns what the parser reports into fields and files.

    Args:
        request: whose body it is.
        limits: how much to take.
    """

    def __init__(self, request: Request[Any], limits: FormLimits) -> None:
        self.parts: list[tuple[str, str | UploadFile]] = []
        self._request = request
        self._limits = limits
        self._field = bytearray()
        self._file: UploadFile | None = None
        self._segment: MultipartSegment

    async def read(self, parser: PushMultipartParser) -> None:
        """Feed the parser until the body ends."""
        async for piece in self._pieces():
            for event in parser.parse(piece):
                if event is None:
                    await self._end_part()
                elif isinstance(event, (bytes, bytearray)):
                    await self._add(event)
                else:
                    self._begin_part(event)

    async def _pieces(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._request.stream():
            size += len(piece)
            if size > self._limits.total_size:
                raise HTTPError(413, f"The form is longer than {self._limits.total_size} bytes")
            yield piece

    def _begin_part(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._file = None
        self._field.clear()
        if segment.filename is not None:
            self._file = UploadFile(
                segment.filename,
                segment.content_type or "application/octet-stream",
                self._limits.memory,
                self._request.app.threads,
            )
            self.parts.append((segment.name or "", self._file))

    async def _add(self, piece: bytes | bytearray) -> None:
        if self._file is not None:
            await self._file.write(piece)
            return
        self._field += piece
        if len(self._field) > self._limits.field_size:
            raise HTTPError(413, f"A field is longer than {self._limits.field_size} bytes")

    async def _end_part(self) -> None:
        if self._file is not None:
            await self._file.seek(0)
        else:
            text = self._field.decode(self._segment.charset or "utf-8")
            self.parts.append((self._segment.name or "", text))
