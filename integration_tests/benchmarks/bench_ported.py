"""The ported application of the documentation, before and after, each as its users serve it.

    nox -s bench -- ported                 both addresses
    nox -s bench -- ported --rounds 1

Figures: CPU microseconds of the server per request; see ``load.py``.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from load import Contender, Load, compare, table

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ADDRESSES = {
    "/": "a handler that answers a constant",
    "/tasks/1": "a token, a connection to SQLite by dependency, a row, in a thread",
}


def contenders(folder: str) -> list[Contender]:
    found = [path for path in (os.environ.get("PYTHONPATH"), str(EXAMPLES)) if path]
    environment = {"TASKS_FOLDER": folder, "PYTHONPATH": os.pathsep.join(found)}
    commands = {
        "drystone": ["drystone", "run", "tasks_drystone:app"],
        "fastapi on uvicorn": ["uvicorn", "tasks_fastapi:app", "--log-level", "warning"],
    }
    return [
        Contender(
            name,
            [sys.executable, "-m", *command, "--no-access-log", "--port", "{port}"],
            environment,
        )
        for name, command in commands.items()
    ]


async def add_a_task(folder: str) -> None:
    sys.path.insert(0, str(EXAMPLES))
    os.environ["TASKS_FOLDER"] = folder
    from drystone.testing import Client
    from tasks_drystone import app

    async with Client(app, headers=TOKEN) as client:
        made = await client.post("/tasks", json={"title": "lay stones"})
        made.raise_for_status()


TOKEN = {"authorization": "Bearer ada-token"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(add_a_task(folder))
        for path, told in ADDRESSES.items():
            load = Load(path, TOKEN, seconds=options.seconds)
            figures = compare(contenders(folder), load, rounds=options.rounds)
            print(f"\n### GET {path}: {told}\n\n{table(figures, floor='drystone')}")


if __name__ == "__main__":
    main()
