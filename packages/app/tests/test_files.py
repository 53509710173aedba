# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Files as responses, over the wire."""

import asyncio
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from drystone import App, conditional, file, is_not_modified, text
from drystone._files.disposition import content_disposition
from drystone._files.ranges import RangeNotSatisfiable, parse_range
from drystone._files.serving import guess_type
from drystone.testing import Client
from drystone_server import FileBody
from hypothesis import given, settings
from hypothesis import strategies as st

CONTENT = bytes(range(256)) * 4
CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DISPOSITION = re.compile(
    r"""attachment;\ filename="[^"\\\x00-\x1f\x7f-\uffff]+"
    (;\ filename\*=UTF-8''[\w!\#$&+.^`|~%-]+)?""",
    re.ASCII | re.VERBOSE,
)
LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT"


@pytest.fixture
def app(tmp_path: Path) -> App[None]:
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT)
    os.utime(path, (CHANGED.timestamp(), CHANGED.timestamp()))
    (tmp_path / "page.html").write_text("<p>é")
    app: App[None] = App()

    @app.get("/file/{name}")
    async def one(request, name: str, download: bool = False, filename: str | None = None):
        return await file(request, tmp_path / name, download=download, filename=filename)

    @app.get("/folder")
    async def folder(request):
        return await file(request, tmp_path, headers={"cache-control": "max-age=60"})

    return app


async def test_a_whole_file(app: App[None]) -> None:
    async with Client(app) as client:
        answer = await client.get("/file/data.bin")
        assert (answer.status_code, answer.content) == (200, CONTENT)
        headers = answer.headers
        assert headers.get("content-length") == str(len(CONTENT))
        assert headers.get("content-type") == "application/octet-stream"
        assert headers.get("last-modified") == LAST_MODIFIED
        assert headers.get("accept-ranges") == "bytes"
        assert headers.get("x-content-type-options") == "nosniff"
        assert "content-disposition" not in headers
        page = await client.get("/file/page.html")
        assert page.headers.get("content-type") == "text/html; charset=utf-8"
        head = await client.head("/file/data.bin")
        assert (head.content, head.headers.get("content-length")) == (b"", str(len(CONTENT)))


async def test_no_file(app: App[None]) -> None:
    async with Client(app) as client:
        assert (await client.get("/file/absent")).status_code == 404
        assert (await client.get("/folder")).status_code == 404
        assert (await client.get("/file/%00")).status_code == 404


async def test_downloads(app: App[None]) -> None:
    async with Client(app) as client:
        answer = await client.get("/file/data.bin?download=true")
        assert answer.headers.get("content-disposition") == 'attachment; filename="data.bin"'
        answer = await client.get("/file/data.bin?filename=r%C3%A9.pdf")
        disposition = "inline; filename=\"re.pdf\"; filename*=UTF-8''r%C3%A9.pdf"
        assert answer.headers.get("content-disposition") == disposition


async def test_conditional_requests(app: App[None]) -> None:
    async with Client(app) as client:
        etag = (await client.get("/file/data.bin")).headers.get("etag") or ""

        async def status(**headers: str) -> int:
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = await client.get("/file/data.bin", headers=fields)
            if answer.status_code == 304:
                assert answer.content == b""
                assert answer.headers.get("etag") == etag
                assert "content-type" not in answer.headers
            return answer.status_code

        earlier, later = "Thu, 01 Jan 2026 00:00:00 GMT", "Sat, 03 Jan 2026 00:00:00 GMT"
        assert await status(if_none_match=etag) == 304
        assert await status(if_none_match=f'"x", W/{etag}') == 304
        assert await status(if_none_match="*") == 304
        assert await status(if_none_match='"x"') == 200
        assert await status(if_none_match='"x"', if_modified_since=later) == 200
        assert await status(if_modified_since=LAST_MODIFIED) == 304
        assert await status(if_modified_since=later) == 304
        assert await status(if_modified_since=earlier) == 200
        assert await status(if_modified_since="nonsense") == 200
        assert await status(if_match=etag) == 200
        assert await status(if_match="*") == 200
        assert await status(if_match=f"W/{etag}") == 412
        assert await status(if_match='"x"') == 412
        assert await status(if_match=etag, if_unmodified_since=earlier) == 200
        assert await status(if_unmodified_since=earlier) == 412
        assert await status(if_unmodified_since=LAST_MODIFIED) == 200
        assert await status(if_unmodified_since="Fri, 02 Jan 2026 03:04:05 -0000") == 200


