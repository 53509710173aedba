"""A foreign router, werkzeug's, behind our router's contract: what it passes, what it declines."""

import re
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import unquote

from drystone_router.testing import CASES, check_router
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import (
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    Map,
    RequestRedirect,
    Rule,
    ValidationError,
)

PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Missed(Exception):
    def __init__(self, status: int, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(status)
        self.status = status
        self.allowed = allowed


class Found(NamedTuple):
    value: Any
    params: dict[str, Any]


class Int(IntegerConverter):
    regex = "[0-9]{1,18}"


class Float(FloatConverter):
    regex = r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?"


class Date(BaseConverter):
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None


class WerkzeugRouter:
    """Werkzeug with converters as strict as ours, on the raw path."""

    def __init__(self) -> None:
        self.map = Map(
            strict_slashes=True,
            merge_slashes=False,
            redirect_defaults=False,
            converters={"int": Int, "float": Float, "date": Date},
        )

    def add_route(self, path: str, value: Any, methods: tuple[str, ...] | None) -> None:
        if "re(" in path or "?}" in path:
            raise ValueError("there is no such parameter")
        rule = PARAMETER.sub(lambda m: f"<{m[2] or 'string'}:{m[1]}>", path)
        if re.search(r"(?<!\{)\{(?!\{)", rule.replace("{{", "")):
            raise ValueError("malformed")
        rule = rule.replace("{{", "{").replace("}}", "}")
        self.map.add(Rule(rule, endpoint=(value,), methods=methods))

    def match(self, method: str, path: str) -> Found:
        adapter = self.map.bind("localhost")
        try:
            (value,), params = adapter.match(unquote(path), method=method)
        except (NotFound, RequestRedirect):
            raise Missed(404) from None
        except MethodNotAllowed as refused:
            raise Missed(405, tuple(sorted(refused.valid_methods or ()))) from None
        return Found(value, params)


SPLITS_LATE = (
    "it takes the path already decoded, so it cannot tell an encoded slash or a bad escape"
)
NO_CHECK = "it does not look for routes that stand in each other's way"
LENIENT = "it takes more for well-formed than we do"
NO_SUCH = "it has nothing of the kind"
DECLINED = {
    "encoded slash stays inside": SPLITS_LATE,
    "malformed escapes match nothing": SPLITS_LATE,
    "dot segments match nothing": LENIENT,
    "the same twice": NO_CHECK,
    "the same shape": NO_CHECK,
    "crossing": NO_CHECK,
    "crossing with HEAD through GET": NO_CHECK,
    "malformed patterns": LENIENT,
    "malformed methods": LENIENT,
    "methods": "it answers a method written in lower case",
    "HEAD given itself": "a GET rule that came first answers HEAD",
    "int before float": "both weigh the same, so the order of adding decides",
    "path": "its path cannot begin with a slash",
    "decoded once, literals too": SPLITS_LATE,
    "empty segments fit only a path": LENIENT,
    "what is no path matches nothing": LENIENT,
    "braces": NO_SUCH,
    "regular expression": NO_SUCH,
    "several parameters in a segment": NO_SUCH,
    "optional last segment": NO_SUCH,
}


def test_it_passes_what_it_does_not_decline() -> None:
    assert len(DECLINED) < len(CASES) / 2
    check_router(WerkzeugRouter, declined=DECLINED)
