"""A handler's parameter made of a form: all of it, an object of its fields, one field, or files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from drystone._forms import FormData, FormLimits, files_wanted
from drystone._validation import kind_of

from .bodies import ReadBody, Take
from .inputs import takes_blank
from .objects import object_builder
from .values import MISSING, absent, converter, default_of

if TYPE_CHECKING:
    from drystone._request import Request


def form_reader(limits: FormLimits | None) -> ReadBody:
    """A function that reads the body as a form.

    Args:
        limits: how much of it is taken; None is what the application says.
    """

    async def read(request: Request[Any]) -> FormData:
        return await request.form(limits)

    return read


def form_taker(name: str, type: Any, default: Any) -> Take:
    """A function that takes out of a form what a parameter asks for.

    Args:
        name: of the field.
        type: `FormData`, an `UploadFile`, a list of these, an object type, or that of one field.
        default: the value where there is no such field.

    Raises:
        TypeError: there is no way from a form to this type.
    """
    take = _taker(name, type, default)

    def take_of(request: Request[Any], form: FormData) -> Any:
        return take(form)

    return take_of


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
