"""The limits, each with a name and a default that has a reason.

All are judged by positions in the message, never by how much happens to be buffered, so that the
verdict is the same however the bytes were split.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the parts of a message may be; sizes are in bytes. For no limit: `sys.maxsize`.

    Attributes:
        request_line: the request line or status line without its CRLF. RFC 9112 section 3 asks
            for at least 8,000; some single sign-on redirects need more. Beyond: 414.
        field_line: one header or trailer line without its CRLF. As large as the whole head by
            default, since a single Kerberos token (48,000 bytes, in base64) nearly fills it.
            Beyond: 431.
        fields: the number of field lines in a header section, and in a trailer section. Browsers
            send 15 to 20, proxies add some. Beyond: 431.
        head: from the first byte of the request line to the end of the empty line. Beyond: 431.
        body: the content of one message, without its chunk framing. Beyond: 413.
        chunk_extensions: all chunk extensions of one body together. Nobody uses them; each chunk
            may carry some, so only a total bounds the work. Beyond: 413.
        trailers: the trailer section with its CRLFs. Beyond: 431.
        empty_lines: empty lines tolerated before a request line; some old clients send one
            after a form. Beyond: 400.
    """

    request_line: int = 16 * 1024
    field_line: int = 64 * 1024
    fields: int = 100
    head: int = 64 * 1024
    body: int = 16 * 1024 * 1024
    chunk_extensions: int = 4 * 1024
    trailers: int = 8 * 1024
    empty_lines: int = 4

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or value < 0:
                raise ValueError(
                    f"limit {field.name} {value!r} is not a whole number from 0; "
                    "for no limit give sys.maxsize"
                )


DEFAULT = Limits()
