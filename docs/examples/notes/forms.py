"""What a form may say: a check answers the values as they are stored, and the errors by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TITLE_MAX = 120  # characters
TEXT_MAX = 20_000
NAME_MAX = 40
LABEL_MAX = 60
PASSWORD_MIN, PASSWORD_MAX = 10, 256
NAME = re.compile(r"[\w][\w.-]*")


@dataclass(frozen=True, slots=True)
class NoteForm:
    """A note that somebody wants to save."""

    title: str = ""
    text: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


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


def check_name(name: str) -> tuple[str, dict[str, str]]:
    """The name of a new user as it is stored, and what is wrong with it."""
    name = name.strip()
    if not NAME.fullmatch(name):
        rule = "Use letters, digits, dots and dashes, with a letter or a digit first."
        return name, {"name": rule}
    if len(name) > NAME_MAX:
        return name, {"name": f"Use at most {NAME_MAX} characters."}
    return name, {}


def check_label(label: str) -> tuple[str, dict[str, str]]:
    """The name of an API key as it is stored, and what is wrong with it."""
    label = " ".join(label.split())
    if not label:
        return label, {"label": "Give the key a name."}
    if len(label) > LABEL_MAX:
        return label, {"label": f"Use at most {LABEL_MAX} characters."}
    return label, {}
