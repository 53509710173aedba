"""The recipe for nginx, as the documentation shows it: with TLS, and under a path of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from serving import free_port, needed_program, process, wait_for_port

pytestmark = pytest.mark.system

PAGE = (Path(__file__).parents[1] / "docs" / "app" / "recipes.md").read_text("utf-8")
WHOLE, UNDER_A_PATH = re.findall(r"^```nginx\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
WHOLE_OPTIONS, PATH_OPTIONS = re.findall(
    r"^\$ drystone run shop.main:app (.*)$", PAGE, re.MULTILINE
)
REST = "# and the rest as above"

# A single process in the foreground, which keeps to its folder and to the user that starts it.
CONFIGURATION = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate made.pem;
        ssl_certificate_key made.key;
        {location}
    }}
}}
"""

APPLICATION = """
import asyncio
from drystone import App, Event, UploadFile, event_stream

app = App()
heard = asyncio.Event()

@app.get("/who", name="who")
async def who(request):
    return [request.client.host, request.is_secure, request.url, request.url_for("who")]

@app.post("/upload")
async def upload(file: UploadFile):
    return file.size

@app.get("/events")
async def events(request):
    async def two():
        yield Event("first")
        await heard.wait()  # the client tells it on another connection
        yield Event("second")
    return event_stream(two())

@app.post("/heard")
async def hear(request):
    heard.set()
"""


@contextmanager
def behind_nginx(folder: Path, location: str, options: str) -> Iterator[httpx.Client]:
    """A client of nginx from another address, with our application behind it."""
    nginx_program, openssl = needed_program("nginx"), needed_program("openssl")
    make = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    make += ["-nodes", "-days", "2", "-subj", "/CN=shop.example", "-out", "made.pem"]
    subprocess.run([*make, "-keyout", "made.key"], cwd=folder, check=True, capture_output=True)
    (folder / "shop").mkdir()
    (folder / "shop" / "main.py").write_text(APPLICATION, "utf-8")
    ours, port = free_port(), free_port()
    location = location.replace("127.0.0.1:8000", f"127.0.0.1:{ours}")
    (folder / "nginx.conf").write_text(CONFIGURATION.format(port=port, location=location))
    run = [sys.executable, "-m", "drystone", "run", "shop.main:app", "--port", str(ours)]
    nginx = [nginx_program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        process([*run, *options.split()], cwd=folder, **quiet) as server,
        process(nginx, **quiet) as proxy,
    ):
        wait_for_port(ours, server)
        wait_for_port(port, proxy)
        transport = httpx.HTTPTransport(verify=False, local_address="127.0.0.2")
        headers = {"host": "shop.example", "x-forwarded-for": "203.0.113.9"}  # a lie
        base = f"https://127.0.0.1:{port}"
        with httpx.Client(
            base_url=base, transport=transport, headers=headers, timeout=10
        ) as client:
            yield client


def test_the_recipe(tmp_path: Path) -> None:
    with behind_nginx(tmp_path, WHOLE, WHOLE_OPTIONS) as client:
        who = client.get("/who", headers={"x-forwarded-proto": "http"})
        assert who.json() == ["127.0.0.2", True, "https://shop.example/who", "/who"]

        large = bytes(3 * 2**20)  # more than nginx takes unless it is told
        assert client.post("/upload", files={"file": ("a", large)}).json() == len(large)

        with client.stream("GET", "/events") as response:
            lines = response.iter_lines()
            assert next(lines) == "data: first"
            assert client.post("/heard").status_code == 204
            assert "data: second" in lines


def test_the_recipe_under_a_path(tmp_path: Path) -> None:
    rest = WHOLE.split("\n", 2)[2].rsplit("}", 1)[0]  # all but the braces and where it leads
    location = UNDER_A_PATH.replace(REST, rest)
    assert "proxy_set_header" in location

    with behind_nginx(tmp_path, location, PATH_OPTIONS) as client:
        who = client.get("/shop/who")
        assert who.json() == ["127.0.0.2", True, "https://shop.example/shop/who", "/shop/who"]
