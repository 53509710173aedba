"""Plant one fault of each kind in a copy of the tree, and see that the check against it fails.

Run by ``nox -s walls``, in an environment with the tools of lint and types and all five packages.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("parser", "router", "server", "auth", "app")


@dataclass(frozen=True)
class Fault:
    """What is planted, the check that must fail then, and a word that its output must hold."""

    name: str
    plant: Callable[[Path], None]
    check: Sequence[str]
    told: str


def append(file: str, text: str) -> Callable[[Path], None]:
    def plant(tree: Path) -> None:
        path = tree / file
        path.write_text(path.read_text("utf-8") + text, "utf-8")

    return plant


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(tree: Path) -> None:
        path = tree / file
        source = path.read_text("utf-8")
        if old not in source:
            sys.exit(f"{file} has no {old!r} any more: mend the planted fault")
        path.write_text(source.replace(old, new), "utf-8")

    return plant


FAULTS = [
    Fault(
        "a sibling import",
        append("packages/router/src/drystone_router/__init__.py", "\nimport drystone_parser\n"),
        ["lint-imports"],
        "drystone_router -> drystone_parser",
    ),
    Fault(
        "a sibling import for types only",
        append(
            "packages/auth/src/drystone_auth/__init__.py",
            "\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import drystone_server\n",
        ),
        ["lint-imports"],
        "drystone_auth -> drystone_server",
    ),
    Fault(
        "an event loop in the parser",
        append("packages/parser/src/drystone_parser/__init__.py", "\nimport asyncio\n"),
        ["lint-imports"],
        "drystone_parser -> asyncio",
    ),
    Fault(
        "a circle of imports for types only",
        append(
            "packages/app/src/drystone/_request.py",
            "\nif TYPE_CHECKING:\n    from ._app import App\n",
        ),
        ["lint-imports"],
        "No cycles are allowed in drystone",
    ),
    Fault(
        "a circle of imports by one inside a function",
        append(
            "packages/parser/src/drystone_parser/_errors.py",
            "\ndef _late() -> None:\n    from . import _request_parser\n",
        ),
        ["lint-imports"],
        "No cycles are allowed in drystone_parser",
    ),
    Fault(
        "a circle through the front of a package",
        append("packages/server/src/drystone_server/_head.py", "\nimport drystone_server\n"),
        ["lint-imports"],
        "drystone_server._head -> drystone_server",
    ),
    Fault(
        "a type drift at a seam",
        replace(
            "packages/parser/src/drystone_parser/_body.py",
            "def next_body(self) -> bytes | None:",
            "def next_body(self) -> str | None:",
        ),
        ["mypy", "integration_tests/check_interfaces.py"],
        "check_interfaces.py",
    ),
    Fault(
        "a broken example in the README",
        append("README.md", "\n```python\nassert app.router is None, 'broken on purpose'\n```\n"),
        [
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "integration_tests/test_examples.py",
            "-k",
            "README",
        ],
        "broken on purpose",
    ),
]


def copy_tree(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)


def caught(fault: Fault) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        fault.plant(tree)
        sources = os.pathsep.join(str(tree / "packages" / name / "src") for name in PACKAGES)
        environment = {**os.environ, "PYTHONPATH": sources, "MYPYPATH": sources}
        ran = subprocess.run(
            fault.check, cwd=tree, env=environment, capture_output=True, text=True, timeout=300
        )
        output = ran.stdout + ran.stderr
        return ran.returncode != 0 and fault.told in output, output


def main() -> None:
    missed = 0
    for fault in FAULTS:
        found, output = caught(fault)
        print(f"{'caught' if found else 'MISSED'}: {fault.name} ({fault.check[0]})", flush=True)
        if not found:
            print(output)
            missed += 1
    print(f"{len(FAULTS) - missed} passed, {missed} failed")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
