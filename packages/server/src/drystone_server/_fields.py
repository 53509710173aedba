r"""Header fields to bytes, each checked so that none can end its line or the head (RFC 9110, 5.5).

    >>> render_fields([("Content-Type", "text/plain")])
    (b'Content-Type: text/plain\r\n', None, None)

A few fields belong to the connection: they are taken out and told beside the bytes.

    >>> render_fields([("Content-Length", "3")])
    (b'', 3, None)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, TypeAlias, TypeVar

from ._errors import InvalidResponse
from ._interfaces import FieldPairs

S = TypeVar("S", str, bytes)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REPETITIVE: Final = _names(
    """
    accept-ranges access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-allow-origin access-control-expose-headers
    access-control-max-age age allow alt-svc cache-control content-disposition content-encoding
    content-language content-security-policy content-type cross-origin-embedder-policy
    cross-origin-opener-policy cross-origin-resource-policy expires permissions-policy pragma
    referrer-policy retry-after strict-transport-security timing-allow-origin vary
    www-authenticate x-content-type-options x-frame-options x-powered-by
    """
)
"""Names whose values come again and hold no secret: only their lines are remembered."""

_REMEMBERED_LINES: Final = 512
_REMEMBERED_NAMES: Final = 256
_LONGEST_REMEMBERED: Final = 512
_LONGEST_REMEMBERED_LENGTH: Final = 4

_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 (the token of RFC 9110, 5.6.2)
_VALUE: Final = r"[\t\x20-\x7e\x80-\xff]*"


class Notes:
    """What the fields say that concerns the connection, beside the length of the body.

    Attributes:
        close: whether ``Connection`` names ``close``.
        tokens: its other tokens, as rendered.
        date: the given ``Date``.
        server: the given ``Server``.
    """

    __slots__ = ("close", "date", "server", "tokens")

    def __init__(self) -> None:
        self.close = False
        self.tokens = b""
        self.date: bytes | None = None
        self.server: bytes | None = None


Rendered: TypeAlias = tuple[bytes, int | None, Notes | None]
RenderFields: TypeAlias = Callable[[Any], Rendered]


class FieldRenderer(Generic[S]):
    """Checks and renders fields of one string type, and remembers common lines.

    Args:
        kind: str, whose values are sent as Latin-1, or bytes.
    """

    def __init__(self, kind: type[S]) -> None:
        self._kind: Any = kind
        self._lines: dict[Any, bytes | int] = {}
        self._names: set[Any] = set()
        text = kind is str
        self._is_token: Any = re.compile(_TOKEN if text else _TOKEN.encode()).fullmatch
        self._is_value: Any = re.compile(_VALUE if text else _VALUE.encode("latin-1")).fullmatch

    def render(self, fields: Any) -> Rendered:
        """Render the fields in their order.

        Args:
            fields: a mapping, or an iterable of (name, value).

        Returns:
            The lines, each with its CRLF; the ``Content-Length``, None if not given; and what else
            is for the connection, None if nothing.

        Raises:
            InvalidResponse: a name is no token, a value holds a control character or cannot be sent
                as Latin-1, or a field contradicts the server's framing.
        """
        known = self._lines
        length: int | None = None
        notes: Notes | None = None
        block = b""
        for pair in fields.items() if hasattr(fields, "items") else fields:
            line: Any
            try:
                line = known.get(pair)
            except TypeError:  # a pair that is a list
                line = None
            if line is None:
                line, special = self._check(*pair)
                if special:
                    notes = notes or Notes()
                    _SPECIAL[special](notes, line.strip(b" \t"))
                    continue
            if line.__class__ is int:
                length = _one_length(length, line)
            else:
                block += line
        return block, length, notes

    def _check(self, name: S, value: S) -> tuple[Any, str]:
        """Check one field: its line, or the number of a length, or the value of a special one."""
        if name not in self._names:
            self._check_name(name)
        if not isinstance(value, self._kind) or self._is_value(value) is None:
            raise InvalidResponse(_explain_value(name, value, self._kind))
        raw_name, raw_value = _encode(name), _encode(value)
        lowered = raw_name.lower().decode()
        if lowered in _SPECIAL:
            return raw_value, lowered
        if lowered == "content-length":
            line: bytes | int = _length(raw_value)
            remember = len(raw_value) <= _LONGEST_REMEMBERED_LENGTH
        else:
            line = b"%b: %b\r\n" % (raw_name, raw_value)
            remember = lowered in _REPETITIVE and len(line) <= _LONGEST_REMEMBERED
        if remember:
            if len(self._lines) >= _REMEMBERED_LINES:
                self._lines.clear()
            self._lines[name, value] = line
        return line, ""

    def _check_name(self, name: S) -> None:
        if not isinstance(name, self._kind) or self._is_token(name) is None:
            raise InvalidResponse(
                f"{name!r} is not a field name: it takes {self._kind.__name__} of letters, digits "
                "and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)"
            )
        if len(self._names) >= _REMEMBERED_NAMES:
            self._names.clear()
        if len(name) <= _LONGEST_REMEMBERED:
            self._names.add(name)


def _encode(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text


def _explain_value(name: object, value: object, kind: type) -> str:
    if not isinstance(value, kind):
        return f"the value of {name!r} is {type(value).__name__}, not {kind.__name__}"
    return (
        f"the value {value!r} of {name!r} holds what no field value may hold: a control, "
        "CR, LF, NUL or one beyond Latin-1 (RFC 9110, 5.5)"
    )


def _length(value: bytes) -> int:
    digits = value.strip(b" \t")
    if not digits.isdigit() or len(digits) > 18:
        raise InvalidResponse(f"Content-Length {value!r} is not a number of bytes")
    return int(digits)


def _one_length(before: int | None, length: int) -> int:
    if before is not None and before != length:
        raise InvalidResponse(f"Content-Length is given twice: {before} and {length}")
    return length


def _note_connection(notes: Notes, value: bytes) -> None:
    for token in value.split(b","):
        name = token.strip(b" \t").lower()
        if name == b"close":
            notes.close = True
        elif name and name != b"keep-alive":
            notes.tokens += (b", " if notes.tokens else b"") + name


def _note_coding(notes: Notes, value: bytes) -> None:
    # The server frames the body. Applications that say "chunked" ask for what it does anyway.
    if value.lower() != b"chunked":
        raise InvalidResponse(f"Transfer-Encoding {value!r}: the server frames the body by itself")


def _note_date(notes: Notes, value: bytes) -> None:
    notes.date = value


def _note_server(notes: Notes, value: bytes) -> None:
    notes.server = value


_SPECIAL: Final = {
    "connection": _note_connection,
    "transfer-encoding": _note_coding,
    "date": _note_date,
    "server": _note_server,
}

render_fields: RenderFields = FieldRenderer(str).render
"""For (str, str) pairs or a mapping of them."""

render_raw_fields: RenderFields = FieldRenderer(bytes).render
"""For (bytes, bytes) pairs, as ASGI has them."""

_NOT_IN_TRAILERS: Final = _names(
    """
    age authorization cache-control connection content-encoding content-length content-range
    content-type cookie date expect expires host if-match if-modified-since if-none-match if-range
    if-unmodified-since keep-alive location max-forwards pragma proxy-authenticate
    proxy-authorization range retry-after server set-cookie te trailer transfer-encoding upgrade
    vary warning www-authenticate
    """
)


def render_trailers(fields: FieldPairs | Iterable[tuple[bytes, bytes]]) -> bytes:
    """Render trailer fields; those that frame, route, authenticate or describe are refused.

    Raises:
        InvalidResponse: a field is malformed or may not stand in trailers (RFC 9110, 6.5.1).
    """
    block = b""
    pairs: Any = fields.items() if hasattr(fields, "items") else fields
    for name, value in pairs:
        raw = isinstance(name, bytes)
        lowered = (name.decode("latin-1") if raw else str(name)).lower()
        if lowered in _NOT_IN_TRAILERS:
            raise InvalidResponse(f"{lowered} may not stand in trailers (RFC 9110, 6.5.1)")
        block += (render_raw_fields if raw else render_fields)([(name, value)])[0]
    return block