async def test_one_range(app: App[None]) -> None:
    async with Client(app) as client:
        answer = await client.get("/file/data.bin", headers={"range": "bytes=10-19"})
        assert (answer.status_code, answer.content) == (206, CONTENT[10:20])
        assert answer.headers.get("content-range") == f"bytes 10-19/{len(CONTENT)}"
        assert answer.headers.get("content-length") == "10"
        last = await client.get("/file/data.bin", headers={"range": "bytes=-5"})
        assert last.content == CONTENT[-5:]
        outside = await client.get("/file/data.bin", headers={"range": "bytes=5000-"})
        assert outside.status_code == 416
        assert outside.headers.get("content-range") == f"bytes */{len(CONTENT)}"
        head = await client.head("/file/data.bin", headers={"range": "bytes=0-1"})
        assert head.status_code == 200


async def test_several_ranges(app: App[None]) -> None:
    async with Client(app) as client:
        answer = await client.get("/file/data.bin", headers={"range": "bytes=0-1, 100-102,-1"})
        assert answer.status_code == 206
        kind, _, boundary = (answer.headers.get("content-type") or "").partition("; boundary=")
        assert kind == "multipart/byteranges"
        assert answer.headers.get("content-length") == str(len(answer.content))
        parts = answer.content.split(f"--{boundary}".encode())
        assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]] == [
            CONTENT[0:2] + b"\r\n",
            CONTENT[100:103] + b"\r\n",
            CONTENT[-1:] + b"\r\n",
        ]
        assert b"content-range: bytes 100-102/1024" in parts[2]
        assert parts[-1] == b"--\r\n"


async def test_if_range(app: App[None]) -> None:
    async with Client(app) as client:
        etag = (await client.get("/file/data.bin")).headers.get("etag") or ""
        for value, status in [
            (etag, 206),
            (LAST_MODIFIED, 206),
            ('"x"', 200),
            (f"W/{etag}", 200),
            ("Thu, 01 Jan 2026 00:00:00 GMT", 200),
        ]:
            headers = {"range": "bytes=0-1", "if-range": value}
            assert (await client.get("/file/data.bin", headers=headers)).status_code == status


async def test_a_date_in_if_range_says_nothing_of_its_own_second(
    app: App[None], tmp_path: Path
) -> None:
    now = time.time()
    os.utime(tmp_path / "data.bin", (now + 60, now + 60))
    async with Client(app) as client:
        changed = (await client.get("/file/data.bin")).headers["last-modified"]
        headers = {"range": "bytes=0-1", "if-range": changed}
        assert (await client.get("/file/data.bin", headers=headers)).status_code == 200


@pytest.mark.parametrize("field", ["if-modified-since", "if-unmodified-since", "if-range"])
async def test_a_date_of_too_many_digits_is_ignored(app: App[None], field: str) -> None:
    async with Client(app) as client:
        for date in ("Fri, 02 Jan 99999999999 03:04:05 GMT", f"Fri, {'9' * 30} Jan 2026 03:04:05"):
            headers = {"range": "bytes=0-1", field: date}
            answer = await client.get("/file/data.bin", headers=headers)
            assert answer.status_code == (200 if field == "if-range" else 206)


async def test_a_file_that_is_another_when_it_is_sent(tmp_path: Path) -> None:
    """Neither the bytes of a new file under the ETag of the old, nor a fault of the server."""
    app: App[None] = App()
    path, new = tmp_path / "page", tmp_path / "new"

    @app.get("/gone")
    async def gone(request):
        path.write_bytes(CONTENT)
        response = await file(request, path)
        path.unlink()
        return response

    @app.get("/replaced")
    async def replaced(request):
        path.write_bytes(CONTENT)
        new.write_bytes(CONTENT * 2)
        response = await file(request, path)
        new.replace(path)
        return response

    async with Client(app) as client:
        assert (await client.get("/gone")).status_code == 404
        assert (await client.get("/replaced")).status_code == 503
        several = {"range": "bytes=0-1,4-5"}
        assert (await client.get("/replaced", headers=several)).status_code == 503


async def test_a_file_that_shrinks_while_it_is_sent(tmp_path: Path) -> None:
    from drystone._files.serving import _parts

    path = tmp_path / "x"
    path.write_bytes(b"12345")
    app: App[None] = App()
    with pytest.raises(OSError, match="shorter"):
        async for _ in _parts(FileBody(path), [b""], [(0, 10)], b"", app.threads):
            pass
    app.threads.close()


