"""The files of a new project, by name.

``{name}`` stands for the project's, ``{image}`` for that of its container image, in small letters.
"""

from __future__ import annotations

APP = '''\
"""The application. Serve it: drystone run app:app"""

from typing import Annotated

import msgspec
from drystone import App, HTTPError, html


class Task(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1)]
    done: bool = False


app: App[None] = App()
tasks: dict[int, Task] = {}  # gone when the program stops; a database comes here

HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<h1>It runs</h1>
<p>The tasks are at <a href="/tasks">/tasks</a>.</p>
</html>"""


@app.get("/")
async def home():
    return html(HOME)


@app.get("/tasks")
async def list_tasks(done: bool | None = None):
    return {id: task for id, task in tasks.items() if done is None or task.done is done}


@app.post("/tasks", status=201)
async def add_task(task: Task):
    tasks[len(tasks) + 1] = task
    return {"id": len(tasks)}


@app.get("/tasks/{id}")
async def get_task(id: int):
    if id not in tasks:
        raise HTTPError(404, f"There is no task {id}")
    return tasks[id]
'''

TESTS = '''\
"""Run them: pytest"""

import pytest
from app import app


@pytest.fixture
def drystone_app():
    """What the fixture `client` talks to."""
    return app


async def test_home(client):
    assert "It runs" in (await client.get("/")).text


async def test_tasks(client):
    made = await client.post("/tasks", json={"title": "write tests"})
    assert made.status_code == 201
    task = await client.get(f"/tasks/{made.json()['id']}")
    assert task.json() == {"title": "write tests", "done": False}


async def test_mistakes_are_told(client):
    assert (await client.get("/tasks/99")).status_code == 404
    wrong = await client.post("/tasks", json={"title": "", "done": "maybe"})
    assert wrong.status_code == 422
    assert [fault["pointer"] for fault in wrong.json()["errors"]] == ["#/title", "#/done"]
'''

README = """\
# {name}

Set up, test, serve:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements-test.txt
    .venv/bin/pytest
    .venv/bin/drystone run app:app --reload

Ask it:

    curl http://127.0.0.1:8000/tasks --json '{"title": "read this"}'
    curl http://127.0.0.1:8000/tasks

In a container:

    docker build -t {image} .
    docker run --rm -p 8000:8000 {image}

On a machine with systemd, in `/srv/{name}` with its `.venv`, behind a proxy that speaks TLS:

    sudo cp {name}.service /etc/systemd/system/
    sudo systemctl enable --now {name}
"""

PYPROJECT = """\
[tool.pytest.ini_options]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
pythonpath = ["."]
"""

DOCKERFILE = """\
FROM python:3.13-slim
RUN useradd --uid 10001 --create-home app
WORKDIR /home/app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY app.py ./
USER 10001
EXPOSE 8000
# As a list: a shell between would keep SIGTERM, and with it the orderly stop, from the server.
# docker stop waits 10 seconds; requests at work get 8 of them to end.
CMD ["drystone", "run", "app:app", "--host", "0.0.0.0", "--shutdown-timeout", "8"]
"""

UNIT = """\
[Unit]
Description={name}
After=network.target

[Service]
WorkingDirectory=/srv/{name}
ExecStart=/srv/{name}/.venv/bin/drystone run app:app --port 8000
Restart=on-failure
# Longer than the 30 s that the server gives requests to end.
TimeoutStopSec=40
# A user of its own, with a folder to write to: $STATE_DIRECTORY, which is /var/lib/{name}.
DynamicUser=yes
StateDirectory={name}
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
UMask=0077

[Install]
WantedBy=multi-user.target
"""

FILES = {
    "app.py": APP,
    "test_app.py": TESTS,
    "README.md": README,
    "requirements.txt": "drystone>=0.1,<0.2\n",
    "requirements-test.txt": (
        "-r requirements.txt\ndrystone[reload]\npytest>=8.4\npytest-asyncio>=1.2\n"
    ),
    "pyproject.toml": PYPROJECT,
    "Dockerfile": DOCKERFILE,
    ".dockerignore": "*\n!app.py\n!requirements.txt\n",
    ".gitignore": ".venv/\n__pycache__/\n",
    "{name}.service": UNIT,
}
