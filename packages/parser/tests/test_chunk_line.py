"""A chunk-size line, and the fronts of one."""

import pytest
from drystone_parser import ParseError
from drystone_parser._chunk_line import ChunkLine, read_chunk_line


def read(data: bytes, allowed: int = 10) -> ChunkLine | None:
    return read_chunk_line(data, 0, 0, 100, allowed)


def test_whole_lines() -> None:
    assert read(b"1f;a=b\r\nrest") == ChunkLine(31, 4, 8)
    assert read(b"0 ;a\r\n") == ChunkLine(0, 3, 6)


@pytest.mark.parametrize("front", [b"1", b"1f", b"1\r", b"1;", b"1;a", b"1;a\r", b"1 ", b'1;a="b'])
def test_fronts_that_may_become_right(front: bytes) -> None:
    assert read(front) is None


@pytest.mark.parametrize(
    ("data", "reason", "offset"),
    [
        (b"g", "bad-chunk-size", 100),
        (b"1g", "bad-chunk-size", 101),
        (b"1\rx", "bad-chunk-size", 101),
        (b"\r\n", "bad-chunk-size", 100),
        (b"0" * 17, "bad-chunk-size", 116),
        (b"1;\n", "bad-chunk-extension", 101),
        (b"1;a\rb", "bad-chunk-extension", 101),
        (b"1;a b\r\n", "bad-chunk-extension", 101),
        (b"1;aaaaaaaaaa", "chunk-extensions-too-large", 111),
    ],
)
def test_faults(data: bytes, reason: str, offset: int) -> None:
    with pytest.raises(ParseError) as caught:
        read(data)
    assert (caught.value.reason, caught.value.offset) == (reason, offset)
