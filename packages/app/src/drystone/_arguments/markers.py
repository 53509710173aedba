"""Where a handler's parameter comes from, said by its annotation::

    async def search(q: str, page: int = 1, agent: Annotated[str, Header(alias="user-agent")] = ""):

``q`` and ``page`` are query parameters by their type, ``agent`` a header field by its marker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from drystone._forms import FormLimits


@dataclass(frozen=True, slots=True)
class Query:
    """A query parameter; with an object type, all query parameters at once.

    Args:
        alias: its name in the URL, where that is not the parameter's.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A header field.

    Args:
        alias: its name; by default the parameter's with ``-`` for ``_``.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie.

    Args:
        alias: its name, where that is not the parameter's.
    """

    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The body: bytes or str as it is, any other type read as JSON."""


@dataclass(frozen=True, slots=True)
class Form:
    """The body as a form: a field, an `UploadFile` or a list of them, all fields as an object type.

    Args:
        alias: the name of the field, where that is not the parameter's.
        limits: how much to take; None is what the application says.
    """

    alias: str | None = None
    limits: FormLimits | None = None


Marker: TypeAlias = Query | Header | Cookie | Body | Form
MARKERS = (Query, Header, Cookie, Body, Form)
"""Those that may stand without their brackets."""
