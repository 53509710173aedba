"""The trailer section of a chunked body (RFC 9112 section 7.1.2)."""

from ._errors import BadMessage, LimitExceeded
from ._headers import Pair
from ._limits import Limits
from ._lines import read_fields

# Fields that would change the framing, the connection, the route or the identity after the fact
# (RFC 9110 section 6.5.1).
FORBIDDEN = frozenset({
    "authorization", "connection", "content-length", "cookie", "expect", "host", "keep-alive",
    "max-forwards", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "www-authenticate",
})  # fmt: skip


def read_trailers(text: str, base: int, limits: Limits) -> list[Pair]:
    """The fields of a trailer section or of the front of one, which is judged by its limit too.

    Raises:
        ParseError: for the first fault.
    """
    too_large = len(text) > limits.trailers
    text = text[: limits.trailers]
    pairs = list(read_fields(text, 0, base, limits.field_line, limits.fields, _see))
    if too_large:
        detail = f"the trailers are larger than {limits.trailers} bytes"
        offset = base + limits.trailers
        raise LimitExceeded("trailers-too-large", detail, offset, "9110 5.4", 431)
    return pairs


def _see(name: str, value: str, offset: int) -> None:
    if name in FORBIDDEN:
        detail = f"{name} in the trailers"
        raise BadMessage("forbidden-trailer", detail, offset, "9110 6.5.1")
