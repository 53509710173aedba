"""Field lines and whole field sections that were seen, checked and split before.

A client sends most of its field lines again and again, and so do all browsers of one make. A line
found here needs no second look. Only fields on the allow-list enter: nobody's credentials, nor
anything that names a person or a page, stay in memory beyond their request. Both tables are
bounded; a full one starts anew.
"""

from ._framing import Framing
from ._headers import Headers, Pair

ALLOWED = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control",
    "connection", "content-length", "content-type", "dnt", "host", "pragma", "priority",
    "save-data", "sec-ch-ua", "sec-ch-ua-arch", "sec-ch-ua-bitness",
    "sec-ch-ua-full-version-list", "sec-ch-ua-mobile", "sec-ch-ua-model", "sec-ch-ua-platform",
    "sec-ch-ua-platform-version", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "sec-fetch-user", "sec-gpc", "te", "transfer-encoding", "upgrade-insecure-requests",
    "user-agent",
})  # fmt: skip

# Lower case of the names that are often sent, so that most names need no check of their own.
_OFTEN = ALLOWED | frozenset({
    "authorization", "cookie", "date", "expect", "forwarded", "from", "if-match",
    "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "max-forwards",
    "origin", "proxy-authorization", "range", "referer", "traceparent", "tracestate", "upgrade",
    "via", "x-api-key", "x-correlation-id", "x-csrf-token", "x-forwarded-for",
    "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-real-ip", "x-request-id",
    "x-requested-with",
})  # fmt: skip
LOWER = {name: name for name in _OFTEN} | {name.title(): name for name in _OFTEN}
LOWER |= {"sec-ch-ua": "sec-ch-ua", "DNT": "dnt", "TE": "te", "Sec-CH-UA": "sec-ch-ua"}

MAX_LINES = 2048
MAX_LINE = 256
MAX_SECTIONS = 512
MAX_SECTION = 2048

# line -> (lower-case name, value)
LINES: dict[str, Pair] = {}
# section without its last CRLF -> what it says
SECTIONS: dict[str, tuple[Headers, Framing]] = {}


def keep_line(line: str, pair: Pair) -> None:
    """Remembers a checked line with an allowed name, if it is not overlong."""
    if len(line) <= MAX_LINE:
        if len(LINES) >= MAX_LINES:
            LINES.clear()
        LINES[line] = pair


def keep_section(section: str, headers: Headers, framing: Framing) -> None:
    """Remembers a checked section; the caller saw to it that all its lines are known ones."""
    if len(section) <= MAX_SECTION:
        if len(SECTIONS) >= MAX_SECTIONS:
            SECTIONS.clear()
        SECTIONS[section] = headers, framing
