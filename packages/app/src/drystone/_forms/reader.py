"""Reading forms: urlencoded or multipart (RFC 7578), the latter by ``multipart`` as it arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

from drystone._errors import HTTPError
from drystone._multidict import QueryParams

from .data import FormData, FormLimits
from .uploads import UploadFile

if TYPE_CHECKING:
    from drystone_parser import Headers
    from multipart import MultipartSegment, PushMultipartParser

    from drystone._threads import ThreadPool

_MULTIPART = "multipart/form-data"
_URLENCODED = "application/x-www-form-urlencoded"
_SMALL = 2**16  # bytes of a file that always stays in memory: open files are scarce, too


class FormSource(Protocol):
    """What a form is read from: a request."""

    headers: Headers
    content_length: int | None

    async def body(self) -> bytes:
        """The whole body."""
        ...

    def stream(self) -> AsyncIterator[bytes]:
        """The body piece by piece."""
        ...


async def read_form(source: FormSource, limits: FormLimits, threads: ThreadPool) -> FormData:
    """Read a form; see `Request.form`.

    Args:
        source: what it is read from.
        limits: how much to take.
        threads: where files are written to disk.
    """
    content_type = source.headers.get("content-type") or ""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _URLENCODED:
        return _read_urlencoded(await source.body(), limits)
    if not kind and source.content_length == 0:
        return FormData()  # no body at all
    if kind != _MULTIPART:
        raise HTTPError(
            415,
            f"A form is {_MULTIPART} or {_URLENCODED}, not {kind or 'without a type'}",
            headers={"accept": f"{_MULTIPART}, {_URLENCODED}"},
        )
    return await _read_multipart(_MultipartReader(source, limits, threads), content_type)


def _read_urlencoded(body: bytes, limits: FormLimits) -> FormData:
    """Read a body, unless it is of the size or the sort that is made to keep a server busy."""
    _check_fields_size(len(body), limits)
    if body.count(b"&") >= limits.parts:
        raise HTTPError(413, f"The form has more than {limits.parts} fields")
    return FormData(QueryParams.parse(body.decode(errors="replace")).pairs())


def _check_fields_size(size: int, limits: FormLimits) -> None:
    if size > limits.fields_size:
        raise HTTPError(413, f"The fields are longer than {limits.fields_size} bytes together")


async def _read_multipart(reader: _MultipartReader, content_type: str) -> FormData:
    from multipart import MultipartError, ParserLimitReached

    try:
        parser = _make_parser(content_type, reader.limits)
        await reader.read(parser)
        parser.close()
        return FormData(reader.parts)
    except BaseException as error:
        for _, value in reader.parts:
            if isinstance(value, UploadFile):
                await value.close()
        if isinstance(error, ParserLimitReached):
            raise HTTPError(413, _too_large(str(error), reader.limits)) from error
        if isinstance(error, (MultipartError, UnicodeDecodeError)):
            raise HTTPError(400, f"The form is malformed: {error}") from error
        raise


def _too_large(said: str, limits: FormLimits) -> str:
    """The library's words in ours: it calls a part a segment, and names no number."""
    if "egment size" in said:
        return f"A part of the form is longer than {limits.file_size} bytes"
    if "segment count" in said:
        return f"The form has more than {limits.parts} parts"
    return f"The form is too large: {said.replace('segment', 'part')}"


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
        source: whose body it is.
        limits: how much to take.
        threads: where files are written to disk.
    """

    def __init__(self, source: FormSource, limits: FormLimits, threads: ThreadPool) -> None:
        self.parts: list[tuple[str, str | UploadFile]] = []
        self.limits = limits
        self._source = source
        self._threads = threads
        self._field = bytearray()
        self._fields_size = 0
        self._files = 0
        self._memory = limits.memory
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
        async for piece in self._source.stream():
            size += len(piece)
            if size > self.limits.total_size:
                raise HTTPError(413, f"The form is longer than {self.limits.total_size} bytes")
            yield piece

    def _begin_part(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._file = None
        self._field.clear()
        if segment.filename is not None:
            self._files += 1
            if self._files > self.limits.files:
                raise HTTPError(413, f"The form has more than {self.limits.files} files")
            self._file = UploadFile(
                segment.filename,
                segment.content_type or "application/octet-stream",
                max(self._memory, min(_SMALL, self.limits.memory)),
                self._threads,
            )
            self.parts.append((segment.name or "", self._file))

    async def _add(self, piece: bytes | bytearray) -> None:
        if self._file is not None:
            await self._file.write(piece)
            return
        self._field += piece
        self._fields_size += len(piece)
        _check_fields_size(self._fields_size, self.limits)

    async def _end_part(self) -> None:
        if self._file is not None:
            await self._file.seek(0)
            if not self._file.on_disk:
                self._memory -= self._file.size
        else:
            text = self._field.decode(_codec(self._segment.charset))
            self.parts.append((self._segment.name or "", text))


def _codec(charset: str | None) -> str:
    """The codec of a field that names its charset.

    A part may say anything, and Python knows codecs that take a minute for a megabyte, or are none
    for texts. Browsers send UTF-8 and do not say so.

    Raises:
        HTTPError: 415.
    """
    try:
        return _CODECS[(charset or "utf-8").lower()]
    except KeyError:
        raise HTTPError(415, f"A field is in {charset!r}: send UTF-8") from None


_CODECS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1"}
