"""One suite for all: each test runs against the FastAPI application, the Drystone one, and both."""

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from drystone.testing import Client

ADA = {"authorization": "Bearer ada-token"}
GRACE = {"authorization": "Bearer grace-token"}
NEEDS_FASTAPI = pytest.mark.frameworks
APPLICATIONS = [
    pytest.param("tasks_fastapi", marks=NEEDS_FASTAPI),
    pytest.param("tasks_halfway", marks=NEEDS_FASTAPI),
    "tasks_drystone",
]


@asynccontextmanager
async def running(name: str) -> AsyncIterator[Any]:
    """A client of the framework's own kind, with the application running behind it."""
    app = importlib.import_module(name).app
    if name == "tasks_fastapi":
        transport = httpx.ASGITransport(app)
        web = httpx.AsyncClient(transport=transport, base_url="http://localhost")
        async with app.router.lifespan_context(app), web:
            yield web
    else:
        async with Client(app) as client:
            yield client


@pytest.fixture(params=APPLICATIONS)
def name(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The module of an application, which keeps its data in an empty folder."""
    keeper = "tasks_drystone" if request.param == "tasks_drystone" else "tasks_fastapi"
    monkeypatch.setattr(importlib.import_module(keeper), "FOLDER", tmp_path)
    return str(request.param)


@pytest.fixture
async def client(name: str) -> AsyncIterator[Any]:
    async with running(name) as client:
        yield client


async def add(client: Any, title: str, who: dict[str, str] = ADA, **more: Any) -> dict[str, Any]:
    answer = await client.post("/tasks", json={"title": title, **more}, headers=who)
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.json()
    return task


async def test_home_is_open_and_every_answer_is_timed(client: Any) -> None:
    answer = await client.get("/")
    assert answer.json() == {"tasks": "/tasks"}
    assert float(answer.headers["x-process-time"]) >= 0
    assert "x-process-time" in (await client.get("/nowhere")).headers


async def test_a_task_is_added_read_changed_and_deleted(client: Any) -> None:
    task = await add(client, "lay stones", priority="high")
    assert task == {"id": 1, "title": "lay stones", "priority": "high", "done": False}
    assert (await client.get("/tasks/1", headers=ADA)).json() == task

    changed = await client.patch("/tasks/1", json={"done": True}, headers=ADA)
    assert changed.json() == {**task, "done": True}

    gone = await client.delete("/tasks/1", headers=ADA)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get("/tasks/1", headers=ADA)).status_code == 404


async def test_the_list_is_filtered(client: Any) -> None:
    for title in ("lay stones", "cut stones", "rest"):
        await add(client, title)
    await client.patch("/tasks/2", json={"done": True}, headers=ADA)

    async def titles(query: str) -> list[str]:
        answer = await client.get(f"/tasks{query}", headers=ADA)
        return [task["title"] for task in answer.json()]

    assert await titles("") == ["lay stones", "cut stones", "rest"]
    assert await titles("?q=stones") == ["lay stones", "cut stones"]
    assert await titles("?q=stones&done=false") == ["lay stones"]
    assert await titles("?done=true") == ["cut stones"]
    assert await titles("?limit=1") == ["lay stones"]


async def test_nobody_sees_the_tasks_of_another(client: Any) -> None:
    await add(client, "a secret")
    assert (await client.get("/tasks", headers=GRACE)).json() == []
    for method in ("GET", "DELETE"):
        assert (await client.request(method, "/tasks/1", headers=GRACE)).status_code == 404
    assert len((await client.get("/tasks", headers=ADA)).json()) == 1


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer of-bad-news"}])
async def test_a_stranger_is_told_how_to_come_in(client: Any, headers: dict[str, str]) -> None:
    answer = await client.get("/tasks", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_exception_of_ours_has_an_answer_of_ours(client: Any) -> None:
    answer = await client.patch("/tasks/7", json={"done": True}, headers=ADA)
    assert answer.status_code == 404
    assert answer.json() == {"error": "no such task", "id": 7}


@pytest.mark.parametrize(
    ("method", "url", "body", "places"),
    [
        ("POST", "/tasks", {}, {"title"}),
        ("POST", "/tasks", {"title": "", "priority": "urgent"}, {"title", "priority"}),
        ("POST", "/tasks", {"title": "x" * 101}, {"title"}),
        ("PATCH", "/tasks/1", {"done": "perhaps"}, {"done"}),
        ("GET", "/tasks/first", None, {"task_id"}),
        ("GET", f"/tasks/{2**63}", None, {"task_id"}),
        ("GET", "/tasks?limit=0&done=perhaps", None, {"limit", "done"}),
        ("GET", f"/tasks?q={'x' * 51}", None, {"q"}),
    ],
)
async def test_what_does_not_fit_is_422_with_every_place(
    client: Any, method: str, url: str, body: Any, places: set[str]
) -> None:
    answer = await client.request(method, url, json=body, headers=ADA)
    assert answer.status_code == 422
    assert wrong_places(answer.json()) == places


def wrong_places(answer: dict[str, Any]) -> set[str]:
    """Where the faults are, in the words of the one or the other."""
    if "detail" in answer and isinstance(answer["detail"], list):  # FastAPI
        return {fault["loc"][-1] for fault in answer["detail"]}
    return {fault.get("name") or fault["pointer"].split("/")[-1] for fault in answer["errors"]}


async def test_the_journal_is_written_after_the_answer(name: str, tmp_path: Path) -> None:
    async with running(name) as client:
        await add(client, "lay stones")
        await add(client, "rest", GRACE)
    # An application that stops has done what was to be done after its answers.
    journal = (tmp_path / "journal.txt").read_text("utf-8")
    assert sorted(journal.splitlines()) == ["ada added lay stones", "grace added rest"]


DIFFERENCES = [  # method, address, and the status with FastAPI and with Drystone
    ("HEAD", "/", 405, 200),
    ("OPTIONS", "/", 405, 204),
    ("GET", "/tasks/", 307, 404),
    ("GET", "/tasks?done=yes", 200, 422),
    ("GET", "/tasks/007", 404, 422),
]


@pytest.mark.parametrize(("method", "url", "before", "after"), DIFFERENCES)
async def test_where_they_differ(
    name: str, client: Any, method: str, url: str, before: int, after: int
) -> None:
    moved = name == "tasks_drystone" or (name == "tasks_halfway" and (method, url) == ("HEAD", "/"))
    answer = await client.request(method, url, headers=ADA)
    assert answer.status_code == (after if moved else before)


async def test_errors_are_problem_details(name: str, client: Any) -> None:
    answer = await client.get("/nowhere")
    assert answer.status_code == 404
    if name == "tasks_drystone":
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "Not Found"
    else:
        assert answer.json() == {"detail": "Not Found"}
