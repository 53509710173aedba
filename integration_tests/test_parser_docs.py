"""The parser's pages name what the code has."""

import re
from dataclasses import fields
from pathlib import Path

from drystone_parser import DEFAULT
from drystone_parser.testing import LIMIT_CASES, REQUEST_CASES, RESPONSE_CASES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "parser.md").read_text("utf-8")
SOURCES = sorted((ROOT / "packages" / "parser" / "src" / "drystone_parser").glob("*.py"))
# Reasons stand in double quotes with a dash; so do field names and media types, which are known.
REASON = re.compile(r'"((?:ambiguous|bad|bare|missing|repeated|too|unknown|unsupported)-[a-z-]+)"')


def test_every_reason_is_documented_and_has_a_case() -> None:
    cases = [*REQUEST_CASES, *LIMIT_CASES, *RESPONSE_CASES]
    tried = {case.reason for case in cases if case.reason}
    used = {reason for path in SOURCES for reason in REASON.findall(path.read_text("utf-8"))}
    assert used <= tried
    assert {reason for reason in tried if f"`{reason}`" not in PAGE} == set()


def test_every_limit_is_documented_with_its_default() -> None:
    for field in fields(DEFAULT):
        value = getattr(DEFAULT, field.name)
        shown = next(
            text
            for size, text in (
                (1 << 20, f"{value >> 20} MiB"),
                (1024, f"{value >> 10} KiB"),
                (0, f"{value}"),
            )
            if value >= size
        )
        assert f"| `{field.name}` | {shown} |" in PAGE
