"""What the log hears of an error: once for each request, with the name the answer carries."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from drystone._errors import ClientDisconnected, as_http_error

if TYPE_CHECKING:
    from drystone._request import Request

logger = logging.getLogger("drystone")


def log_error(request: Request[Any], error: Exception) -> None:
    """Log an error that nobody expected, or one that is the server's own (status 500 and more).

    What is answered in place of an error that was logged is not logged again.
    """
    if error is request.logged_error:
        return
    known = as_http_error(error)
    if known is not None and (known.status < 500 or request.logged_error is not None):
        return
    request.logged_error = error
    if isinstance(error, ClientDisconnected):
        logger.info("%s %s: the client left", request.method, request.raw_path)
    elif known is None:
        logger.error(
            "%s %s failed (request %s)",
            request.method,
            request.raw_path,
            request.id,
            exc_info=error,
        )
    else:
        reason = getattr(error, "reason", "")
        logger.error(
            "%s %s was answered %d: %s%s (request %s)",
            request.method,
            request.raw_path,
            known.status,
            error,
            f" ({reason})" if reason else "",
            request.id,
            exc_info=error if error.__cause__ is not None else None,
        )
