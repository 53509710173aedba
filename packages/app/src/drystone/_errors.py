"""Errors a handler may raise to answer: ``raise HTTPError(404, "No such note")``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from ._headers import HeadersInit, ResponseHeaders


class HTTPError(Exception):
    """Answers the request with a status; by default as Problem Details (RFC 9457) or as a page.

    Args:
        status: 400 to 599.
        detail: what went wrong with this request, for the person who made it.
        title: the kind of problem in few words; the status' phrase where it is not given.
        type: a URI that names the kind of problem (RFC 9457, 3.1.1).
        headers: fields for the response.
        extra: further members of the problem object.

    Raises:
        ValueError: another status, or a member in ``extra`` that has an argument of its own.
        TypeError: a detail that is no text.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        title: str = "",
        type: str = "about:blank",
        headers: HeadersInit = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        if not 400 <= status <= 599:
            raise ValueError(f"HTTPError status {status} is not between 400 and 599")
        if not isinstance(detail, str):
            raise TypeError(f"HTTPError detail is text, not {detail!r}: data goes to extra={{...}}")
        if extra and (taken := _MEMBERS & extra.keys()):
            raise ValueError(f"HTTPError extra may not hold {', '.join(sorted(taken))}")
        self.status = status
        self.detail = detail
        self.title = title or phrase(status)
        self.type = type
        self.headers = ResponseHeaders(headers)
        self.extra = dict(extra or {})
        super().__init__(f"{status} {self.title}" + (f": {detail}" if detail else ""))


_MEMBERS = frozenset(("type", "title", "status", "detail", "request_id"))


class ValidationError(HTTPError):
    """A request whose values do not fit what the handler asks for: 422 with each fault.

    Args:
        errors: one mapping per fault, with ``detail``, ``in`` (``query``, ``path``, ``header``,
            ``cookie``, ``body``) and ``name``, or ``pointer`` (RFC 6901) into the body.
    """

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        self.errors = [dict(error) for error in errors]
        count = len(self.errors)
        super().__init__(
            422,
            f"{count} value{'s' if count != 1 else ''} of the request did not fit",
            extra={"errors": self.errors},
        )


class ClientDisconnected(ConnectionError):
    """The client left before its request was complete. Nobody reads an answer any more."""


def as_http_error(error: Exception) -> HTTPError | None:
    """The error itself, or an authentication error (it carries ``challenges``) in our shape."""
    if isinstance(error, HTTPError):
        return error
    challenges = getattr(error, "challenges", None)
    status = getattr(error, "status", None)
    if challenges is None or not isinstance(status, int):
        return None
    headers = getattr(error, "headers", ())
    return HTTPError(status, str(error), headers=headers)


def phrase(status: int) -> str:
    """The reason phrase of a status (RFC 9110, 15), or ``Error`` for one that is not registered."""
    try:
        return _RENAMED.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Error"


# RFC 9110 renamed these; Python before 3.13 still has the older words.
_RENAMED = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
