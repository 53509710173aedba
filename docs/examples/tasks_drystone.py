"""A list of tasks as an API, with Drystone: ``drystone run tasks_drystone:app``."""

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from drystone import App, Depends, Group, Handler, Request, Response, json
from drystone.auth import authentication
from drystone_auth import Authenticator, Bearer, Principal, authenticated

FOLDER = Path(os.environ.get("TASKS_FOLDER", "."))
TOKENS = {"ada-token": "ada", "grace-token": "grace"}  # a real service stores hashes of them


class Priority(StrEnum):
    low = "low"
    normal = "normal"
    high = "high"


Title = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
TaskId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]  # what SQLite takes


class NewTask(msgspec.Struct):
    title: Title
    priority: Priority = Priority.normal


class TaskChange(msgspec.Struct):
    title: Title | None = None
    done: bool | None = None


class Task(msgspec.Struct):
    id: int
    title: str
    priority: Priority
    done: bool

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Task":
        return msgspec.convert(dict(row), cls, strict=False)


class NoSuchTask(Exception):
    def __init__(self, task_id: int) -> None:
        self.task_id = task_id


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(FOLDER / "tasks.sqlite3", check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db


def get_db() -> Iterator[sqlite3.Connection]:
    with closing(connect()) as db:
        yield db  # what was not committed is rolled back


async def find_user(token: str) -> Principal | None:
    user = TOKENS.get(token)
    return Principal(user) if user else None


def current_user(request: Request[None]) -> str:
    assert request.principal is not None  # the guard has seen to it
    return request.principal.id


def write_journal(line: str) -> None:
    with (FOLDER / "journal.txt").open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")


Database = Annotated[sqlite3.Connection, Depends(get_db, thread=True)]
User = Annotated[str, Depends(current_user)]

tasks = Group("/tasks", guards=[authenticated])


@tasks.get("")
def list_tasks(
    db: Database,
    user: User,
    done: bool | None = None,
    q: Annotated[str, msgspec.Meta(max_length=50)] = "",
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20,
) -> list[Task]:
    sql = """SELECT * FROM tasks WHERE owner = ? AND instr(title, ?) AND (? IS NULL OR done = ?)
             ORDER BY id LIMIT ?"""
    return [Task.of(row) for row in db.execute(sql, (user, q, done, done, limit))]


@tasks.post("", status=201)
def add_task(task: NewTask, db: Database, user: User, request: Request[None]) -> Task:
    sql = "INSERT INTO tasks (owner, title, priority) VALUES (?, ?, ?) RETURNING *"
    row = db.execute(sql, (user, task.title, task.priority)).fetchone()
    db.commit()
    request.run_after(write_journal, f"{user} added {task.title}")
    return Task.of(row)


@tasks.get("/{task_id}")
def get_task(task_id: TaskId, db: Database, user: User) -> Task:
    sql = "SELECT * FROM tasks WHERE id = ? AND owner = ?"
    row = db.execute(sql, (task_id, user)).fetchone()
    if row is None:
        raise NoSuchTask(task_id)
    return Task.of(row)


@tasks.patch("/{task_id}")
def change_task(task_id: TaskId, change: TaskChange, db: Database, user: User) -> Task:
    sql = """UPDATE tasks SET title = coalesce(?, title), done = coalesce(?, done)
             WHERE id = ? AND owner = ? RETURNING *"""
    row = db.execute(sql, (change.title, change.done, task_id, user)).fetchone()
    if row is None:
        raise NoSuchTask(task_id)
    db.commit()
    return Task.of(row)


@tasks.delete("/{task_id}")
def delete_task(task_id: TaskId, db: Database, user: User) -> None:
    get_task(task_id, db, user)
    db.execute("DELETE FROM tasks WHERE id = ?", (task_id,))
    db.commit()


@asynccontextmanager
async def lifespan(app: App[None]) -> AsyncIterator[None]:
    with closing(connect()) as db:
        db.execute(
            """CREATE TABLE IF NOT EXISTS tasks (
                id INTEGER PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
                priority TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)"""
        )
    yield


def measure(handler: Handler) -> Handler:
    async def measured(request: Request[Any]) -> Response:
        begun = time.perf_counter()
        response = await handler(request)
        response.headers["X-Process-Time"] = f"{time.perf_counter() - begun:.6f}"
        return response

    return measured


app = App(
    lifespan=lifespan,
    middleware=[measure, authentication(Authenticator(schemes=(Bearer(find_user),)))],
)
app.include(tasks)


@app.error_handler(NoSuchTask)
async def no_such_task(request: Request[None], error: NoSuchTask) -> Response:
    return json({"error": "no such task", "id": error.task_id}, 404)


@app.get("/")
async def home() -> dict[str, str]:
    return {"tasks": "/tasks"}
