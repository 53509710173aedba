"""What ``drystone new`` writes: a small project that runs as it is."""

from __future__ import annotations

from pathlib import Path

APP = '''\
"""The application. Serve it: drystone run app:app"""

import msgspec
from drystone import App, HTTPError, html


class Task(msgspec.Struct):
    title: str
    done: bool = False


app: App[None] = App()
tasks: dict[int, Task] = {}


@app.get("/")
async def home():
    return html("<!doctype html><title>Tasks</title><h1>It runs</h1><a href=/tasks>Tasks</a>")


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
    return app


async def test_home(client):
    assert "It runs" in (await client.get("/")).text


async def test_tasks(client):
    made = await client.post("/tasks", json={"title": "write tests"})
    assert made.status_code == 201
    task = await client.get(f"/tasks/{made.json()['id']}")
    assert task.json() == {"title": "write tests", "done": False}
    assert (await client.get("/tasks/99")).status_code == 404
    assert (await client.post("/tasks", json={"title": 3})).status_code == 422
'''

PYPROJECT = """\
[project]
name = "{name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["drystone>=0.1,<0.2"]

[dependency-groups]
test = ["pytest>=8.4", "pytest-asyncio>=1.2"]

[tool.pytest.ini_options]
asyncio_mode = "auto"
pythonpath = ["."]
"""

DOCKERFILE = """\
FROM python:3.13-slim
RUN useradd --create-home app
WORKDIR /home/app
COPY pyproject.toml app.py ./
RUN pip install --no-cache-dir "drystone>=0.1,<0.2"
USER app
EXPOSE 8000
# The shell form of CMD would keep SIGTERM from the server.
CMD ["drystone", "run", "app:app", "--host", "0.0.0.0"]
"""

UNIT = """\
# /etc/systemd/system/{name}.service
[Unit]
Description={name}
After=network.target

[Service]
WorkingDirectory=/srv/{name}
ExecStart=/srv/{name}/.venv/bin/drystone run app:app --port 8000
DynamicUser=yes
Restart=on-failure
# Longer than the 30 s that the server gives requests to end.
TimeoutStopSec=40
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=yes

[Install]
WantedBy=multi-user.target
"""

FILES = {
    "app.py": APP,
    "test_app.py": TESTS,
    "pyproject.toml": PYPROJECT,
    "Dockerfile": DOCKERFILE,
    "{name}.service": UNIT,
    ".dockerignore": "*\n!app.py\n!pyproject.toml\n",
}


def make_project(folder: Path) -> list[Path]:
    """Write the files of a project.

    Args:
        folder: made where it does not exist; its name is the project's.

    Raises:
        ValueError: the folder holds something already, or its name is no project name.
    """
    name = folder.resolve().name
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"{name!r} is no name for a project: use letters, digits, - and _")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty; name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for path, text in FILES.items():
        target = folder / path.replace("{name}", name)
        target.write_text(text.replace("{name}", name), encoding="utf-8")
        made.append(target)
    return made
