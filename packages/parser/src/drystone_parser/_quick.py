"""The quick way through a usual HTTP/1.1 request head.

It takes heads that hold nothing unusual, in few passes over all bytes, and says None to all others,
which then go the general way (`_head`): it refuses nothing. ValueError means "unusual" in here.
The same cases run through both.
"""

from typing import Any

from ._authority import PLAIN_HOST
from ._framing import FRAMING_NAMES, Framing
from ._grammar import TEXT
from ._head import Head
from ._headers import Headers, Pair, combine, received
from ._known import HOSTS, LINES, NAMES, NO_FRONT, Acquaintance, Front, check_name
from ._limits import Limits

# The methods of RFC 9110 and 5789; CONNECT has a target of its own kind.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

# The Connection values of nearly all requests that have one: kept alive?
_KEPT_ALIVE = {"keep-alive": True, "Keep-Alive": True, "close": False, "Close": False, "TE": True}

_KEEP = Framing(True, False, 0, False)
_CLOSE = Framing(False, False, 0, False)


def quick_head(text: str, limits: Limits, client: Acquaintance) -> Head | None:
    """A usual HTTP/1.1 request head; None for all others.

    Args:
        text: from the request line to the CRLF of the last field line. No larger than any limit
            on a size.
        limits: see `Limits`.
        client: whose connection it is.
    """
    line, _, section = text.partition("\r\n")
    try:
        method, target, version = line.split(" ")
        if section == client.section:
            headers, framing = client.answer
        else:
            headers, framing = _read_section(section, client)
            client.remember(section, headers, framing)
    except ValueError:
        return None
    if (
        version != "HTTP/1.1"
        or method not in _METHODS
        or not (target.startswith("/") and target.isascii() and target.isprintable())
        or "#" in target
        or len(headers._pairs) > limits.fields
        or (framing[2] or 0) > limits.body
    ):
        return None
    raw_path, _, query_string = target.partition("?")
    return method, target, raw_path, query_string, "1.1", headers, framing


def _read_section(section: str, client: Acquaintance) -> tuple[Headers, Framing]:
    for front in client.fronts:
        if section.startswith(front.text):
            break
    else:
        front = NO_FRONT
    rest = section[front.size :]
    if not rest:
        if front.answer is None:
            front.answer = _read_fields(rest, front, client)
        return front.answer
    return _read_fields(rest, front, client)


def _read_fields(rest: str, front: Front, client: Acquaintance) -> tuple[Headers, Framing]:
    """The fields of a section: a front, and the rest behind it."""
    lines = rest.split("\r\n")
    lines.pop()
    # Not known: None. What keeps being new is not looked for.
    pairs: list[Any] = [] if client.strange else list(map(_known_line, lines))
    known = len(pairs)
    if not (pairs and all(pairs)):
        # A CR and a LF a line, and else nothing that may not be in a value: one pass.
        if rest.encode("latin-1").translate(None, TEXT) != b"\r\n" * len(lines):
            raise ValueError("unusual characters")
        if pairs:
            known = pairs.index(None)
            _split_new(lines, pairs)
        else:
            pairs = _split_all(lines)
    if client.credit and lines:
        client.learn(lines, pairs, known, front)
    own = dict(pairs)
    fields = front.fields | own
    count = len(front.pairs) + len(pairs)
    pairs = front.pairs + pairs
    if len(fields) != count:
        fields = combine(pairs)
        framing = _framing(fields)
    elif FRAMING_NAMES.isdisjoint(own):
        if front.framing is None:
            front.framing = _framing(front.fields)
        framing = front.framing
    else:
        framing = _framing(fields)
    return received(front.items, lines, pairs, fields), framing


def _split_new(lines: list[str], pairs: list[Any]) -> None:
    """Fills in the pairs of lines that are not known."""
    for index, pair in enumerate(pairs):
        if pair is None:
            name, colon, value = lines[index].partition(":")
            if not colon:
                raise ValueError("no colon in a line")
            pairs[index] = _known_name(name) or check_name(name), value.strip("\t ")


def _split_all(lines: list[str]) -> list[Pair]:
    """The same for many at once, which is quicker in one go."""
    pairs = [
        (_known_name(name) or check_name(name), value.strip("\t "))
        for name, colon, value in [line.partition(":") for line in lines]
        if colon
    ]
    if len(pairs) != len(lines):
        raise ValueError("no colon in a line")
    return pairs


def _framing(fields: dict[str, str]) -> Framing:
    """What the fields say, as long as none of them says anything unusual.

    Repeated names arrive joined by a comma and a space, which no value taken here holds.
    """
    host = fields.get("host", "")
    if host not in HOSTS and not PLAIN_HOST(host):
        raise ValueError("unusual host")
    keep_alive = True
    if "connection" in fields:
        if fields["connection"] not in _KEPT_ALIVE:
            raise ValueError("unusual connection")
        keep_alive = _KEPT_ALIVE[fields["connection"]]
    if "expect" in fields or "upgrade" in fields:
        raise ValueError("rare fields")
    if "transfer-encoding" in fields:
        if fields["transfer-encoding"] != "chunked" or "content-length" in fields:
            raise ValueError("unusual transfer coding")
        return Framing(keep_alive, False, None, False)
    if "content-length" in fields:
        length = fields["content-length"]
        if not (length.isascii() and length.isdigit() and len(length) < 10):
            raise ValueError("unusual length")
        return Framing(keep_alive, False, int(length), False)
    return _KEEP if keep_alive else _CLOSE


_known_line = LINES.get
_known_name = NAMES.get
