"""A function of the user's as a native handler: ``request -> Response``.

Three ways to fill its parameters, by what the signature asks for; which one is decided when it is
registered.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from inspect import iscoroutine
from typing import Any, TypeAlias

from ._arguments import (
    AppResources,
    Call,
    Extract,
    Resources,
    Value,
    calls_of,
    gather_faults,
    is_async,
)
from ._convert import to_response
from ._errors import ValidationError
from ._handlers import Handler
from ._request import Request
from ._response import Response
from ._validation import Fault

Invoke: TypeAlias = "Callable[..., Awaitable[Any]]"
"""An async function that takes the arguments by name."""


def make_endpoint(call: Call, status: int, provided: AppResources) -> Handler:
    """Make a native handler of a planned call.

    Args:
        call: the function and where its arguments come from.
        status: of the response where the function returns a plain value.
        provided: what providers give to the whole application.
    """
    if _takes_the_path_as_it_is(call):
        return _with_path(call.function, status)
    if call.needs or call.checks:
        return _with_providers(call, status, provided)
    if call.bodies:
        return _with_body(call, status)
    return _from_head(call, status)


def _takes_the_path_as_it_is(call: Call) -> bool:
    """Whether it is ``async def f(request, **path_params)``, the form without any types."""
    return (
        call.with_request
        and is_async(call.function)
        and not (call.bodies or call.needs or call.checks)
        and all(_is_in_the_path_as_it_is(extract) for extract in call.extracts.values())
    )


def _is_in_the_path_as_it_is(extract: Extract) -> bool:
    return isinstance(extract, Value) and extract.where == "path" and extract.is_raw


def _with_path(function: Callable[..., Any], status: int) -> Handler:
    """The router's parameters are the arguments."""

    async def endpoint(request: Request[Any]) -> Response:
        result = await function(request, **request.path_params)
        return result if type(result) is Response else to_response(result, status, request)

    return endpoint


def _invoker(call: Call) -> tuple[Invoke, bool]:
    """How to call the function, and whether the request is its first argument.

    It is called as it is if it is async, else in the application's thread pool.
    """
    function = call.function
    if is_async(function):
        return function, call.with_request

    async def in_thread(request: Request[Any], /, **arguments: Any) -> Any:
        first = (request,) if call.with_request else ()
        result = await request.app.threads.run(function, *first, **arguments)
        # A plain decorator around an async function looks plain, too.
        return await result if iscoroutine(result) else result

    return in_thread, True


def _from_head(call: Call, status: int) -> Handler:
    """Everything is in the head: nothing to wait for before the function."""
    invoke, with_request = _invoker(call)
    read_head = call.read_head

    async def endpoint(request: Request[Any]) -> Response:
        try:
            arguments = read_head(request)
        except ValidationError as error:
            raise _all_faults(request, call, error) from None
        result = await (invoke(request, **arguments) if with_request else invoke(**arguments))
        return result if type(result) is Response else to_response(result, status, request)

    return endpoint


def _with_body(call: Call, status: int) -> Handler:
    """The body is read, once the head was found good or bad."""
    invoke, with_request = _invoker(call)
    read_head, read_body = call.read_head, call.read_body
    bodies = tuple(call.bodies.items())

    async def endpoint(request: Request[Any]) -> Response:
        try:
            arguments = read_head(request)
            body = await read_body(request)
            for name, take in bodies:
                arguments[name] = take(request, body)
        except ValidationError as error:
            raise await _all_faults_with_bodies(request, call, error) from None
        result = await (invoke(request, **arguments) if with_request else invoke(**arguments))
        return result if type(result) is Response else to_response(result, status, request)

    return endpoint


def _with_providers(call: Call, status: int, provided: AppResources) -> Handler:
    """Providers run first; what they opened is left after the response, or with the exception."""
    invoke, with_request = _invoker(call)

    async def endpoint(request: Request[Any]) -> Response:
        resources = Resources(request, provided)
        try:
            try:
                arguments = await resources.arguments(call)
            except ValidationError as error:
                raise await _all_faults_with_bodies(request, call, error) from None
            result = await (invoke(request, **arguments) if with_request else invoke(**arguments))
            response = to_response(result, status, request)
        except BaseException:
            if resources.to_close is not None:
                await resources.to_close.__aexit__(*sys.exc_info())
            raise
        if resources.to_close is not None:
            request.clean_up(resources.to_close.aclose)
        return response

    return endpoint


def _all_faults(request: Request[Any], call: Call, first: ValidationError) -> ValidationError:
    """One refusal with every fault of the head."""
    return _merge(gather_faults(request, _extracts(call)), first)


async def _all_faults_with_bodies(
    request: Request[Any], call: Call, first: ValidationError
) -> ValidationError:
    """One refusal with every fault of head and body, those that providers would meet included."""
    faults = gather_faults(request, _extracts(call))
    for part in calls_of(call):
        body = await part.read_body(request) if part.bodies else None
        for take in part.bodies.values():
            try:
                take(request, body)
            except ValidationError as error:
                faults += [fault for fault in error.errors if fault not in faults]
    return _merge(faults, first)


def _merge(faults: list[Fault], first: ValidationError) -> ValidationError:
    return ValidationError(faults + [fault for fault in first.errors if fault not in faults])


def _extracts(call: Call) -> list[Any]:
    return [extract for part in calls_of(call) for extract in part.extracts.values()]
