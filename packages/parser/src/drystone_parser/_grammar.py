"""The character rules of RFC 9110 and 9112, one pattern under each production.

Patterns work on text decoded as latin-1 (one character is one byte). Runs of one class are
possessive, and what follows a group never fits its next turn: each pattern costs one pass at most.
Groups are not possessive: before Python 3.11.5 (Debian 12 has 3.11.2) a possessive group that fails
half-way goes on from there.
"""

import re

# RFC 9110 section 5.6.2: token = 1*tchar
TCHAR = r"!#$%&'*+\-.^_`|~0-9A-Za-z"
TOKEN = re.compile(f"[{TCHAR}]++")

# RFC 9112 section 3.2, less strict in one point: browsers send []{}|\^`"<> as they are.
# A fragment never belongs in a target.
TARGET = re.compile(r"[!\"$-~]++")

# RFC 9110 section 5.5: field-value, with obs-text; HTAB and SP are inside it, no other control is.
VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]++")

# All that may stand in a head beside its line ends, for bytes.translate.
TEXT = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])

# What can be called wrong while a line is still arriving: controls, and CR or LF alone.
SUSPECT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?![\n]|\Z)")

# RFC 9110 section 5.6.4
QUOTED = r'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]++|\\[\t\x20-\x7e\x80-\xff])*"'

# RFC 9112 section 7.1.1: chunk-ext; BWS is bad, but a recipient has to take it.
CHUNK_EXTENSIONS = re.compile(
    rf"(?:[ \t]*+;[ \t]*+[{TCHAR}]++(?:[ \t]*+=[ \t]*+(?:[{TCHAR}]++|{QUOTED}))?)*"
)


def run_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where the characters that match end: ``(TOKEN, "Host: a", 0)`` -> 4; ``start`` if none do."""
    match = pattern.match(text, start)
    return match.end() if match else start
