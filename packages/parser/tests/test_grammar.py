"""The patterns: what keeps them right on every Python that is supported."""

import importlib
import pkgutil
import re

import drystone_parser


def test_no_group_is_possessive() -> None:
    """Before Python 3.11.5 one that fails half-way goes on from there: wrong verdicts."""
    seen = 0
    for module in pkgutil.iter_modules(drystone_parser.__path__, "drystone_parser."):
        for value in vars(importlib.import_module(module.name)).values():
            pattern = getattr(getattr(value, "__self__", value), "pattern", None)
            if isinstance(pattern, str | bytes):
                text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
                outside_classes = re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", text)
                assert not re.search(r"\)(?:[*+?]|\{[0-9,]*\})\+|\(\?>", outside_classes), text
                seen += 1
    assert seen > 8
