"""Providers: functions whose result a handler asks for, with their clean-up.

A generator cleans up behind its ``yield``::

    async def session(pool: Annotated[Pool, Depends(open_pool, scope="app")]):
        async with pool.connect() as connection:
            yield connection                       # what follows is done after the response

    @app.get("/notes")
    async def notes(db: Annotated[Connection, Depends(session)]): ...

What a provider needs is worked out once, when the handler is registered; a request only walks the
plan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from inspect import (
    isasyncgenfunction,
    isclass,
    iscoroutine,
    iscoroutinefunction,
    isgeneratorfunction,
    isroutine,
)
from typing import Any, Literal, TypeAlias

from drystone._depends import ProviderScope
from drystone._request import Request

from .bodies import ReadBody, Take
from .head import ReadHead, read_nothing
from .values import Extract

Start: TypeAlias = "Callable[[Resources, dict[str, Any]], Any]"
"""Calls a provider with its arguments and enters what is to be left again."""


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine; objects with an async ``__call__`` count."""
    return iscoroutinefunction(called(function))


def called(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function behind partials; of an object, the method that a call of it calls."""
    while isinstance(function, partial):
        function = function.func
    if isroutine(function) or isclass(function):
        return function
    method: Callable[..., Any] = type(function).__call__
    return method


@dataclass(frozen=True, slots=True)
class Ask:
    """A parameter that is more than one value of the head, in words for who describes it.

    Attributes:
        where: what it is made of.
        name: of the field of a form; else of the parameter.
        type: what it should be.
        default: where there is none; `MISSING` has none.
    """

    where: Literal["query", "body", "form"]
    name: str
    type: Any
    default: Any


@dataclass(slots=True)
class Call:
    """How to call a function of the user's: where each argument comes from.

    Attributes:
        function: what to call.
        with_request: whether the request is the first, positional argument.
        extracts: arguments that can be taken out of the head, each by itself.
        read_head: takes all of those at once.
        read_body: reads what the body is for all those that need it: bytes, or a form.
        bodies: arguments that are made of it.
        needs: arguments that providers give.
        awaited: the names of bodies and needs, in the order of the signature.
        checks: providers that are asked before those, for what they refuse.
        asks: what it wants beyond single values of the head, as types.
        form_size: bytes of the longest form that its own limits allow; 0 where it has none.
    """

    function: Callable[..., Any]
    with_request: bool = False
    extracts: dict[str, Extract] = field(default_factory=dict)
    read_head: ReadHead = read_nothing
    read_body: ReadBody = Request.body
    bodies: dict[str, Take] = field(default_factory=dict)
    needs: dict[str, Provider] = field(default_factory=dict)
    awaited: list[str] = field(default_factory=list)
    checks: list[Provider] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    form_size: int = 0


@dataclass(slots=True, eq=False)
class Provider:
    """A provider in the plan of a handler.

    Attributes:
        key: equal for two that share a value.
        call: how to call it.
        scope: how long its value lives.
        start: calls it, in the way its kind asks for.
    """

    key: Callable[..., Any]
    call: Call
    scope: ProviderScope
    start: Start


def calls_of(call: Call) -> list[Call]:
    """The call and those of the providers it needs, each once."""
    parts: list[Call] = [call]
    seen: set[Callable[..., Any]] = set()
    for part in parts:  # grows while it is walked
        for provider in (*part.checks, *part.needs.values()):
            if provider.key not in seen:
                seen.add(provider.key)
                parts.append(provider.call)
    return parts


def starter(function: Callable[..., Any], thread: bool) -> Start:
    """How to call a provider, by the kind of function it is."""
    kind = called(function)
    if isasyncgenfunction(kind):
        return _enter_async(asynccontextmanager(function))
    if isgeneratorfunction(kind):
        open_ = contextmanager(function)
        return _enter_in_thread(open_) if thread else _enter(open_)
    if is_async(function):
        return _await(function)
    return _in_thread(function) if thread else _plainly(function)


def _enter_async(open_: Callable[..., AbstractAsyncContextManager[Any]]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        return await resources.stack.enter_async_context(open_(**arguments))

    return start


def _enter(open_: Callable[..., AbstractContextManager[Any]]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        return resources.stack.enter_context(open_(**arguments))

    return start


def _enter_in_thread(open_: Callable[..., AbstractContextManager[Any]]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        run = resources.request.app.threads.run
        opened = open_(**arguments)
        context = copy_context()  # one for both ends: what is set at first can be reset at last

        async def leave(*error: Any) -> bool | None:
            return await run(context.run, opened.__exit__, *error)

        value = await run(context.run, opened.__enter__)
        resources.stack.push_async_exit(leave)
        return value

    return start


def _await(function: Callable[..., Any]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        return await function(**arguments)

    return start


def _in_thread(function: Callable[..., Any]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        result = await resources.request.app.threads.run(function, **arguments)
        return await result if iscoroutine(result) else result

    return start


def _plainly(function: Callable[..., Any]) -> Start:
    async def start(resources: Resources, arguments: dict[str, Any]) -> Any:
        result = function(**arguments)
        # A plain decorator around an async function looks plain, too.
        return await result if iscoroutine(result) else result

    return start


class Resources:
    """What was provided to one request, or to the application, and what is to be left again.

    Args:
        request: the request that asks.
        of_app: what was provided to the application.
    """

    __slots__ = ("_of_app", "_stack", "_values", "request")

    def __init__(self, request: Request[Any], of_app: AppResources) -> None:
        self.request = request
        self._of_app = of_app
        self._values: dict[Callable[..., Any], Any] = {}
        self._stack: AsyncExitStack | None = None

    @property
    def stack(self) -> AsyncExitStack:
        """What to leave, made when first needed."""
        if self._stack is None:
            self._stack = AsyncExitStack()
        return self._stack

    @property
    def to_close(self) -> AsyncExitStack | None:
        """What to leave; None where there is nothing."""
        return self._stack

    async def arguments(self, call: Call) -> dict[str, Any]:
        """The arguments of a call: those of the head, then the others as the signature has them.

        Raises:
            ValidationError: the request does not hold what they are made of.
        """
        request = self.request
        arguments = call.read_head(request)
        for provider in call.checks:
            if await self.provide(provider) is False:  # this would let in whom it is to keep out
                raise TypeError(f"Guard {provider.key!r} gave False: to refuse, it must raise")
        for name in call.awaited:
            take = call.bodies.get(name)
            if take is None:
                arguments[name] = await self.provide(call.needs[name])
            else:
                arguments[name] = take(request, await call.read_body(request))
        return arguments

    async def provide(self, provider: Provider) -> Any:
        """The value of a provider; made, unless its scope has one."""
        if provider.scope == "app":
            return await self._of_app.provide(provider, self.request)
        if provider.scope == "request" and provider.key in self._values:
            return self._values[provider.key]
        value = await provider.start(self, await self.arguments(provider.call))
        if provider.scope == "request":
            self._values[provider.key] = value
        return value


class AppResources:
    """What was provided to an application as a whole."""

    def __init__(self) -> None:
        self._values: dict[Callable[..., Any], Any] = {}
        self._stack = AsyncExitStack()
        self._lock = asyncio.Lock()

    async def provide(self, provider: Provider, request: Request[Any]) -> Any:
        """The one value of a provider, made by the first request that asks for it."""
        if provider.key in self._values:
            return self._values[provider.key]
        arguments = await Resources(request, self).arguments(provider.call)
        async with self._lock:
            if provider.key not in self._values:
                self._values[provider.key] = await self._make(provider, request, arguments)
            return self._values[provider.key]

    async def _make(
        self, provider: Provider, request: Request[Any], arguments: dict[str, Any]
    ) -> Any:
        resources = Resources(request, self)
        value = await provider.start(resources, arguments)
        if resources.to_close is not None:
            self._stack.push_async_exit(resources.to_close)
        return value

    def forget(self) -> None:
        """Have everything made anew when it is asked for; what there is lives until `close`."""
        self._values.clear()

    async def close(self) -> None:
        """Clean up, the last made first."""
        self.forget()
        self._lock = asyncio.Lock()  # the next run may be in another event loop
        await self._stack.aclose()
