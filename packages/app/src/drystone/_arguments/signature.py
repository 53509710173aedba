"""Reading the signature of a handler or provider, once, into a `Call`.

Whatever cannot be filled is refused here, so that it fails when the module is imported and not when
the first request comes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Annotated, Any, NoReturn, get_args, get_origin, get_type_hints

from drystone._forms import FormData, FormLimits, files_wanted
from drystone._layer import Layer
from drystone._multidict import QueryParams
from drystone._request import Request
from drystone._validation import kind_of

from .bodies import Take, body_taker
from .form_fields import form_reader, form_taker
from .head import head_reader
from .markers import Body, Cookie, Form, Header, Query
from .objects import object_builder
from .providers import Ask, Call, Dependency, Provider, starter
from .values import MISSING, Extract, Value

_PATH_NAME = re.compile(r"\{\{|\{([^\W\d]\w*)")

Overrides = Mapping[Callable[..., Any], Callable[..., Any]]


class SignatureError(TypeError):
    """A handler or provider has a parameter that cannot be filled."""


def plan_call(function: Callable[..., Any], path: str, overrides: Overrides | None = None) -> Call:
    """Work out where each argument of a handler comes from.

    Args:
        function: the handler.
        path: the whole pattern of its route.
        overrides: providers to be replaced, for tests.

    Raises:
        SignatureError: a parameter cannot be filled, or a path parameter is not taken.
    """
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        _fail(function, "is a generator: return stream(...) or event_stream(...) with one")
    names = [name for name in _PATH_NAME.findall(path) if name]
    call = _Reader(function, names, overrides or {}, ()).read()
    untaken = [name for name in names if name not in call.extracts]
    if untaken:
        _fail(function, f"does not take the path parameter {{{untaken[0]}}} of {path}")
    return call


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

    def read(self) -> Call:
        hints = hints_of(self.function)
        parameters = list(_parameters(self.function))
        for index, parameter in enumerate(parameters):
            self._read_parameter(parameter, hints.get(parameter.name, MISSING), index == 0)
        self.call.read_head = head_reader(self.call.extracts)
        if self.body_form == "form":
            self.call.read_body = form_reader(self.form_limits)
        if self.app_scope and (self.call.extracts or self.call.bodies):
            _fail(self.function, "lives as long as the application, so it cannot ask for a request")
        return self.call

    def _read_parameter(self, parameter: Parameter, hint: Any, is_first: bool) -> None:
        name = parameter.name
        default = MISSING if parameter.default is Parameter.empty else parameter.default
        type, marker = _split(hint)
        if isinstance(default, Dependency):
            marker, default = default, MISSING
        if parameter.kind is Parameter.VAR_POSITIONAL:
            _fail(self.function, f"has *{name}: positional arguments cannot be filled")
        elif parameter.kind is Parameter.VAR_KEYWORD:
            for rest in self.path_names:
                self.call.extracts.setdefault(rest, Value("path", rest, str))
        elif _is_request(name, type, hint, is_first and name not in self.path_names):
            self._take_request(name, is_first)
        elif parameter.kind is Parameter.POSITIONAL_ONLY:
            _fail(self.function, f"parameter {name!r} is positional-only: arguments are named")
        elif isinstance(marker, Dependency):
            self.call.needs[name] = self._provider(name, type, marker)
        elif isinstance(marker, Form) or type is FormData or files_wanted(type):
            form = marker if isinstance(marker, Form) else Form()
            self.call.bodies[name] = self._form(name, type, form, default)
        elif isinstance(marker, Body):
            self.call.bodies[name] = self._body(name, type, default)
        else:
            self._read_value(name, type, hint, marker, default)

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
            _fail(self.function, f"parameter {name!r}: {error}")
        if extract is not None:
            self.call.extracts[name] = extract
        elif hint is MISSING:
            _fail(self.function, f"parameter {name!r} has no annotation and is not in the path")
        elif kind_of(type) == "object":
            self.call.bodies[name] = self._body(name, type, default)
        else:
            _fail(
                self.function,
                f"parameter {name!r}: nothing of a request is a {_name(type)}; "
                "annotate it with Query, Header, Cookie, Body, Form or Depends",
            )

    def _extract(
        self, name: str, type: Any, hint: Any, marker: Any, default: Any
    ) -> Extract | None:
        kind = "one" if hint is MISSING else kind_of(type)
        alias = getattr(marker, "alias", None)
        if marker is None and name in self.path_names:
            return Value("path", name, Any if hint is MISSING else type, default)
        if marker is None and (injected := _injected(type)) is not None:
            return injected
        if marker is not None and kind == "unknown":
            raise TypeError(f"a text cannot become a {_name(type)}")
        if isinstance(marker, Query) and kind == "object":
            build = object_builder("query", type)
            self.call.asks.append(Ask("query", name, type, MISSING))
            return lambda request: build(request.query)
        if isinstance(marker, Header):
            alias = alias or name.replace("_", "-")
            return Value("header", alias, type, default, kind == "many")
        if isinstance(marker, Cookie):
            return Value("cookie", alias or name, type, default)
        if isinstance(marker, Query) or (hint is not MISSING and kind in ("one", "many")):
            return Value("query", alias or name, type, default, kind == "many")
        return None

    def _body(self, name: str, type: Any, default: Any) -> Take:
        if type not in (bytes, str) and kind_of(type) == "unknown":
            _fail(self.function, f"parameter {name!r}: a body cannot become a {_name(type)}")
        self._claim_body("JSON")
        if type not in (bytes, str):
            self._claim_json(name)
        self.call.asks.append(Ask("body", name, type, default))
        try:
            return body_taker(type, default)
        except TypeError as error:
            _fail(self.function, f"parameter {name!r}: {error}")

    def _form(self, name: str, type: Any, marker: Form, default: Any) -> Take:
        self._claim_body("form")
        if marker.limits is not None:
            self.form_limits = self.form_limits or marker.limits
            self.call.form_size = max(self.call.form_size, marker.limits.total_size)
        self.call.asks.append(Ask("form", marker.alias or name, type, default))
        try:
            return form_taker(marker.alias or name, type, default)
        except TypeError as error:
            _fail(self.function, f"parameter {name!r}: {error}")

    def _claim_body(self, form: str) -> None:
        """Note as what the body is read; one body cannot be two things."""
        if form != (self.body_form or form):
            _fail(self.function, "asks for the body both as JSON and as a form")
        self.body_form = form

    def _claim_json(self, name: str) -> None:
        if self.json_name:
            _fail(
                self.function,
                f"parameters {self.json_name!r} and {name!r} would both be the whole JSON body: "
                "make one type that holds both",
            )
        self.json_name = name

    def _provider(self, name: str, type: Any, marker: Dependency) -> Provider:
        wanted = marker.function or type
        function = self.overrides.get(wanted, wanted)
        if not callable(function):
            _fail(self.function, f"parameter {name!r}: {function!r} is no provider to call")
        if function in self.around:
            _fail(self.function, f"parameter {name!r}: {_name(function)} needs itself")
        if self.app_scope and marker.scope != "app":
            _fail(
                self.function,
                f"parameter {name!r} lives as long as the application, {_name(function)} does not",
            )
        reader = _Reader(
            function, self.path_names, self.overrides, self.around, marker.scope == "app"
        )
        call = reader.read()
        if reader.body_form:
            self._claim_body(reader.body_form)
        return Provider(wanted, call, marker.scope, starter(function, marker.thread))


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError as error:
        _fail(function, f"has no signature that can be read: {error}")


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations, those written as strings evaluated."""
    target: Any = function
    if isinstance(function, type):
        target = getattr(function, "__init__")  # noqa: B009  # of the class, not of an object
    elif not inspect.isroutine(inspect.unwrap(function)):
        target = getattr(function, "func", type(function).__call__)  # a partial, or an object
    try:
        return get_type_hints(target, include_extras=True)
    except NameError as error:
        _fail(
            function,
            f"has an annotation that cannot be resolved: {error}. "
            "Annotations need names of the module, not of a function around",
        )


