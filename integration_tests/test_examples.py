"""Every python block of the README and the documentation runs, file by file."""

import subprocess
import sys
from pathlib import Path

import pytest
from run_document import python_lines

ROOT = Path(__file__).parent.parent
RUNNER = Path(__file__).parent / "run_document.py"
DOCUMENTS = [
    path
    for pattern in ("README.md", "CONTRIBUTING.md", "packages/*/README.md", "docs/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if "_build" not in path.parts
]
WITH_CODE = [path for path in DOCUMENTS if python_lines(path.read_text("utf-8")).strip()]


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_blocks_run(path: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", RUNNER, path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("package", ["parser", "router", "server", "auth", "app"])
def test_a_package_shows_code_that_needs_nothing_else(package: str) -> None:
    text = (ROOT / "packages" / package / "README.md").read_text("utf-8")

    assert python_lines(text, alone=True).strip()


DOCUMENT = """\
text

```python
first()
```

```console
not python
```

```python with starlette
second()
```
"""


def test_blocks_keep_their_line_numbers() -> None:
    lines = python_lines(DOCUMENT).split("\n")

    assert {number: line for number, line in enumerate(lines, start=1) if line} == {
        4: "first()",
        12: "second()",
    }


def test_a_block_that_needs_more_is_left_out_where_a_package_is_alone() -> None:
    assert python_lines(DOCUMENT, alone=True).split() == ["first()"]
