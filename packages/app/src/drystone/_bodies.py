"""A handler's parameter made of the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._forms import FormData, FormLimits
from ._parameters import MISSING, Body, Extract, Form, absent, object_builder
from ._validation import json_decoder

if TYPE_CHECKING:
    from ._request import Request


def read_as(type: Any, marker: Body | Form, default: Any) -> Extract:
    """A function that reads the body as a type.

    Args:
        type: bytes and str are the body as it is; else JSON, or the fields of a form.
        marker: whether it is a form.
        default: the value where there is no body.

    Raises:
        TypeError: there is no way from a body to this type.
    """
    if isinstance(marker, Form):
        return _form_reader(type, marker.limits)
    if type is bytes:
        return _read_bytes
    if type is str:
        return _read_text
    return _json_reader(type, default)


async def _read_bytes(request: Request[Any]) -> bytes:
    return await request.body()


async def _read_text(request: Request[Any]) -> str:
    return (await request.body()).decode(errors="replace")


def _json_reader(type: Any, default: Any) -> Extract:
    decode = json_decoder(None if type is Any else type)

    async def read(request: Request[Any]) -> Any:
        body = await request.body()
        if not body and default is not MISSING:
            return default
        return decode(body)

    return read


def _form_reader(type: Any, limits: FormLimits | None) -> Extract:
    async def read_form(request: Request[Any]) -> FormData:
        return await request.form(limits)

    if type is FormData:
        return read_form
    build = object_builder("form", type)

    async def read(request: Request[Any]) -> Any:
        form = await request.form(limits)
        return build(form.get_all)

    return read


def read_file(name: str, marker: Form, default: Any) -> Extract:
    """A function that reads the body as a form and takes a file of it.

    Args:
        name: of the field.
        marker: the limits of the form.
        default: the value where there is no such file.
    """

    async def read(request: Request[Any]) -> Any:
        file = (await request.form(marker.limits)).file(name)
        if file is not None:
            return file
        return absent("form", name) if default is MISSING else default

    return read
