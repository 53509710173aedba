"""Every python block of the README and the documentation runs, file by file.

The blocks of one file run in order in one namespace and in one process. The program that runs has
the file's own line numbers, so a traceback points into the document.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"^```(\w*)\s*$")
DOCUMENTS = [
    path
    for pattern in ("README.md", "CONTRIBUTING.md", "packages/*/README.md", "docs/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if "_build" not in path.parts
]
RUNNER = """
import sys
source, name = sys.stdin.read(), sys.argv[1]
exec(compile(source, name, "exec"), {"__name__": "__example__", "__file__": name})
"""


def python_lines(text: str) -> str:
    """The document with every line blanked that is not inside a python fence."""
    language = None
    lines = []
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and language is None:
            language = fence[1] or "text"
        elif line.startswith("```"):
            language = None
        elif language == "python":
            lines.append(line)
            continue
        lines.append("")
    return "\n".join(lines)


WITH_CODE = [path for path in DOCUMENTS if python_lines(path.read_text("utf-8")).strip()]


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_blocks_run(path: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER, str(path)],
        input=python_lines(path.read_text("utf-8")),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "name", ["README.md", "packages/parser/README.md", "packages/app/README.md"]
)
def test_the_first_pages_show_code(name: str) -> None:
    assert ROOT / name in WITH_CODE


def test_a_broken_block_would_be_seen() -> None:
    source = python_lines("text\n\n```python\nbroken(\n```\n\n```console\nnot python\n```\n")

    assert source.split("\n") == ["", "", "", "broken(", "", "", "", "", ""]
