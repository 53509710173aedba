"""Conditional requests: validators, and the answer to a client that has a copy (RFC 9110, 13)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ._errors import HTTPError
from ._response import Response

if TYPE_CHECKING:
    from ._request import Request

_ENTITY_TAG = re.compile(r'(?:W/)?"[!#-~\x80-\xff]*"')


def is_not_modified(
    request: Request[Any], etag: str | None = None, last_modified: datetime | None = None
) -> bool:
    """Judge the preconditions of a request in the order of RFC 9110, 13.2.2.

    ``If-Match: *`` and ``If-None-Match: *`` ask whether there is anything: nothing is there where
    both are None.

    Args:
        request: whose preconditions.
        etag: the current entity tag, with its quotes (and ``W/``); None where there is none.
        last_modified: when the resource last changed, with a time zone; None where nobody knows.

    Returns:
        True where the client has the current state, so that 304 is the answer.

    Raises:
        HTTPError: 412, the resource is not in the state that the client expects.
        ValueError: the tag is none (RFC 9110, 8.8.3), or the date has no time zone.
    """
    exists = etag is not None or last_modified is not None
    return _client_has_it(request, etag, last_modified, exists)


def _client_has_it(
    request: Request[Any], etag: str | None, last_modified: datetime | None, exists: bool
) -> bool:
    _check(etag, last_modified)
    headers = request.headers
    reading = request.method in ("GET", "HEAD")
    if (if_match := headers.get("if-match")) is not None:
        if not _matches(if_match, etag, exists, weak=False):
            raise HTTPError(412, "The resource is not what If-Match names")
    elif _is_after(last_modified, headers.get("if-unmodified-since")) is True:
        raise HTTPError(412, "The resource has changed since")
    if (if_none_match := headers.get("if-none-match")) is not None:
        if _matches(if_none_match, etag, exists, weak=True):
            if reading:
                return True
            raise HTTPError(412, "The resource is what If-None-Match names")
    elif reading:
        return _is_after(last_modified, headers.get("if-modified-since")) is False
    return False


def conditional(request: Request[Any], response: Response) -> Response:
    """Answer 304 in place of a response the client has already, by its ETag and Last-Modified.

    Raises:
        HTTPError: 412, the resource is not in the state that the client expects.
        ValueError: its ETag is none (RFC 9110, 8.8.3): the quotes belong to it.
    """
    if response.status != 200:
        return response
    etag = response.headers.get("etag")
    last_modified = _date(response.headers.get("last-modified"))
    known = _client_has_it(request, etag, last_modified, exists=True)
    return not_modified(response) if known else response


_KEPT = ("cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary")


def not_modified(response: Response) -> Response:
    """304 with those fields of a response that belong to it (RFC 9110, 15.4.5)."""
    kept = [
        (name, value)
        for name, value in response.headers
        if name.lower() in _KEPT or name.lower() == "set-cookie"
    ]
    return Response(b"", 304, kept)


def range_holds(request: Request[Any], etag: str, last_modified: datetime) -> bool:
    """Whether If-Range lets a range be sent; without the field it does (RFC 9110, 13.1.5).

    A date says nothing of what changed within its second (8.8.2.2): it counts from the next on.
    """
    value = request.headers.get("if-range")
    if value is None:
        return True
    if '"' in value:
        return _matches(value, etag, exists=True, weak=False)
    changed = _seconds(last_modified)
    return _date(value) == changed and _seconds(datetime.now(UTC)) > changed


def http_date(moment: datetime) -> str:
    """A point in time, with its time zone, as ``Sun, 06 Nov 1994 08:49:37 GMT``."""
    from email.utils import format_datetime

    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _check(etag: str | None, last_modified: datetime | None) -> None:
    if etag is not None and not _ENTITY_TAG.fullmatch(etag):
        raise ValueError(f"ETag {etag!r} is none: write it in double quotes (RFC 9110, 8.8.3)")
    if last_modified is not None and last_modified.tzinfo is None:
        raise ValueError(f"last_modified={last_modified!r} needs a time zone, UTC for one")


def _matches(field: str, etag: str | None, exists: bool, *, weak: bool) -> bool:
    """Whether an entity tag is among those of a field (RFC 9110, 8.8.3.2)."""
    if field.strip() == "*":
        return exists
    if etag is None:
        return False
    tags = _ENTITY_TAG.findall(field)
    if weak:
        return etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}
    return not etag.startswith("W/") and etag in tags


def _is_after(moment: datetime | None, field: str | None) -> bool | None:
    """Whether a moment lies after a date of the request; None where either is not known."""
    since = _date(field)
    return None if moment is None or since is None else _seconds(moment) > since


def _date(value: str | None) -> datetime | None:
    """An HTTP date; None where it is missing or cannot be read, as it is ignored then."""
    if value is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # the latter for a year of many digits
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _seconds(moment: datetime) -> datetime:
    """Dates on the wire have no fractions."""
    return moment.replace(microsecond=0)
