"""Reading the signature of a handler or provider, once, into a `Call`.

Whatever cannot be filled is refused here, so that it fails when the module is imported and not when
the first request comes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from inspect import Parameter
from typing import Any, get_origin

from drystone._depends import Dependency
from drystone._forms import FormData, FormLimits, files_wanted
from drystone._layer import Layer
from drystone._multidict import QueryParams
from drystone._request import Request
from drystone._validation import kind_of

from .annotations import as_marker, hints_of, split_marker
from .bodies import Take, body_taker
from .complaints import fail, name_of
from .form_fields import form_reader, form_taker
from .head import head_reader
from .markers import Body, Cookie, Form, Header, Query
from .objects import object_builder
from .providers import Ask, Call, Provider, called, calls_of, starter
from .values import MISSING, Extract, Value

_PATH_NAME = re.compile(r"\{\{|\{([^\W\d]\w*)")

Overrides = Mapping[Callable[..., Any], Callable[..., Any]]


def plan_call(
    function: Callable[..., Any],
    path: str,
    overrides: Overrides | None = None,
    checks: Sequence[Dependency] = (),
) -> Call:
    """Work out where each argument of a handler comes from.

    Args:
        function: the handler.
        path: the whole pattern of its route.
        overrides: providers to be replaced, for tests.
        checks: providers among the guards, the outermost first.

    Raises:
        SignatureError: a parameter cannot be filled, or a path parameter is not taken.
    """
    inner = called(function)
    if inspect.isasyncgenfunction(inner) or inspect.isgeneratorfunction(inner):
        fail(function, "is a generator: return stream(...) or event_stream(...) with one")
    names = [name for name in _PATH_NAME.findall(path) if name]
    call = _Reader(function, names, overrides or {}, ()).read(checks)
    taken = {value.name for value in _values(call) if value.where == "path"}
    for name in names:
        if name not in taken:
            fail(function, f"does not take the path parameter {{{name}}} of {path}")
    return call


def _values(call: Call) -> Iterator[Value]:
    """The values that a call takes, and those that its providers take."""
    for part in calls_of(call):
        for extract in part.extracts.values():
            if isinstance(extract, Value):
                yield extract


class _Reader:
    """Reads one signature; for the providers it finds, further readers."""

    def __init__(
        self,
        function: Callable[..., Any],
        path_names: list[str],
        overrides: Overrides,
        around: tuple[Callable[..., Any], ...],
        app_scope: bool = False,
    ) -> None:
        self.function = function
        self.path_names = path_names
        self.overrides = overrides
        self.around = (*around, function)
        self.is_handler = not around
        self.app_scope = app_scope
        self.call = Call(function)
        self.body_form = ""
        self.form_limits: FormLimits | None = None
        self.json_name = ""

    def read(self, checks: Sequence[Dependency] = ()) -> Call:
        self.call.checks = [self._provider("guards", None, check) for check in checks]
        hints = hints_of(self.function)
        for index, parameter in enumerate(_parameters(self.function)):
            self._read_parameter(parameter, hints.get(parameter.name, MISSING), index == 0)
            if parameter.name in self.call.bodies or parameter.name in self.call.needs:
                self.call.awaited.append(parameter.name)
        self.call.read_head = head_reader(self.call.extracts)
        if self.body_form == "form":
            self.call.read_body = form_reader(self.form_limits)
        if self.app_scope and not self._needs_no_request():
            fail(self.function, "lives as long as the application, so it cannot ask for a request")
        return self.call

    def _read_parameter(self, parameter: Parameter, hint: Any, is_first: bool) -> None:
        name = parameter.name
        default = MISSING if parameter.default is Parameter.empty else parameter.default
        try:
            type, marker = split_marker(hint)
        except TypeError as error:
            fail(self.function, f"parameter {name!r} {error}")
        if isinstance(default, Dependency):
            marker, default = default, MISSING
        elif as_marker(default) is not None:
            fail(
                self.function,
                f"parameter {name!r} has a marker for its default: write "
                f"{name}: Annotated[{name_of(type)}, {default!r}], and a default behind it",
            )
        if parameter.kind is Parameter.VAR_POSITIONAL:
            fail(self.function, f"has *{name}: positional arguments cannot be filled")
        elif parameter.kind is Parameter.VAR_KEYWORD:
            for rest in self.path_names:
                self.call.extracts.setdefault(rest, Value("path", rest, str))
        elif _is_request(
            name, type, hint, is_first and default is MISSING and name not in self.path_names
        ):
            self._take_request(name, is_first)
        elif parameter.kind is Parameter.POSITIONAL_ONLY:
            fail(self.function, f"parameter {name!r} is positional-only: arguments are named")
        elif isinstance(marker, Dependency):
            self.call.needs[name] = self._provider(name, type, marker)
        elif isinstance(marker, Form) or type is FormData or files_wanted(type):
            form = marker if isinstance(marker, Form) else Form()
            self.call.bodies[name] = self._form(name, type, form, default)
        elif isinstance(marker, Body):
            self.call.bodies[name] = self._body(name, type, default)
        else:
            self._read_value(name, type, hint, marker, default)

    def _needs_no_request(self) -> bool:
        extracts = self.call.extracts.values()
        return not self.call.bodies and all(extract is _application for extract in extracts)

    def _take_request(self, name: str, is_first: bool) -> None:
        if is_first and self.is_handler:
            self.call.with_request = True
        else:
            self.call.extracts[name] = lambda request: request

    def _read_value(self, name: str, type: Any, hint: Any, marker: Any, default: Any) -> None:
        """A parameter whose place follows from its marker, its name or its type."""
        try:
            extract = self._extract(name, type, hint, marker, default)
        except TypeError as error:
            fail(self.function, f"parameter {name!r}: {error}")
        if extract is not None:
            self.call.extracts[name] = extract
        elif hint is MISSING:
            fail(self.function, f"parameter {name!r} has no annotation and is not in the path")
        elif kind_of(type) == "object":
            self.call.bodies[name] = self._body(name, type, default)
        else:
            fail(
                self.function,
                f"parameter {name!r}: nothing of a request is a {name_of(type)}; "
                "annotate it with Query, Header, Cookie, Body, Form or Depends",
            )

    def _extract(
        self, name: str, type: Any, hint: Any, marker: Any, default: Any
    ) -> Extract | None:
        kind = "one" if hint is MISSING else kind_of(type)
        alias = getattr(marker, "alias", None)
        if marker is None and name in self.path_names:
            if kind != "one" and type is not Any:
                raise TypeError(f"a part of a path cannot become a {name_of(type)}")
            return Value("path", name, Any if hint is MISSING else type, default)
        if marker is None and (injected := _injected(type)) is not None:
            return injected
        if marker is not None and kind == "unknown":
            raise TypeError(f"a text cannot become a {name_of(type)}")
        if isinstance(marker, Query) and kind == "object":
            build = object_builder("query", type)
            self.call.asks.append(Ask("query", name, type, MISSING))
            return lambda request: build(request.query)
        if isinstance(marker, Header):
            if kind == "object" and type is not Any:
                raise TypeError(f"a header field cannot become a {name_of(type)}")
            alias = alias or name.replace("_", "-")
            return Value("header", alias, type, default, kind == "many")
        if isinstance(marker, Cookie):
            if kind != "one" and type is not Any:
                raise TypeError(f"a cookie cannot become a {name_of(type)}")
            return Value("cookie", alias or name, type, default)
        if isinstance(marker, Query) or (hint is not MISSING and kind in ("one", "many")):
            return Value("query", alias or name, type, default, kind == "many")
        return None

    def _body(self, name: str, type: Any, default: Any) -> Take:
        if type not in (bytes, str) and kind_of(type) == "unknown":
            fail(self.function, f"parameter {name!r}: a body cannot become a {name_of(type)}")
        self._claim_body("JSON")
        if type not in (bytes, str):
            self._claim_json(name)
        self.call.asks.append(Ask("body", name, type, default))
        try:
            return body_taker(type, default)
        except TypeError as error:
            fail(self.function, f"parameter {name!r}: {error}")

    def _form(self, name: str, type: Any, marker: Form, default: Any) -> Take:
        self._claim_body("form")
        if marker.limits is not None:
            self.form_limits = self.form_limits or marker.limits
            self.call.form_size = max(self.call.form_size, marker.limits.total_size)
        self.call.asks.append(Ask("form", marker.alias or name, type, default))
        try:
            return form_taker(marker.alias or name, type, default)
        except TypeError as error:
            fail(self.function, f"parameter {name!r}: {error}")

    def _claim_body(self, form: str) -> None:
        """Note as what the body is read; one body cannot be two things."""
        if form != (self.body_form or form):
            fail(self.function, "asks for the body both as JSON and as a form")
        self.body_form = form

    def _claim_json(self, name: str) -> None:
        if self.json_name:
            fail(
                self.function,
                f"parameters {self.json_name!r} and {name!r} would both be the whole JSON body: "
                "make one type that holds both",
            )
        self.json_name = name

    def _provider(self, name: str, type: Any, marker: Dependency) -> Provider:
        wanted: Any = marker.function or type
        where = f"parameter {name!r}"
        if not _has_hash(wanted):
            fail(
                self.function,
                f"{where}: {wanted!r} has no hash by which its value could be kept: "
                "give its class one, a dataclass by @dataclass(frozen=True) or (eq=False)",
            )
        function = self.overrides.get(wanted, wanted)
        if not callable(function):
            fail(self.function, f"{where}: {function!r} is no provider to call")
        if function in self.around:
            fail(self.function, f"{where}: {name_of(function)} needs itself")
        if self.app_scope and marker.scope != "app":
            complaint = f"lives as long as the application, {name_of(function)} does not"
            fail(self.function, f"{where} {complaint}")
        reader = _Reader(
            function, self.path_names, self.overrides, self.around, marker.scope == "app"
        )
        call = reader.read()
        if reader.body_form:
            self._claim_body(reader.body_form)
        return Provider(wanted, call, marker.scope, starter(function, marker.thread))


def _has_hash(thing: object) -> bool:
    return isinstance(thing, Hashable)


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    """The parameters to fill; a partial has filled some itself, and nobody may do so again."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError as error:
        fail(function, f"has no signature that can be read: {error}")
    bound = function.keywords if isinstance(function, partial) else {}
    return [parameter for parameter in parameters if parameter.name not in bound]


def _is_request(name: str, type: Any, hint: Any, may_be_unnamed: bool) -> bool:
    if hint is MISSING or type is Any:
        return name == "request" or (hint is MISSING and may_be_unnamed)
    plain = get_origin(type) or type
    return inspect.isclass(plain) and issubclass(plain, Request)


def _application(request: Request[Any]) -> Any:
    return request.app


def _injected(type: Any) -> Extract | None:
    """What is given by its type alone."""
    plain = get_origin(type) or type
    if inspect.isclass(plain) and issubclass(plain, Layer) and plain.is_application:
        return _application
    if plain is QueryParams:
        return lambda request: request.query
    return None
