"""A request head, the general way: line by line, with every rule, to the first fault.

The quick way for usual heads stands beside it (`_quick`).
"""

from ._errors import LimitExceeded
from ._framing import RequestFields
from ._headers import Headers, Pair
from ._limits import Limits
from ._lines import read_fields
from ._request_line import read_request_line

# HTTP version, headers, and what `Framing` says: all that a section means.
Meaning = tuple[str, Headers, bool, bool, int | None, bool]
# method, target, raw path, query string, what the section means
GeneralHead = tuple[str, str, str, str, Meaning]


def read_head(text: str, base: int, limits: Limits, whole: bool) -> GeneralHead | None:
    """A request head, the general way.

    Args:
        text: from the first byte of the request line, latin-1; if ``whole`` to the end of the
            empty line, else as much as has arrived.
        base: offset of the text in the connection's bytes.
        limits: see `Limits`.
        whole: whether the empty line is there.

    Returns:
        The head; None if it is not whole and nothing is wrong so far.

    Raises:
        ParseError: for the first fault.
    """
    too_large = len(text) > limits.head
    text = text[: limits.head]
    started = read_request_line(text, base, limits.request_line)
    if started is not None:
        line, start = started
        seen = RequestFields(line, limits)
        pairs = list(read_fields(text, start, base, limits.field_line, limits.fields, seen.see))
        if whole and not too_large:
            framing = seen.end(base + len(text))
            headers = _headers(pairs, line.authority)
            version = f"1.{min(line.minor, 1)}"
            return *line[:4], (version, headers, *framing)
    if too_large:
        detail = f"the head is larger than {limits.head} bytes"
        raise LimitExceeded("head-too-large", detail, base + limits.head, "9110 5.4", 431)
    return None


def _headers(pairs: list[Pair], authority: str | None) -> Headers:
    """The fields, Host replaced by the authority of an absolute-form target (9112 3.2.2)."""
    if authority is None:
        return Headers(pairs)
    replaced = [(n, authority if n.lower() == "host" else v) for n, v in pairs]
    if replaced == pairs and "host" not in {n.lower() for n, _ in pairs}:
        replaced.insert(0, ("Host", authority))
    return Headers(replaced)
