"""What can be wrong with a message: one small ladder of exceptions.

Each error knows the status to answer, a reason that programs can rely on, the offset in the
connection's bytes where the fault is, and the section that was broken. The text is for people.
"""


class ParseError(Exception):
    """The bytes are not a message that this parser takes; nothing after them can be trusted.

    Attributes:
        reason: a stable machine-readable name, such as ``"bad-chunk-size"``.
        detail: what is wrong and what was expected, for people.
        offset: where the fault is, in bytes since the first byte ever fed to the parser.
        section: the rule that was broken, such as ``"9112 7.1"`` (RFC and section).
        status: the status code to answer with (from a response parser: what a gateway answers).
    """

    def __init__(self, reason: str, detail: str, offset: int, section: str, status: int = 400):
        super().__init__(reason, detail, offset, section, status)
        self.reason = reason
        self.detail = detail
        self.offset = offset
        self.section = section
        self.status = status

    def __str__(self) -> str:
        """A line such as ``400 bad-host: ... (at byte 23; RFC 9112 section 3.2)``."""
        rfc, _, section = self.section.partition(" ")
        return (
            f"{self.status} {self.reason}: {self.detail} "
            f"(at byte {self.offset}; RFC {rfc} section {section})"
        )


class BadMessage(ParseError):
    """The bytes break the grammar, or are ambiguous: 400 (502 from a response parser)."""


class LimitExceeded(ParseError):
    """Well formed so far, but larger than a limit allows: 413, 414 or 431."""


class NotSupported(ParseError):
    """Well formed, but it asks for what this parser does not do: 417, 501 or 505."""


class IncompleteMessage(ParseError):
    """The input ended in the middle of a message."""
