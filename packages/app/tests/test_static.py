# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""A folder of files under a prefix."""

from pathlib import Path
from typing import Any

import pytest
from drystone import App, HTTPError, compression, static
from drystone._files.folders import _find
from drystone.testing import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "public2").mkdir()
    (tmp_path / "public2" / "secret.txt").write_text("secret")
    public = tmp_path / "public"
    (public / "docs" / "empty").mkdir(parents=True)
    (public / ".well-known").mkdir()
    (public / ".git").mkdir()
    for name in ("a.txt", ".env", "docs/index.html", "docs/b c.css", ".git/config"):
        (public / name).write_text(f"this is {name}")
    (public / ".well-known" / "security.txt").write_text("this is security")
    (public / "out.txt").symlink_to(tmp_path / "secret.txt")
    (public / "outside").symlink_to(tmp_path)
    (public / "beside").symlink_to(tmp_path / "public2")
    (public / "in.txt").symlink_to(public / "a.txt")
    (public / "circle").symlink_to(public / "circle")
    return public


async def ask(app: App[None], path: str, **options: Any) -> Any:
    async with Client(app) as client:
        return await client.get(path, **options)


def app_with(*args: Any, **options: Any) -> App[None]:
    app: App[None] = App()
    app.include(static(*args, **options))
    return app


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/a.txt", "this is a.txt"),
        ("/docs/b%20c.css", "this is docs/b c.css"),
        ("/.well-known/security.txt", "this is security"),
        ("/in.txt", "this is a.txt"),
        ("/docs/index.html", "this is docs/index.html"),
    ],
)
async def test_files(folder: Path, path: str, text: str) -> None:
    answer = await ask(app_with("/static", folder), f"/static{path}")
    assert answer.text == text
    assert answer.headers.get("cache-control") == "no-cache"
    assert answer.headers.get("x-content-type-options") == "nosniff"
    again = {"if-none-match": answer.headers.get("etag")}
    assert (await ask(app_with("", folder), path, headers=again)).status_code == 304


HOSTILE = [
    "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt",
    "docs/../../secret.txt", "docs/..%2f..%2fsecret.txt", "..%5csecret.txt", "..\\secret.txt",
    "out.txt", "outside/secret.txt", "beside/secret.txt", "/etc/passwd", "%2fetc%2fpasswd",
    "C:%5Ca.txt", "a.txt:stream", "a.txt%00", "%00", "a.txt/", "docs//index.html", "./a.txt",
    "circle", "circle/a.txt",
    "%2e/a.txt",
    ".env", ".git/config", "docs", "docs/", "docs/empty", "", ".", "..", "nothing", "a" * 300,
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
async def test_nothing_else(folder: Path, path: str) -> None:
    for prefix in ("", "/static"):
        answer = await ask(app_with(prefix, folder), f"{prefix}/{path}".replace("\\", "%5c"))
        assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret.txt", "docs\\b c.css", "outside/secret.txt"]
)
def test_a_path_that_comes_through_any_router(folder: Path, path: str) -> None:
    assert _find(folder, path, None) is None
    assert _find(folder, path, "index.html") is None


@pytest.mark.parametrize("prefix", ["", "/static"])
async def test_an_index(folder: Path, prefix: str) -> None:
    app = app_with(prefix, folder, index="index.html")
    assert (await ask(app, f"{prefix}/docs/")).text == "this is docs/index.html"
    moved = await ask(app, f"{prefix}/docs?a=1")
    assert moved.status_code == 307
    assert moved.headers.get("location") == f"{prefix}/docs/?a=1"
    for missing in ("/", "/docs/empty", "/docs/empty/", "/a.txt/"):
        assert (await ask(app, f"{prefix}{missing}")).status_code == 404
    (folder / "index.html").write_text("home")
    assert (await ask(app, f"{prefix}/")).text == "home"
    if prefix:
        assert (await ask(app, prefix)).headers.get("location") == "/static/"


