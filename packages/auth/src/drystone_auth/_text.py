"""Text that every store can keep and every page can show: Unicode, no lone surrogates."""

from ._errors import MalformedText


def check_text(*values: object) -> None:
    """Refuse what is a str and no text; anything else passes.

    Raises:
        MalformedText: 400, a value holds a lone surrogate.
    """
    for value in values:
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise no_text(error) from None


def no_text(error: UnicodeEncodeError) -> MalformedText:
    """Return the refusal for what could not be encoded; the text itself stays out of it."""
    return MalformedText(f"a text holds a lone surrogate at its character {error.start}")


def readable(text: str) -> str:
    """Return the text with "?" for each lone surrogate: for what is only shown, and not chosen."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
