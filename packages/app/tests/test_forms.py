# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Forms and uploads, over the wire."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from drystone import App, ClientDisconnected, FormData, FormLimits, Request
from drystone._client.request import _multipart
from drystone.testing import Client

BIG = bytes(range(256)) * 8000  # two megabytes, of every byte


def app_with(handler: Any, **options: Any) -> App[None]:
    app: App[None] = App(**options)
    app.add_route("/", handler, ["POST"])
    return app


async def test_urlencoded() -> None:
    async def handler(request):
        form = await request.form()
        assert form is await request.form()
        return [form.get_all("a"), form.text("b"), form.text("none", "-"), form.file("a") is None]

    async with Client(app_with(handler)) as client:
        answer = await client.post("/", data={"a": ["1", "2"], "b": "é &"})
        assert answer.json() == [["1", "2"], "é &", "-", True]
        content_type = "application/x-www-form-urlencoded; charset=utf-8"
        answer = await client.post("/", content="a=+", headers={"content-type": content_type})
        assert answer.json()[0] == [" "]


async def test_multipart_without_files() -> None:
    async def handler(request):
        form = await request.form()
        return [form.text("a"), len(form.files()), request.after]

    async with Client(app_with(handler)) as client:
        assert (await client.post("/", data={"a": "1"}, files={})).json() == ["1", 0, None]


async def test_multipart_fields_and_files() -> None:
    async def handler(request):
        form = await request.form()
        file = form.file("file")
        return {
            "fields": [value for name, value in form.pairs() if isinstance(value, str)],
            "file": [file.filename, file.content_type, file.size, file.on_disk],
            "read": [(await file.read(3)).decode(), (await file.read()).decode()],
            "repr": repr(file),
            "empty": form.file("empty") is None,
            "text": form.text("file", "a file is no text"),
            "files": len(form.files()),
        }

    async with Client(app_with(handler)) as client:
        answer = await client.post(
            "/",
            data={"a": "é", "b": ["1", "2"]},
            files=[
                ("file", ('na"me.txt', b"hello", "text/plain")),
                ("empty", ("", b"")),
                ("raw", b"raw"),
                ("opened", BytesIO(b"opened")),
                ("named", ("x", BytesIO(b"y"))),
            ],
        )
        assert answer.json() == {
            "fields": ["é", "1", "2"],
            "file": ['na"me.txt', "text/plain", 5, False],
            "read": ["hel", "lo"],
            "repr": "<UploadFile 'na\"me.txt' text/plain 5 bytes>",
            "empty": True,
            "text": "a file is no text",
            "files": 5,
        }


@pytest.mark.parametrize("size", [2**20, 2**20 + 1, len(BIG)])
async def test_a_large_file_goes_to_disk_and_back(tmp_path: Path, size: int) -> None:
    forms: list[FormData] = []

    async def handler(request):
        form = await request.form()
        forms.append(form)
        file = form.file("file")
        assert await file.read(10) == BIG[:10]
        await file.save(tmp_path / "saved")
        await file.seek(0)
        pieces = [piece async for piece in file]
        await file.seek(0)
        assert b"".join(pieces) == await request.app.threads.run(file.file.read)
        await file.seek(size - 1)
        return [file.on_disk, file.size, (await file.read()).hex()]

    body, kind = _multipart({}, {"file": ("big", BIG[:size])})

    async def pieces():
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    async with Client(app_with(handler)) as client:
        answer = await client.post("/", content=pieces(), headers={"content-type": kind})
        assert answer.json() == [size > 2**20, size, BIG[size - 1 : size].hex()]
    assert (tmp_path / "saved").read_bytes() == BIG[:size]
    with pytest.raises(ValueError, match="closed"):
        await forms[0].files()[0].read()


async def test_limits_beyond_what_the_server_was_told(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request):
        await request.form(FormLimits(total_size=2**40))

    async with Client(app_with(handler)) as client:
        assert (await client.post("/", data={"a": "1"})).status_code == 500
    assert "1099511627776 bytes, but nothing that the application says" in caplog.text
    assert "App(form_limits=...)" in caplog.text


@pytest.mark.parametrize(
    ("limits", "status", "said"),
    [
        (FormLimits(), 200, ""),
        (FormLimits(parts=1), 413, "The form has more than 1 parts"),
        (FormLimits(fields_size=3), 413, "longer than 3 bytes together"),
        (FormLimits(file_size=50), 413, "A part of the form is longer than 50 bytes"),
        (FormLimits(total_size=100), 413, "100 bytes"),
    ],
)
async def test_limits(limits: FormLimits, status: int, said: str) -> None:
    async def handler(request):
        await request.form(limits)
        return ""

    async with Client(app_with(handler)) as client:
        answer = await client.post("/", data={"a": "1234"}, files={"f": ("x", b"y" * 100)})
        assert (answer.status_code, said in answer.text) == (status, True), answer.text


