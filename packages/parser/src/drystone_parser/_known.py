"""What a connection is known by: the section that it sent last, and the lines that it sends first.

A client sends most of its field lines again and again, and so do all browsers of one make. What is
found here was checked and split before; whatever is not found is checked all the same. Only lines
with a name on the allow-list are shared among connections: nobody's credentials, nor anything that
names a person or a page. All is bounded. A connection's own last section is its alone.
"""

from operator import attrgetter

from ._head import Meaning
from ._headers import EMPTY, Lines, split_lines
from ._limits import Limits
from ._sections import NOTHING, Found, framing_of, section_matcher

ALLOWED = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control",
    "connection", "content-type", "dnt", "host", "pragma", "priority", "save-data", "sec-ch-ua",
    "sec-ch-ua-arch", "sec-ch-ua-bitness", "sec-ch-ua-full-version-list", "sec-ch-ua-mobile",
    "sec-ch-ua-model", "sec-ch-ua-platform", "sec-ch-ua-platform-version", "sec-fetch-dest",
    "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "sec-gpc", "te",
    "upgrade-insecure-requests", "user-agent",
})  # fmt: skip

MAX_FRONTS = 256
MAX_FRONTS_EACH = 3  # of a connection: a browser asks for pages, pictures and data
MAX_FRONT = 2048  # characters
MAX_FRONT_LINES = 32
MAX_SECTION = 4096  # characters
LESSONS = 12  # of a connection, to learn its fronts from


class Front(Lines):
    """The version and the first field lines of a section, as somebody sends them each time.

    Most clients send the same lines first and the new ones behind them; then one comparison of
    text stands for checking and splitting each line.

    Args:
        text: ``"HTTP/1.1"``, CRLF, and the lines with theirs. They are valid.
    """

    __slots__ = ("found", "framing", "host", "size", "text", "version", "whole")

    def __init__(self, text: str):
        version, end = text[:8], 10
        super().__init__(split_lines(text, end - 1))
        self.text = text
        self.size = len(text)
        self.version = version.removeprefix("HTTP/")
        match = section_matcher(MAX_FRONT_LINES)(f"{text}\r\n", end)
        self.found: Found = match.groups() if match else NOTHING
        self.host = self.found[0]
        # What a section says if its other lines add nothing to that.
        self.framing = framing_of(self.version, self.found)
        # The section that ends right behind, and its meaning, once somebody repeated it.
        self.whole: tuple[str, Meaning] | None = None


# Those of a stranger.
BARE: tuple[Front, ...] = (Front("HTTP/1.1\r\n"), Front("HTTP/1.0\r\n"))
FRONTS: dict[str, Front] = {}


class Acquaintance:
    """What one connection is known by, and how much more is to be learned of it.

    The connection's own last section is kept whole, whatever is in it, and only for itself: most
    programs send the same one again and again. It is kept once two of the same size came in a
    row, so that a connection which is used once keeps nothing, and dropped for the next other one.
    One that holds only what may be shared is kept once for all connections.

    Args:
        limits: of the connection's parser.
    """

    __slots__ = (
        *("_leads", "_lessons", "_size", "fronts", "limits", "match", "match_behind"),
        *("meaning", "section"),
    )

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.match = section_matcher(limits.fields)
        # The same behind a front, however many lines that has.
        self.match_behind = section_matcher(max(limits.fields - MAX_FRONT_LINES, 0))
        self.section = _NONE
        self.meaning = _NO_MEANING  # what it says
        self.fronts = BARE  # the longest first
        self._size = 0  # of the last section
        self._lessons = LESSONS if limits.fields > MAX_FRONT_LINES else 0
        self._leads: list[str] = []  # what the last sections began with

    def remember(self, section: str, meaning: Meaning, front: Front) -> None:
        """Keeps what is worth it of a section.

        The section itself, if the one before it may have been the same; and its front, if one
        before it had the same.
        """
        size = len(section)
        keep = size == self._size <= MAX_SECTION
        if self._lessons:
            section, meaning = self._study(section, meaning, front, keep)
        if keep:
            self.section, self.meaning = section, meaning
        elif self.section is not _NONE:
            self.section, self.meaning = _NONE, _NO_MEANING
        self._size = size

    def _study(
        self, section: str, meaning: Meaning, front: Front, keep: bool
    ) -> tuple[str, Meaning]:
        """Learns; returns the section and its meaning as they should be kept."""
        if self._size:  # a connection that is used once teaches nothing
            self._learn(section, front, keep)
        self._lessons -= 1
        return _shared_by_all(section, meaning) if keep else (section, meaning)

    def _learn(self, section: str, front: Front, keep: bool) -> None:
        lead, leads = _lead(section), self._leads
        if self.section is not _NONE:
            leads = [_lead(self.section), *leads]
        text = max([_shared(lead, other) for other in leads], key=len, default="")
        if not keep:  # else it can be learned from later
            leads = [lead, *leads]
        self._leads = leads[:MAX_FRONTS_EACH] if self._lessons > 1 else []
        if front.size < len(text) <= MAX_FRONT:
            self._add_front(text, front)

    def _add_front(self, text: str, shorter: Front) -> None:
        own = [front for front in self.fronts if front not in BARE]
        if len(own) == MAX_FRONTS_EACH:
            if shorter in BARE:
                return
            own.remove(shorter)
        own.append(_front(text))
        own.sort(key=_size, reverse=True)
        self.fronts = (*own, *BARE)


# A section is text of one byte a character: no section begins like this.
_NONE = "\uffff"
_NO_MEANING: Meaning = ("", EMPTY, False, False, 0, False)
_size = attrgetter("size")


def _lead(section: str) -> str:
    """The version and the lines behind it that may be shared, up to the first that may not."""
    end = section.index("\r\n") + 2
    for line in section[end:].split("\r\n")[:MAX_FRONT_LINES]:
        if line.partition(":")[0].lower() not in ALLOWED:
            break
        end += len(line) + 2
    return section[:end]


def _shared_by_all(section: str, meaning: Meaning) -> tuple[str, Meaning]:
    """The section and its meaning; those of another connection where all may share them."""
    lead = _lead(section)
    if len(section) != len(lead) + 2 or len(lead) > MAX_FRONT:
        return section, meaning
    front = _front(lead)
    if front.whole is None:
        front.whole = section, meaning
    return front.whole


def _shared(lead: str, other: str) -> str:
    """The lines at the front of both."""
    end = 0
    for line, known in zip(lead.split("\r\n")[:-1], other.split("\r\n")[:-1], strict=False):
        if line != known:
            break
        end += len(line) + 2
    return lead[:end]


def _front(text: str) -> Front:
    """The front of this text, which all connections share that send it."""
    front = FRONTS.get(text) or Front(text)
    # Other threads may be at the same table: each step here is right whatever they do between.
    if len(FRONTS) >= MAX_FRONTS and text not in FRONTS:
        FRONTS.clear()
    FRONTS[text] = front
    return front
