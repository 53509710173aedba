"""The page of an unexpected error while developing: the traceback with its source.

Shown only with ``App(debug=True)``: source and messages may hold secrets.
"""

from __future__ import annotations

import linecache
import traceback
from html import escape
from types import FrameType
from typing import TYPE_CHECKING, Any

from drystone._page import plain_page
from drystone._response import Response, json

if TYPE_CHECKING:
    from drystone._request import Request

_CONTEXT = 4  # lines of source above and below


def debug_response(request: Request[Any], error: Exception) -> Response:
    """Show an exception: as a page to browsers, as Problem Details with the traceback to others."""
    trace = "".join(traceback.format_exception(error))
    if request.accepts("application/json", "text/html") == "text/html":
        title = f"{type(error).__name__}: {error}"
        response = plain_page(title, _STYLE, _content(request, title, error, trace), 500)
    else:
        problem = {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": repr(error),
            "request_id": request.id,
            "traceback": trace.splitlines(),
        }
        response = json(problem, 500, {"content-type": "application/problem+json"})
    response.headers["x-request-id"] = request.id
    response.headers["cache-control"] = "no-store"
    return response


def _content(request: Request[Any], title: str, error: Exception, trace: str) -> str:
    frames = "".join(
        _frame(frame, line)
        for frame, line in reversed(list(traceback.walk_tb(error.__traceback__)))
    )
    return _CONTENT.format(
        title=escape(title),
        request=escape(f"{request.method} {request.raw_path}"),
        frames=frames,
        trace=escape(trace),
        request_id=escape(request.id),
    )


def _frame(frame: FrameType, line: int) -> str:
    code = frame.f_code
    rows = []
    for number in range(max(1, line - _CONTEXT), line + _CONTEXT + 1):
        text = linecache.getline(code.co_filename, number, frame.f_globals).rstrip()
        if text or number == line:
            mark = " class=here" if number == line else ""
            rows.append(f"<span{mark}>{number:>5}  {escape(text)}</span>\n")
    place = f"{code.co_filename}:{line}"
    name = escape(code.co_qualname)
    summary = f"<summary>{name} <small>{escape(place)}</small></summary>"
    return f"<details open>{summary}<pre>{''.join(rows)}</pre></details>"


_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color-scheme: light dark; }
h1 { font-size: 1.3rem; }
pre { overflow-x: auto; padding: .5rem;
      background: color-mix(in srgb, currentColor 6%, transparent); }
.here { font-weight: bold; background: color-mix(in srgb, red 25%, transparent); }
small { opacity: .6; }
"""

_CONTENT = """<h1>{title}</h1>
<p>{request} <small>request {request_id}. This page is shown because the application runs with
debug=True.</small></p>
{frames}
<details><summary>The whole traceback</summary><pre>{trace}</pre></details>"""
