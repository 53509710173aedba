"""A list of tasks as an API, with FastAPI: ``uvicorn tasks_fastapi:app``."""

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import (
    APIRouter,
    BackgroundTasks,
    Depends,
    FastAPI,
    HTTPException,
    Query,
    Request,
    Response,
)
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

FOLDER = Path(os.environ.get("TASKS_FOLDER", "."))
TOKENS = {"ada-token": "ada", "grace-token": "grace"}  # a real service stores hashes of them


class Priority(StrEnum):
    low = "low"
    normal = "normal"
    high = "high"


Title = Annotated[str, Field(min_length=1, max_length=100)]
TaskId = Annotated[int, Field(ge=1, le=2**63 - 1)]  # what SQLite takes


class NewTask(BaseModel):
    title: Title
    priority: Priority = Priority.normal


class TaskChange(BaseModel):
    title: Title | None = None
    done: bool | None = None


class Task(BaseModel):
    id: int
    title: str
    priority: Priority
    done: bool


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


bearer = HTTPBearer()


def current_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    user = TOKENS.get(credentials.credentials)
    if user is None:
        raise HTTPException(401, "Wrong token", headers={"WWW-Authenticate": "Bearer"})
    return user


def write_journal(line: str) -> None:
    with (FOLDER / "journal.txt").open("a", encoding="utf-8") as journal:
        journal.write(line + "\n")


Database = Annotated[sqlite3.Connection, Depends(get_db)]
User = Annotated[str, Depends(current_user)]

router = APIRouter(prefix="/tasks", dependencies=[Depends(current_user)])


@router.get("")
def list_tasks(
    db: Database,
    user: User,
    done: bool | None = None,
    q: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Task]:
    sql = """SELECT * FROM tasks WHERE owner = ? AND instr(title, ?) AND (? IS NULL OR done = ?)
             ORDER BY id LIMIT ?"""
    return [Task(**row) for row in db.execute(sql, (user, q, done, done, limit))]


@router.post("", status_code=201)
def add_task(task: NewTask, db: Database, user: User, background: BackgroundTasks) -> Task:
    sql = "INSERT INTO tasks (owner, title, priority) VALUES (?, ?, ?) RETURNING *"
    row = db.execute(sql, (user, task.title, task.priority)).fetchone()
    db.commit()
    background.add_task(write_journal, f"{user} added {task.title}")
    return Task(**row)


@router.get("/{task_id}")
def get_task(task_id: TaskId, db: Database, user: User) -> Task:
    sql = "SELECT * FROM tasks WHERE id = ? AND owner = ?"
    row = db.execute(sql, (task_id, user)).fetchone()
    if row is None:
        raise NoSuchTask(task_id)
    return Task(**row)


@router.patch("/{task_id}")
def change_task(task_id: TaskId, change: TaskChange, db: Database, user: User) -> Task:
    sql = """UPDATE tasks SET title = coalesce(?, title), done = coalesce(?, done)
             WHERE id = ? AND owner = ? RETURNING *"""
    row = db.execute(sql, (change.title, change.done, task_id, user)).fetchone()
    if row is None:
        raise NoSuchTask(task_id)
    db.commit()
    return Task(**row)


@router.delete("/{task_id}", status_code=204)
def delete_task(task_id: TaskId, db: Database, user: User) -> None:
    get_task(task_id, db, user)
    db.execute("DELETE FROM tasks WHERE id = ?", (task_id,))
    db.commit()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    with closing(connect()) as db:
        db.execute(
            """CREATE TABLE IF NOT EXISTS tasks (
                id INTEGER PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
                priority TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)"""
        )
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.middleware("http")
async def measure(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    begun = time.perf_counter()
    response = await call_next(request)
    response.headers["X-Process-Time"] = f"{time.perf_counter() - begun:.6f}"
    return response


@app.exception_handler(NoSuchTask)
async def no_such_task(request: Request, error: NoSuchTask) -> JSONResponse:
    return JSONResponse({"error": "no such task", "id": error.task_id}, 404)


@app.get("/")
async def home() -> dict[str, str]:
    return {"tasks": "/tasks"}
