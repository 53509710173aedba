"""Runs the python blocks of a document, in order, in one namespace and one process.

``python run_document.py FILE`` runs every block that begins with ```` ```python ````. With
``--alone`` it leaves out those that say what they need beside the package, as in
```` ```python with starlette ````. A traceback has the line numbers of the document.
"""

import argparse
import re
from pathlib import Path

FENCE = re.compile(r"```(\w*)(.*)")


def python_lines(text: str, *, alone: bool = False) -> str:
    """The document with every line blanked that is not inside a python block."""
    inside = run = False
    lines = []
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence is None:
            lines.append(line if run else "")
            continue
        lines.append("")
        inside = not inside
        run = inside and fence[1] == "python" and not (alone and fence[2].strip())
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--alone", action="store_true", help="leave out what needs more")
    chosen = options.parse_args()
    source = python_lines(chosen.file.read_text("utf-8"), alone=chosen.alone)
    name = str(chosen.file)
    exec(compile(source, name, "exec"), {"__name__": "__example__", "__file__": name})


if __name__ == "__main__":
    main()
