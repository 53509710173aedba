"""What a list shows of a text: a part of it, with the words that a search found marked."""

import re

from .html import Markup, html

EXCERPT = 220  # characters


def cut(text: str, words: list[str]) -> str:
    """The part of a text that a list shows: its beginning, or where the first found word stands."""
    if len(text) <= EXCERPT:
        return text
    found = _pattern(words).search(text) if words else None
    start = _word_before(text, found.start() - EXCERPT // 4) if found else 0
    end = start + EXCERPT
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def _word_before(text: str, place: int) -> int:
    """Where the word begins that stands at ``place``, if it is not too long."""
    begin = text.rfind(" ", max(0, place - 20), max(0, place)) + 1
    return begin or max(0, place)


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