async def test_a_field_of_the_form_with_an_endless_head() -> None:
    async def handler(request):
        await request.form()

    head = b'--x\r\nContent-Disposition: form-data; name="a"\r\n' + b"X: y\r\n" * 100
    async with Client(app_with(handler)) as client:
        kind = {"content-type": "multipart/form-data; boundary=x"}
        answer = await client.post("/", content=head + b"\r\n1\r\n--x--\r\n", headers=kind)
        assert (answer.status_code, "part header" in answer.text) == (413, True), answer.text


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"a=b", 415),
        ("", b"a=b", 415),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
            400,
        ),
        (
            "multipart/form-data; boundary=x",
            (
                b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n1\r\n'
                b'--x\r\nContent-Disposition: form-data; name="b"; filename="f"\r\n\r\n1'
            ),
            400,
        ),
    ],
)
async def test_what_is_no_form(content_type: str, body: bytes, status: int) -> None:
    async def handler(request):
        await request.form()
        return ""

    async with Client(app_with(handler)) as client:
        headers = {"content-type": content_type} if content_type else {}
        answer = await client.post("/", content=body, headers=headers)
        assert answer.status_code == status, answer.text
        assert "accept" in answer.headers or status != 415


async def test_a_client_that_leaves_in_the_middle_leaves_no_file_open() -> None:
    app: App[None] = App()
    seen: list[BaseException] = []
    noted = asyncio.Event()

    @app.post("/")
    async def handler(request: Request[Any]):
        try:
            await request.form()
        except BaseException as error:
            seen.append(error)
            noted.set()
            raise

    async def pieces():
        yield b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n' + BIG
        raise RuntimeError("stop sending")

    async with Client(app) as client:
        with pytest.raises(RuntimeError, match="stop sending"):
            await client.post(
                "/",
                content=pieces(),
                headers={"content-type": "multipart/form-data; boundary=x"},
            )
        await asyncio.wait_for(noted.wait(), 5)
    assert isinstance(seen[0], ClientDisconnected)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\photo.jpg", "photo.jpg"),
        ("a\0b\n.txt", "ab.txt"),
        ("..", ""),
        ("/", ""),
        ("", ""),
    ],
)
async def test_safe_names(name: str, safe: str) -> None:
    from drystone import UploadFile

    app: App[None] = App()
    assert UploadFile(name, "", 0, app.threads).safe_name == safe


@pytest.mark.parametrize(
    ("charset", "status"),
    [
        ("utf-8", 200),
        ("UTF-8", 200),
        ("iso-8859-1", 200),
        ("punycode", 415),  # takes a minute for a megabyte
        ("hex", 415),
        ("no-such", 415),
        ("us-ascii", 400),
    ],
)
async def test_a_field_that_names_its_charset(charset: str, status: int) -> None:
    async def handler(request):
        return (await request.form()).text("a")

    body = (
        '--B\r\nContent-Disposition: form-data; name="a"\r\n'
        f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    ).encode()
    headers = {"content-type": "multipart/form-data; boundary=B"}
    async with Client(app_with(handler)) as client:
        answer = await client.post("/", content=body + b"\xc3\xa9\r\n--B--\r\n", headers=headers)
        assert answer.status_code == status
        if status == 200:
            assert answer.text == b"\xc3\xa9".decode(charset)


async def test_work_after_the_response_still_reads_the_files() -> None:
    seen = []

    async def handler(request):
        file = (await request.form()).file("a")

        async def work():
            seen.append(await file.read())

        request.run_after(work)
        return "thanks"

    async with Client(app_with(handler)) as client:
        assert (await client.post("/", files={"a": ("x.txt", b"hello")})).text == "thanks"
    assert seen == [b"hello"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"&".join(b"%x=" % number for number in range(1000)), 200),
        (b"&".join(b"%x=" % number for number in range(1001)), 413),
        (b"a=" + b"x" * (2**20 - 2), 200),
        (b"a=" + b"x" * (2**20 - 1), 413),
    ],
)
async def test_limits_of_urlencoded_forms(body: bytes, status: int) -> None:
    """Two million fields fit into 16 MB, and keep a server busy for seconds."""

    async def handler(request):
        return len(await request.form())

    kind = {"content-type": "application/x-www-form-urlencoded"}
    async with Client(app_with(handler)) as client:
        assert (await client.post("/", content=body, headers=kind)).status_code == status


async def test_limits_that_hold_for_all_parts_together() -> None:
    async def handler(request):
        form = await request.form(FormLimits(fields_size=5, memory=100_000, files=5))
        return [file.on_disk for file in form.files()]

    async with Client(app_with(handler)) as client:
        sizes = (60_000, 70_000, 40_000, 65_536, 65_537)
        files = [("f", ("x", b"y" * size)) for size in sizes]
        answer = await client.post("/", files=files)
        assert answer.json() == [False, True, False, False, True]
        answer = await client.post("/", files=[*files, ("f", ("x", b""))])
        assert answer.status_code == 413
        answer = await client.post("/", data={"a": "123", "b": "12"}, files={})
        assert answer.status_code == 200
        answer = await client.post("/", data={"a": "123", "b": "123"}, files={})
        assert answer.status_code == 413
