"""Messages to bytes: heads, chunks and trailers that cannot be broken out of.

Whatever is given, no CR, LF or NUL gets through: names and tokens are checked against their
grammar, values for control characters. What these functions build, the parsers read back.
"""

from collections.abc import Iterable, Mapping

from ._grammar import TARGET, TOKEN, VALUE
from ._reasons import REASONS
from ._trailers import FORBIDDEN

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


def write_request_head(
    method: str, target: str, fields: Fields = (), *, http_version: str = "1.1"
) -> bytes:
    """``GET /a HTTP/1.1`` and the fields, to the empty line.

    Args:
        method: a token, such as ``"GET"``.
        target: visible ASCII; percent-encode what is not.
        fields: names to values, or (name, value) pairs where a name stands twice. Host is one of
            them: nothing is added.
        http_version: ``"1.1"`` or ``"1.0"``.

    Raises:
        ValueError: if a part could not be read back as it was given.
        TypeError: if a name or value is not str.
    """
    if not TOKEN.fullmatch(method):
        raise ValueError(f"method {method!r} is not a token (letters, digits, !#$%&'*+-.^_`|~)")
    if not TARGET.fullmatch(target):
        raise ValueError(f"target {target!r} is not visible ASCII without '#': percent-encode it")
    return _head(f"{method} {target} HTTP/{_version(http_version)}", fields)


def write_response_head(
    status: int, fields: Fields = (), *, reason: str | None = None, http_version: str = "1.1"
) -> bytes:
    """``HTTP/1.1 200 OK`` and the fields, to the empty line.

    Args:
        status: 100 to 999.
        fields: names to values, or (name, value) pairs where a name stands twice. Nothing is
            added.
        reason: the reason phrase; None for the registered one.
        http_version: ``"1.1"`` or ``"1.0"``.

    Raises:
        ValueError: if a part could not be read back as it was given.
        TypeError: if a name or value is not str.
    """
    if status not in range(100, 1000):
        raise ValueError(f"status {status!r} is not a whole number from 100 to 999")
    if reason is None:
        reason = REASONS.get(status, "")
    elif reason:
        _check_value("reason", reason)
    return _head(f"HTTP/{_version(http_version)} {int(status)} {reason}", fields)


def write_chunk(data: bytes) -> bytes:
    """One chunk of a chunked body; nothing for empty data, since an empty chunk ends the body."""
    size = memoryview(data).nbytes  # len() of an array's view counts its elements
    return b"%x\r\n%b\r\n" % (size, data) if size else b""


def write_last_chunk(trailers: Fields = ()) -> bytes:
    """The end of a chunked body: the last chunk, the trailers, the empty line.

    Raises:
        ValueError: if a trailer could not be read back as it was given, or names framing, routing
            or authentication (RFC 9110 section 6.5.1).
    """
    pairs = list(trailers.items() if isinstance(trailers, Mapping) else trailers)
    for name, _ in pairs:
        if name.lower() in FORBIDDEN:
            raise ValueError(f"{name} in the trailers: readers refuse it, send it in the head")
    return _head("0", pairs)


def _head(first_line: str, fields: Fields) -> bytes:
    lines = [first_line]
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    for name, value in pairs:
        if not (isinstance(name, str) and isinstance(value, str)):
            raise TypeError(f"field {name!r}: {value!r}: both must be str")
        if not TOKEN.fullmatch(name):
            raise ValueError(f"field name {name!r} is not a token")
        if value:
            _check_value(name, value)
        lines.append(f"{name}: {value}")
    lines += "", ""
    return "\r\n".join(lines).encode("latin-1")


def _check_value(name: str, value: str) -> None:
    if not VALUE.fullmatch(value):
        raise ValueError(
            f"{name} {value!r} holds a control character, or one beyond latin-1: "
            "encode it in a way that its reader knows"
        )
    if value != value.strip("\t "):
        raise ValueError(f"{name} {value!r} begins or ends with white space, which would be lost")


def _version(http_version: str) -> str:
    if http_version not in ("1.0", "1.1"):
        raise ValueError(f"version {http_version!r} is not '1.1' or '1.0'")
    return http_version
