"""The blocks of other frameworks on the pages for who comes from them run as they stand there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[1] / "app"


@pytest.mark.frameworks
@pytest.mark.parametrize(
    ("page", "caption"), [("from-fastapi.md", "FastAPI"), ("from-flask.md", "Flask")]
)
def test_what_one_comes_from_runs(page: str, caption: str, tmp_path: Path) -> None:
    text = (PAGES / page).read_text("utf-8")
    fence = rf"^```\{{code-block\}} python\n:caption: {caption}\n\n(.*?)^```$"
    blocks = re.findall(fence, text, re.DOTALL | re.MULTILINE)
    assert len(blocks) > 5
    program = tmp_path / "before.py"
    program.write_text("\n".join(blocks), "utf-8")

    ran = subprocess.run(
        [sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert ran.returncode == 0, ran.stderr
