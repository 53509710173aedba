"""The frame of the pages that we make: they show their own style and can do nothing else."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape

from ._response import Response, html


def plain_page(title: str, style: str, content: str, status: int = 200) -> Response:
    """Answer a page.

    Args:
        title: in plain text.
        style: CSS.
        content: HTML.
        status: of the response.
    """
    page = _TEMPLATE.format(title=escape(title), style=style, content=content)
    return html(page, status, {"content-security-policy": _policy(style)})


@cache
def _policy(style: str) -> str:
    """What the page may do: show its style, known by its hash (CSP level 3, 2.3.1).

    It stays where a middleware sets the application's policy by default only; under one that
    forbids the style the page is plain, and readable.
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


_TEMPLATE = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
{content}
</html>
"""
