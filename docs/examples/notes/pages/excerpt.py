"""What a list shows of a text: a part of it, with the words that a search found marked."""

import re

from .html import Markup, html

EXCERPT = 220  # characters


def cut(text: str, words: list[str]) -> str:
    """The part of a text that a list shows: its beginning, or where the first found word stands."""
    if len(text) <= EXCERPT:
        return text
    found = _pattern(words).search(text) if words else None
    start = max(0, found.start() - EXCERPT // 4) if found else 0
    return (
        ("…" if start else "")
        + text[start : start + EXCERPT].strip()
        + ("…" if start + EXCERPT < len(text) else "")
    )


def marked(text: str, words: list[str]) -> Markup:
    """The text with each found word marked."""
    if not words:
        return html("{text}", text=text)
    pieces = _pattern(words).split(text)  # plain, found, plain, found, ..., plain
    return html(
        "{pieces}",
        pieces=(html("<mark>{p}</mark>", p=p) if n % 2 else p for n, p in enumerate(pieces)),
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
