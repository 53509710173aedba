"""What a form may say: a check answers the values as they are stored, and the errors by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

TITLE_MAX = 120  # characters
TEXT_MAX = 20_000
NAME_MAX = 40
PASSWORD_MIN, PASSWORD_MAX = 10, 256
NAME = re.compile(r"[\w][\w.-]*")


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A note that somebody wants to save."""

    title: str
    text: str
    errors: Mapping[str, str]


def check_note(title: str, text: str) -> NoteForm:
    """Check a note, however it came in."""
    title, text = " ".join(title.split()), text.replace("\r\n", "\n")
    errors = {}
    if not title:
        errors["title"] = "Give the note a title."
    elif len(title) > TITLE_MAX:
        errors["title"] = f"Use at most {TITLE_MAX} characters; these are {len(title)}."
    if len(text) > TEXT_MAX:
        errors["text"] = f"Use at most {TEXT_MAX:,} characters; these are {len(text):,}."
    return NoteForm(title, text, errors)
