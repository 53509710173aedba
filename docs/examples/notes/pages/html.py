"""HTML by small functions: what is put into a template is escaped unless it is HTML already."""

from collections.abc import Iterable
from html import escape
from typing import LiteralString


class Markup(str):
    """Text that is HTML already, and is not escaped again."""

    __slots__ = ()


def html(template: LiteralString, /, **values: object) -> Markup:
    """``template`` with each ``{name}`` replaced by the value of that name, escaped.

    A :class:`Markup` goes in as it is, None as nothing, an iterable piece by piece. Put attribute
    values in double quotes: ``html('<a href="{url}">{text}</a>', url=url, text=text)``.
    """
    return Markup(template.format_map({name: _text(value) for name, value in values.items()}))


def _text(value: object) -> str:
    if isinstance(value, Markup):
        return value
    if value is None:
        return ""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, Iterable):
        return "".join(_text(piece) for piece in value)
    return escape(str(value))
