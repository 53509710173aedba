"""The server beside its peers: CPU microseconds per request; see ``load.py``.

    nox -s bench -- server                      everything
    nox -s bench -- server get --rounds 1       one table: get, get14, echo, large, memory

Peers that are not installed are left out.
"""

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from load import BROWSER_HEADERS, Contender, Load, compare, table
from server_memory import memory_table

HERE = Path(__file__).parent
FLOOR = "floor (nothing parsed)"


def ours(kind: str) -> Contender:
    program = str(HERE / "server_contenders.py")
    name = FLOOR if kind == "floor" else f"drystone, {kind}"
    return Contender(name, [sys.executable, program, kind, "{port}"])


def peers() -> list[Contender]:
    """Compiled peers, running the same ASGI application."""
    app = ["server_contenders:asgi", "--host", "127.0.0.1", "--port", "{port}"]
    path = {"PYTHONPATH": str(HERE)}
    uvicorn = ["-m", "uvicorn", "--http", "httptools", "--loop", "uvloop", "--no-access-log"]
    granian = ["-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--workers", "1"]
    found = []
    if importlib.util.find_spec("uvicorn") and importlib.util.find_spec("httptools"):
        quiet = ["--log-level", "warning", "--lifespan", "off"]
        command = [sys.executable, *uvicorn, *quiet, *app]
        found.append(Contender("uvicorn + httptools, asgi", command, path))
    if importlib.util.find_spec("granian"):
        command = [sys.executable, *granian, "--log-level", "error", *app]
        found.append(Contender("granian, asgi", command, path))
    return found


def get(rounds: int, headers: dict[str, str]) -> str:
    contenders = [ours("floor"), ours("native"), ours("asgi"), *peers()]
    return table(compare(contenders, Load("/user/42", headers), rounds=rounds), floor=FLOOR)


def echo(rounds: int, folder: Path) -> str:
    script = folder / "echo.lua"
    script.write_text('wrk.method = "POST"\nwrk.body = string.rep("x", 10000)\n')
    contenders = [ours("native"), ours("asgi"), *peers()]
    return table(compare(contenders, Load("/", script=script), rounds=rounds))


def large(rounds: int) -> str:
    contenders = [ours("native"), ours("streamed"), ours("asgi"), *peers()]
    return table(compare(contenders, Load("/large", connections=8), rounds=rounds))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = ("get", "get14", "echo", "large", "memory")
    parser.add_argument("tables", nargs="*", help=f"of {', '.join(names)}; all by default")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    wanted = options.tables or names
    if wrong := set(wanted) - set(names):
        parser.error(f"no such table: {', '.join(sorted(wrong))}")
    with tempfile.TemporaryDirectory() as folder:
        tables = {
            "get": lambda: get(options.rounds, {"User-Agent": "wrk"}),
            "get14": lambda: get(options.rounds, BROWSER_HEADERS),
            "echo": lambda: echo(options.rounds, Path(folder)),
            "large": lambda: large(options.rounds),
            "memory": lambda: memory_table([ours("floor"), ours("native"), *peers()]),
        }
        for name in wanted:
            print(f"\n{name}\n\n{tables[name]()}", flush=True)


if __name__ == "__main__":
    main()
