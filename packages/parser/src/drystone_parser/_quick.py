"""The quick way through a usual request head.

It takes heads that hold nothing unusual, in few passes over all bytes, and says None to all others,
which then go the general way (`_head`): it refuses nothing. The same cases run through both.
"""

from ._grammar import TOKEN
from ._head import Meaning
from ._headers import received
from ._known import Acquaintance
from ._sections import both, framing_of

# The methods of RFC 9110 and 5789; CONNECT has targets of its own kind.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

# method, target, raw path, query string, what the section means; the size of all
Head = tuple[str, str, str, str, Meaning, int]


def quick_head(text: str, client: Acquaintance) -> Head | None:
    """A usual request head at the front of a text; None for all others.

    Args:
        text: from the first byte of the request line. No larger than any limit on a size.
        client: whose connection it is.
    """
    try:
        # So a section begins with its version.
        method, target, section = text.split(" ", 2)
    except ValueError:
        return None
    if (
        (method not in _METHODS and (method == "CONNECT" or not TOKEN.fullmatch(method)))
        or not (target.startswith("/") and target.isascii() and target.isprintable())
        or "#" in target
    ):
        return None
    known = client.section
    if section == known or section.startswith(known):
        meaning, size = client.meaning, len(known)
    else:
        read = _read_section(section, client)
        if read is None:
            return None
        meaning, size = read
    raw_path, _, query_string = target.partition("?")
    return method, target, raw_path, query_string, meaning, len(text) - len(section) + size


def _read_section(section: str, client: Acquaintance) -> tuple[Meaning, int] | None:
    for front in client.fronts:
        if section.startswith(front.text):
            break
    else:
        return None
    match = (client.match_behind if front.items else client.match)(section, front.size)
    if match is None:
        return None
    framing, host = front.framing, front.host
    if match.lastindex:  # there is one of the six
        found = match.groups()
        together = both(front.found, found) if front.items else found
        if together is None:
            return None
        framing, host = framing_of(front.version, together), together[0]
    if framing is None:
        return None
    keep_alive, expect_continue, content_length, upgrade = framing
    if content_length and content_length > client.limits.body:
        return None
    size = match.end()
    lookup = {} if host is None else {"host": host}
    section = section[:size]
    headers = received(front, section, front.size - 1, lookup)
    version = front.version
    meaning = version, headers, keep_alive, expect_continue, content_length, upgrade
    client.remember(section, meaning, front)
    return meaning, size
