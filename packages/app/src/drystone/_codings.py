"""Content codings: gzip always, br and zstd where their libraries are installed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

_GZIP = 16 + zlib.MAX_WBITS  # zlib's way to ask for the header and trailer of gzip
_BROTLI_WINDOW = 19  # half a megabyte: what an open stream may keep


@dataclass(frozen=True, slots=True)
class Coder:
    """One response being coded.

    Attributes:
        feed: takes bytes, gives what is ready of them.
        flush: gives what was held back, so that the client can read all that was fed.
        finish: gives the rest; the last call.
    """

    feed: Callable[[bytes], bytes]
    flush: Callable[[], bytes]
    finish: Callable[[], bytes]

    def whole(self, data: bytes) -> bytes:
        """Code a body that is at hand."""
        return self.feed(data) + self.finish()

    def piece(self, data: bytes) -> bytes:
        """Code a piece that shall arrive now."""
        return self.feed(data) + self.flush()


MakeCoder: TypeAlias = Callable[[], Coder]


def available_codings() -> dict[str, MakeCoder]:
    """How to make a coder, by the name of the coding; those that gain most for their time first."""
    found: dict[str, MakeCoder] = {}
    for name, make in (("zstd", _zstd), ("br", _brotli), ("gzip", lambda: _gzip)):
        try:
            found[name] = make()
        except ImportError:  # the extra "compression" is not installed
            continue
    return found


def _gzip() -> Coder:
    coder = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return Coder(coder.compress, partial(coder.flush, zlib.Z_SYNC_FLUSH), coder.flush)


def _brotli() -> MakeCoder:
    import brotli

    def make() -> Coder:
        coder = brotli.Compressor(quality=4, lgwin=_BROTLI_WINDOW)
        return Coder(coder.process, coder.flush, coder.finish)

    return make


def _zstd() -> MakeCoder:
    import zstandard

    def make() -> Coder:
        coder = zstandard.ZstdCompressor(level=3).compressobj()
        flush = partial(coder.flush, zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        return Coder(coder.compress, flush, coder.flush)

    return make
