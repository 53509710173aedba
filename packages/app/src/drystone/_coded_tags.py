"""Entity tags of coded responses (RFC 9110, 8.8.3.3): ``"7"`` is ``"7-gzip"`` when it is coded.

So a cache tells the two apart, a range of one is never joined with the other, and a client that
names the tag it got is understood: handlers find the tag they know beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._headers import ResponseHeaders
    from ._request import Request

_CODED = re.compile(r'((?:W/)?"[!#-~\x80-\xff]*)-(?:gzip|br|zstd)"')
# Not If-Range: a range is one of the bytes that have no coding.
_FIELDS = ("if-none-match", "if-match")


def add_plain_tags(request: Request[Any]) -> None:
    """Name, beside the tags of coded responses, those that their handlers gave."""
    for name in _FIELDS:
        if _CODED.search(request.headers.get(name) or ""):
            from drystone_parser import Headers

            request.headers = Headers(
                (key, _with_plain(value) if key.lower() in _FIELDS else value)
                for key, value in request.headers.items()
            )
            return


def _with_plain(field: str) -> str:
    return ", ".join([field, *(f'{tag}"' for tag in _CODED.findall(field))])


def code_tag(fields: ResponseHeaders, coding: str) -> None:
    """Tell the tag of a coded response from that of the same without a coding.

    A weak tag stays: it says that the content is the same, and does not speak of bytes.
    """
    tag = fields.get("etag")
    if tag is not None and not tag.startswith("W/"):
        fields["etag"] = f'{tag[:-1]}-{coding}"'


def restore_tag(fields: ResponseHeaders, asked: str) -> None:
    """Give a 304 the tag that the client named.

    Args:
        fields: of the response.
        asked: ``If-None-Match`` as the client sent it.
    """
    tag = fields.get("etag")
    for match in _CODED.finditer(asked):
        if f'{match[1]}"' == tag:
            fields["etag"] = match[0]
            return