async def test_inside_a_mounted_application_and_by_name(folder: Path) -> None:
    inner = app_with("/files", folder, index="index.html", name="file", cache_control="max-age=9")

    @inner.get("/where")
    async def where(request):
        return request.url_for("file", path="docs/b c.css")

    outer: App[None] = App()
    outer.mount("/in", inner)
    path = (await ask(outer, "/in/where")).text
    answer = await ask(outer, path)
    assert answer.text == "this is docs/b c.css"
    assert answer.headers.get("cache-control") == "max-age=9"
    assert (await ask(outer, "/in/files/docs")).headers.get("location") == "/in/files/docs/"


async def test_guards(folder: Path) -> None:
    def refuse(request):
        raise HTTPError(403)

    assert (await ask(app_with("/s", folder, guards=[refuse]), "/s/a.txt")).status_code == 403


def test_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(ValueError, match="There is no folder"):
        static("/static", folder / "missing")


async def test_files_that_were_compressed_before(folder: Path) -> None:
    (folder / "app.js").write_text("plain")
    for end in ("zst", "br", "gz"):
        (folder / f"app.js.{end}").write_text(f"as {end}")
    app = app_with("/s", folder, precompressed=True)
    tags = set()
    for accepted, coding, content in [
        ("gzip, deflate, br, zstd", "zstd", "as zst"),
        ("gzip, br", "br", "as br"),
        ("gzip", "gzip", "as gz"),
        ("gzip;q=0", None, "plain"),
        ("", None, "plain"),
    ]:
        headers = {"accept-encoding": accepted}
        answer = await ask(app, "/s/app.js", headers=headers)
        assert (answer.headers.get("content-encoding"), answer.text) == (coding, content)
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["cache-control"] == "no-cache"
        tags.add(tag := answer.headers["etag"])
        headers["if-none-match"] = tag
        known = await ask(app, "/s/app.js", headers=headers)
        assert (known.status_code, known.headers["etag"]) == (304, tag)
        assert known.headers["vary"] == "accept-encoding"
        part = await ask(
            app, "/s/app.js", headers={"accept-encoding": accepted, "range": "bytes=0-1"}
        )
        assert (part.status_code, part.text) == (206, content[:2])
        assert part.headers.get("content-encoding") == coding
    assert len(tags) == 4
    itself = await ask(app, "/s/app.js.br", headers={"accept-encoding": "br"})
    assert itself.headers["content-type"] == "application/octet-stream"
    assert "content-encoding" not in itself.headers
    bare = await ask(app, "/s/a.txt", headers={"accept-encoding": "gzip"})
    assert "vary" not in bare.headers


async def test_no_link_leads_out_by_the_name_of_a_coding(folder: Path) -> None:
    (folder / "a.txt.gz").symlink_to(folder.parent / "secret.txt")
    (folder / "a.txt.br").mkdir()
    app = app_with("/s", folder, precompressed=True)
    answer = await ask(app, "/s/a.txt", headers={"accept-encoding": "gzip, br"})
    assert answer.text == "this is a.txt"


async def test_what_was_compressed_before_is_not_compressed_again(folder: Path) -> None:
    (folder / "a.txt").write_text("long " * 1000)
    (folder / "a.txt.gz").write_text("as gz")
    app = app_with("/s", folder, precompressed=True)
    app.add_middleware(compression())
    answer = await ask(app, "/s/a.txt", headers={"accept-encoding": "gzip"})
    assert (answer.text, answer.headers["vary"]) == ("as gz", "accept-encoding")


PIECES = [
    "",
    ".",
    "..",
    "a.txt",
    "docs",
    "index.html",
    "out.txt",
    "outside",
    "beside",
    "secret.txt",
]
PATHS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=5).map("/".join)


@settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=PATHS, index=st.none() | st.just("index.html"))
def test_no_path_at_all_leads_out(folder: Path, path: str, index: str | None) -> None:
    found = _find(folder, path, index)
    if found is not None:
        assert found.is_relative_to(folder.resolve())
        assert "secret" not in found.name
