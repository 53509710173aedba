"""What was seen, checked and split before: field lines, names, hosts, and fronts of sections.

A client sends most of its field lines again and again, and so do all browsers of one make. What is
found here needs no second look; whatever is not found is checked all the same. Only lines with a
name on the allow-list enter the tables: nobody's credentials, nor anything that names a person or
a page, are there. All tables are bounded; a full one starts anew. A connection's own last section
is that connection's alone (`Acquaintance`).
"""

from operator import attrgetter
from typing import Any, TypeVar

from ._authority import PLAIN_HOST
from ._framing import Framing
from ._grammar import TOKEN
from ._headers import Headers, Pair

V = TypeVar("V")

ALLOWED = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control",
    "connection", "content-length", "content-type", "dnt", "host", "pragma", "priority",
    "save-data", "sec-ch-ua", "sec-ch-ua-arch", "sec-ch-ua-bitness",
    "sec-ch-ua-full-version-list", "sec-ch-ua-mobile", "sec-ch-ua-model", "sec-ch-ua-platform",
    "sec-ch-ua-platform-version", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "sec-fetch-user", "sec-gpc", "te", "transfer-encoding", "upgrade-insecure-requests",
    "user-agent",
})  # fmt: skip

MAX_LINES = 2048
MAX_LINE = 256  # characters
MAX_NAMES = 1024
MAX_NAME = 64  # characters
MAX_FRONTS = 256
MAX_FRONTS_EACH = 3  # of a connection: a browser asks for pages, pictures and data
MAX_FRONT = 2048  # characters
MAX_FRONT_LINES = 32
MAX_SECTION = 4096  # characters

# A field line without its CRLF -> (lower-case name, value)
LINES: dict[str, Pair] = {}
# A field name as it was sent -> lower case
NAMES: dict[str, str] = {}
# Values of Host that are plain; a table like the others, of keys alone
HOSTS: dict[str, None] = {}


class Front:
    """The field lines at the front of a section, as long as they are known ones.

    Most clients send the same lines first and the new ones behind them; then one comparison of
    text stands for looking up each line.
    """

    __slots__ = ("answer", "fields", "framing", "items", "pairs", "size", "text")

    def __init__(self, text: str, pairs: list[Pair]):
        self.text = text
        self.size = len(text)
        lines = text.split("\r\n")[:-1]
        self.items = [(line[: len(n)], v) for line, (n, v) in zip(lines, pairs, strict=True)]
        self.pairs = pairs
        self.fields = dict(pairs)
        # What it says of framing, once it was asked.
        self.framing: Framing | None = None
        # What a section says that holds nothing else, once there was one.
        self.answer: tuple[Headers, Framing] | None = None


NO_FRONT = Front("", [])
FRONTS: dict[str, Front] = {}


class Acquaintance:
    """What one connection is known by, and how much more is to be learned from it.

    A line enters the table only through the first heads of a connection: what is still new after
    those will be new the next time too.

    The connection's own last section is kept whole, whatever is in it, and only for itself: most
    programs send the same one again and again. It is kept once two of the same size came in a
    row, so that a connection which is used once keeps nothing, and dropped for the next other one.
    """

    __slots__ = ("answer", "credit", "fronts", "section", "size", "strange")

    def __init__(self) -> None:
        self.section: str | None = None
        self.answer: Any = None  # what the section says
        self.size = 0  # of the last section
        self.fronts: list[Front] = []
        self.credit = 16
        self.strange = False  # nothing was ever known, so nothing is looked for any more

    def remember(self, section: str, headers: Headers, framing: Framing) -> None:
        """Keeps the last section, if the one before it may have been the same."""
        size = len(section)
        if size == self.size <= MAX_SECTION:
            self.section = section
            self.answer = headers, framing
        elif self.section is not None:
            self.section = self.answer = None
        self.size = size

    def learn(self, lines: list[str], pairs: list[Pair], known: int, front: Front) -> None:
        """Remembers what may be remembered of the lines of a section.

        Args:
            lines: those behind the front, each without its CRLF.
            pairs: the same lines, checked and split.
            known: how many of the first lines were known before.
            front: the front that was found.
        """
        self.credit -= 1
        if known:
            text = front.text + "\r\n".join(lines[:known]) + "\r\n"
            self._learn_front(text, front.pairs + pairs[:known], front)
        for line, pair in zip(lines, pairs, strict=True):
            if pair[0] in ALLOWED and len(line) <= MAX_LINE:
                _keep(LINES, MAX_LINES, line, pair)
                if pair[0] == "host" and PLAIN_HOST(pair[1]):
                    _keep(HOSTS, MAX_LINES, pair[1], None)
        self.strange = not (self.credit or self.fronts)

    def _learn_front(self, text: str, pairs: list[Pair], shorter: Front) -> None:
        if len(text) > MAX_FRONT or len(pairs) > MAX_FRONT_LINES:
            return
        if len(self.fronts) == MAX_FRONTS_EACH:
            if shorter is NO_FRONT:
                return
            self.fronts.remove(shorter)
        front = FRONTS.get(text) or Front(text, pairs)
        _keep(FRONTS, MAX_FRONTS, text, front)
        self.fronts.append(front)
        self.fronts.sort(key=_size, reverse=True)  # the longest that matches is found first


_size = attrgetter("size")


def check_name(name: str) -> str:
    """The lower case of a field name that is not in the table.

    Raises:
        ValueError: if it is no name.
    """
    if not TOKEN.fullmatch(name):
        raise ValueError("unusual name")
    lower = name.lower()
    if len(name) <= MAX_NAME:
        _keep(NAMES, MAX_NAMES, name, lower)
    return lower


def _keep(table: dict[str, V], limit: int, key: str, value: V) -> None:
    # Other threads may be at the same table: each step here is right whatever they do between.
    if len(table) >= limit and key not in table:
        table.clear()
    table[key] = value
