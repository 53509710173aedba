"""Content-Disposition: how to take a file, and what to call it (RFC 6266, RFC 8187)."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

_ATTR_CHARS = "!#$&+-.^_`|~"  # beside letters and digits, RFC 8187 3.2.1


def content_disposition(filename: str, *, download: bool = True) -> str:
    r"""Build the field's value.

    Args:
        filename: any name; what would lead into another folder or break the field is taken out.
        download: ask the client to save the file rather than to show it.

    >>> content_disposition("résumé.pdf")
    'attachment; filename="resume.pdf"; filename*=UTF-8\'\'r%C3%A9sum%C3%A9.pdf'
    """
    kind = "attachment" if download else "inline"
    name = "".join(char for char in filename if char.isprintable() and char not in "/\\") or "file"
    plain = _ascii(name)
    value = f'{kind}; filename="{plain}"'
    if plain != name:
        value += f"; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"
    return value


def _ascii(name: str) -> str:
    """What old clients are told: letters without accents, nothing that they unescape wrongly."""
    decomposed = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join("_" if char in '"%\\/' else char for char in decomposed) or "file"