def _split(hint: Any) -> tuple[Any, Any]:
    """``Annotated[int, Query(), Meta(ge=1)]`` -> ``(Annotated[int, Meta(ge=1)], Query())``."""
    if get_origin(hint) is not Annotated:
        return hint, None
    type, *extras = get_args(hint)
    marker = None
    kept = []
    for extra in extras:
        if extra in (Query, Header, Cookie, Body, Form):
            extra = extra()
        if isinstance(extra, (Query, Header, Cookie, Body, Form, Dependency)):
            marker = extra
        else:
            kept.append(extra)
    return (Annotated[(type, *kept)] if kept else type), marker


def _is_request(name: str, type: Any, hint: Any, may_be_unnamed: bool) -> bool:
    if hint is MISSING or type is Any:
        return name == "request" or (hint is MISSING and may_be_unnamed)
    plain = get_origin(type) or type
    return inspect.isclass(plain) and issubclass(plain, Request)


def _injected(type: Any) -> Extract | None:
    """What is given by its type alone."""
    plain = get_origin(type) or type
    if inspect.isclass(plain) and issubclass(plain, Layer) and plain.is_application:
        return lambda request: request.app
    if plain is QueryParams:
        return lambda request: request.query
    return None


def _name(thing: Any) -> str:
    return getattr(thing, "__qualname__", None) or str(thing)


def _fail(function: Callable[..., Any], complaint: str) -> NoReturn:
    """Refuse a signature, naming the function and its line."""
    raise SignatureError(f"{describe(function)}: {complaint}")


def describe(function: Callable[..., Any]) -> str:
    """The name of a function with its module, file and line."""
    inner = inspect.unwrap(function)
    code = getattr(inner, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return f"{getattr(inner, '__module__', '?')}.{_name(inner)}{where}"
