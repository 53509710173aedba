"""A handler's parameter made of a form: all of it, an object of its fields, one field, or files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from drystone._forms import FormData, files_wanted
from drystone._validation import kind_of

from .inputs import takes_blank
from .markers import Form
from .objects import object_builder
from .values import MISSING, Extract, absent, converter, default_of

if TYPE_CHECKING:
    from drystone._request import Request


def read_form_as(name: str, type: Any, marker: Form, default: Any) -> Extract:
    """A function that reads the body as a form and takes what a parameter asks for.

    Args:
        name: of the parameter.
        type: `FormData`, an `UploadFile`, a list of these, an object type, or that of one field.
        marker: the limits of the form, and the name of the field.
        default: the value where there is no such field.

    Raises:
        TypeError: there is no way from a form to this type.
    """
    take = _taker(marker.alias or name, type, default)
    limits = marker.limits

    async def read(request: Request[Any]) -> Any:
        return take(await request.form(limits))

    return read


def _taker(name: str, type: Any, default: Any) -> Callable[[FormData], Any]:
    if type is FormData:
        return lambda form: form
    if files := files_wanted(type):
        return _file_taker(name, files == "many", default)
    if kind_of(type) == "object":
        return object_builder("form", type)
    return _field_taker(name, type, default)


def _file_taker(name: str, many: bool, default: Any) -> Callable[[FormData], Any]:
    def take(form: FormData) -> Any:
        files = form.files(name)
        if files:
            return files if many else files[0]
        return absent("form", name) if default is MISSING else default_of(default)

    return take


def _field_taker(name: str, type: Any, default: Any) -> Callable[[FormData], Any]:
    """One field. A browser sends a blank for an input that was not filled in."""
    if kind_of(type) == "unknown":
        raise TypeError(f"a field of a form cannot become a {type}")
    convert = converter("form", name, type)
    many = kind_of(type) == "many"
    blank_counts = many or takes_blank(type)

    def take(form: FormData) -> Any:
        values = form.find(name)
        if values is not None and (blank_counts or values[0] != ""):
            return convert(values if many else values[0])
        return absent("form", name) if default is MISSING else default_of(default)

    return take