@pytest.mark.parametrize(
    ("field", "spans"),
    [
        ("bytes=0-4", [(0, 5)]),
        ("Bytes = 0-4", None),
        ("BYTES=5-", [(5, 10)]),
        ("bytes=-3", [(7, 10)]),
        ("bytes=-30", [(0, 10)]),
        ("bytes=8-30", [(8, 10)]),
        ("bytes=0-0,-1", [(0, 1), (9, 10)]),
        ("bytes=5-6,0-1", [(5, 7), (0, 2)]),
        ("bytes=0-1,20-", [(0, 2)]),
        ("bytes=0-5,3-", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=a-b", None),
        ("bytes=", None),
        ("bytes", None),
        ("lines=0-4", None),
        ("bytes=" + ",".join(["0-0"] * 17), None),
        ("bytes=0-" + "9" * 100, None),
    ],
)
def test_reading_ranges(field: str, spans: Any) -> None:
    assert parse_range(field, 10) == spans


@pytest.mark.parametrize("field", ["bytes=10-", "bytes=-0", "bytes=50-60, 70-"])
def test_ranges_outside(field: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(field, 10)


@settings(max_examples=100)
@given(
    st.lists(st.from_regex(r"\d{0,3}-\d{0,3}", fullmatch=True), max_size=5),
    st.integers(0, 500),
)
def test_ranges_lie_inside_and_apart(specs: list[str], size: int) -> None:
    try:
        spans = parse_range("bytes=" + ",".join(specs), size)
    except RangeNotSatisfiable:
        return
    for first, end in spans or []:
        assert 0 <= first < end <= size
    covered = [place for first, end in spans or [] for place in range(first, end)]
    assert len(covered) == len(set(covered))


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_name_makes_a_field_value(name: str) -> None:
    assert DISPOSITION.fullmatch(content_disposition(name))


def test_ranges_of_nothing() -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range("bytes=0-", 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a.txt", 'attachment; filename="a.txt"'),
        (
            "résumé.pdf",
            "attachment; filename=\"resume.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf",
        ),
        ("naïve 日本.txt", None),
        ('a"b.txt', "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        ("a%41.txt", "attachment; filename=\"a_41.txt\"; filename*=UTF-8''a%2541.txt"),
        ("../a.txt", 'attachment; filename="..a.txt"'),
        ("日本", "attachment; filename=\"file\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC"),
        ("a\r\nset-cookie: x", 'attachment; filename="aset-cookie: x"'),
    ],
)
def test_dispositions(name: str, value: str | None) -> None:
    built = content_disposition(name)
    assert "\r" not in built
    assert built.isascii()
    if value is not None:
        assert built == value


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.css", "text/css; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.tar.gz", "application/gzip"),
        ("a.txt.Z", "application/octet-stream"),
        ("README", "application/octet-stream"),
    ],
)
def test_types(name: str, kind: str) -> None:
    assert guess_type(name) == kind


async def test_conditional_responses_of_any_kind() -> None:
    app: App[None] = App()

    @app.route("/", ["GET", "PUT"])
    async def handler(request, status: int = 200):
        response = text("hello", status, {"etag": '"1"', "x-other": "dropped"})
        response.set_cookie("a", "b")
        return conditional(request, response)

    @app.get("/bare")
    async def bare(request):
        return conditional(request, text("hello"))

    async with Client(app) as client:
        answer = await client.get("/", headers={"if-none-match": 'W/"1"'})
        assert answer.status_code == 304
        assert answer.headers.get("set-cookie")
        assert "x-other" not in answer.headers
        assert (await client.get("/", headers={"if-none-match": '"2"'})).status_code == 200
        assert (await client.put("/", headers={"if-none-match": '"1"'})).status_code == 412
        assert (await client.put("/", headers={"if-match": '"1"'})).status_code == 200
        answer = await client.get("/?status=404", headers={"if-none-match": '"1"'})
        assert answer.status_code == 404
        assert (await client.get("/bare", headers={"if-match": "*"})).status_code == 200
        assert (await client.get("/bare", headers={"if-none-match": "*"})).status_code == 304
        assert (await client.get("/bare", headers={"if-none-match": '"1"'})).status_code == 200


async def test_a_file_may_be_deleted_after_it_was_sent(tmp_path: Path) -> None:
    app: App[None] = App()
    path = tmp_path / "once"

    @app.get("/")
    async def once(request):
        path.write_bytes(CONTENT)
        request.run_after(path.unlink)
        return await file(request, path)

    async with await app.start_server(port=0) as server:
        reader, writer = await asyncio.open_connection(*server.addresses[0])
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"\r\n\r\n" + CONTENT)
        writer.close()
        await writer.wait_closed()
    assert not path.exists()


async def test_whether_anything_is_there_at_all() -> None:
    app: App[None] = App()

    @app.put("/{what}")
    async def put(request, what: str):
        is_not_modified(request, last_modified=CHANGED if what == "dated" else None)
        return "written"

    async with Client(app) as client:
        for path, field, status in [
            ("/nothing", "if-match", 412),
            ("/nothing", "if-none-match", 200),
            ("/dated", "if-match", 200),
            ("/dated", "if-none-match", 412),
        ]:
            assert (await client.put(path, headers={field: "*"})).status_code == status


async def test_validators_that_are_none() -> None:
    app: App[None] = App()

    @app.get("/")
    async def get(request):
        with pytest.raises(ValueError, match="in double quotes"):
            conditional(request, text("hello", headers={"etag": "7"}))
        with pytest.raises(ValueError, match="needs a time zone"):
            is_not_modified(request, last_modified=datetime(2026, 1, 1))

    async with Client(app) as client:
        (await client.get("/")).raise_for_status()
