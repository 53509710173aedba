"""The application: routes, what is around them, and the ways in.

The way of a request: the server calls `App.handle`; the application's middleware is around
`App._dispatch`, which asks the router and calls ``route.handle``, the user's function in the
middleware of its groups. An exception becomes a response where it was raised, by the function of
the nearest group that has one for it: every middleware sees responses only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    contextmanager,
)
from inspect import isasyncgenfunction
from typing import TYPE_CHECKING, Any, Generic

from ._after import AfterWork, clean_up, end_with_connection
from ._arguments import AppResources, Overrides, describe
from ._body_limit import largest_body
from ._convert import as_response
from ._forms import FormLimits
from ._group import Group
from ._handlers import Guard, Handler, Middleware
from ._interfaces import Router
from ._middleware import fold
from ._misses import answer_miss
from ._problems import answer_error
from ._request import MAX_BODY, Request
from ._response import Response
from ._route import Route
from ._routing import default_router, enter
from ._shared import SharedContext
from ._threads import ThreadPool

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # that of typing knows defaults from Python 3.13 on

    from ._serve import AppServer

    S = TypeVar("S", default=None)
else:
    from typing import TypeVar

    S = TypeVar("S")


class App(Group, Generic[S]):
    """A web application.

    ``App[AppState]`` types ``app.state``, which is what the lifespan yields.

    Args:
        router: finds a route by method and path; anything with `Router`'s three methods. None is
            a `drystone_router.Router` that answers OPTIONS.
        parser: makes a parser of a request factory; None is `drystone_parser.RequestParser`.
        lifespan: called with the application, gives an async context manager around its running;
            what that yields becomes ``app.state``.
        middleware: around every request, those that match no route included; the first outermost.
        guards: called before every handler.
        threads: how many plain (not ``async``) handlers may run at once.
        max_body: bytes of a body that is read into memory.
        form_limits: how much of a multipart form is taken; None is `FormLimits`. The largest of
            these, of every ``max_body`` and of the limits in signatures is what the parser allows.
        debug: show tracebacks and source in the answer to an error. Never where strangers come.

    Raises:
        TypeError: the lifespan makes no context manager.
    """

    is_application = True
    state: S

    def __init__(
        self,
        *,
        router: Router[Route] | None = None,
        parser: Callable[[Callable[[], Request[Any]]], Any] | None = None,
        lifespan: Callable[[App[S]], AbstractAsyncContextManager[S]] | None = None,
        middleware: Iterable[Middleware] = (),
        guards: Iterable[Guard] = (),
        threads: int = 32,
        max_body: int | None = None,
        form_limits: FormLimits | None = None,
        debug: bool = False,
    ) -> None:
        super().__init__(middleware=middleware, guards=guards, max_body=max_body)
        self.router = router if router is not None else default_router()
        self.parser = parser
        _check_lifespan(lifespan)
        self.lifespan = lifespan
        self.debug = debug
        self.form_limits = form_limits or FormLimits()
        self.largest_body = MAX_BODY
        self.threads = ThreadPool(threads)
        self.after_work = AfterWork()
        self.provided = AppResources()
        self._overrides: Overrides = {}
        self._life = SharedContext(self._live)
        self._pipeline: Handler | None = None

    # The way of a request

    async def handle(self, request: Request[Any]) -> Response | None:
        """Answer a request, and see to the work after it. This is the native handler.

        Returns:
            The response to send; None where one was sent by `Request.respond` or `take_over`.
        """
        request.app = self
        pipeline = self._pipeline
        if pipeline is None:
            pipeline = self.build()
        try:
            response = await pipeline(request)
            if response.__class__ is not Response:
                response = as_response(response, request, pipeline)
        except Exception as error:
            response = await self._answer(request, error)
        except BaseException:  # cancelled: nothing will be sent
            await clean_up(request)
            raise
        to_send: Response | None = response
        goes_on: object = request.after or request.cleanups
        if request.answered is not None:
            to_send = None
        elif response.body.__class__ is not bytes:
            end_with_connection(response, request.connection)
            goes_on = True  # a stream may still ask for work after it
        if goes_on and not request.is_followed:
            to_send = await self.after_work.see_to(request, to_send)
        return to_send

    async def _answer(self, request: Request[Any], error: Exception) -> Response:
        """The last boundary: the application's function for an exception, or the default."""
        return await answer_error(request, error, self.error_levels())

    def _dispatch(self, request: Request[Any]) -> Awaitable[Response]:
        # Plain, and so no coroutine around that of the route: it would only pass on.
        try:
            match = self._match(request.method, request.raw_path)
        except Exception as error:
            return answer_miss(request, error)
        request.route = route = match.value
        request.path_params = match.params
        return route.handle(request)

    def build(self) -> Handler:
        """Fold the middleware of the application and of every route, unless nothing has changed.

        The first request does it, and the start of the application.
        """
        if self._pipeline is not None:
            return self._pipeline
        for route in self.all_routes():
            route.build()
        self._match = self.router.match
        self.largest_body = largest_body(self, self.form_limits)
        self._pipeline = fold(self._dispatch, self.middleware, self.error_levels())
        return self._pipeline

    # Routes

    def _join(self, route: Route) -> None:
        route.plan(self._overrides, self.provided)
        try:
            enter(self.router, route)
        except ValueError as error:
            error.add_note(f"while registering {describe(route.function)}")
            raise
        self._changed()

    def _changed(self) -> None:
        self._pipeline = None  # to be built again by the next request

    def url_for(self, name: str, /, **params: Any) -> str:
        """The path of a named route, its parameters percent-encoded.

        Raises:
            LookupError: no route has that name (the router's word).
        """
        try:
            return self.router.url_for(name, **params)
        except ValueError:
            # A number may fill a parameter that the pattern takes for text and the handler for int.
            texts = {key: str(value) for key, value in params.items()}
            if texts == params:
                raise
            return self.router.url_for(name, **texts)

    @contextmanager
    def override(
        self, replacements: Mapping[Callable[..., Any], Callable[..., Any]]
    ) -> Iterator[None]:
        """Replace providers for a while: ``with app.override({open_database: fake_database})``.

        They are replaced in mounted applications of ours, too.

        Raises:
            SignatureError: a replacement asks for what cannot be filled.
        """
        before = self._overrides
        with ExitStack() as stack:
            for mount in self.all_mounts():
                if mount.native is not None:
                    stack.enter_context(mount.native.override(replacements))
            stack.callback(self._replan, before)
            self._replan({**before, **replacements})
            yield

    def _replan(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self.provided.forget()
        for route in self.all_routes():
            route.plan(overrides, self.provided)
        self._changed()

    # Life

    async def startup(self) -> None:
        """Enter the lifespan, and those of what is mounted. Servers and test clients call it.

        Each `startup` needs a `shutdown`: where several serve one application, the first starts it
        and the last stops it.
        """
        self.build()
        await self._life.enter()

    async def shutdown(self) -> None:
        """Wait for work after responses, then leave the lifespan."""
        await self._life.leave()

    @asynccontextmanager
    async def _live(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:  # left in the reverse order
            stack.callback(self.threads.close)
            if self.lifespan is not None:
                self.state = await stack.enter_async_context(self.lifespan(self))
            for mount in self.all_mounts():
                await stack.enter_async_context(mount.lifespan())
            stack.push_async_callback(self.provided.close)
            stack.push_async_callback(self.after_work.drain)
            yield

    # Ways in

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI 3 face, for servers other than ours."""
        from ._asgi.serve import serve_asgi

        await serve_asgi(self, scope, receive, send)

    async def start_server(self, host: str = "127.0.0.1", port: int = 8000) -> AppServer:
        """Start the application and serve it from this event loop.

        Args:
            host: the address to listen on.
            port: 0 takes a free one; see ``addresses`` of the result.

        Returns:
            The server, listening. Its ``close()`` ends the connections and stops the application.
        """
        from ._serve import AppServer

        server = AppServer(self)
        await server.start(host, port)
        return server

    def run(self, host: str = "127.0.0.1", port: int = 8000, *, access_log: bool = True) -> None:
        """Serve until interrupted, on uvloop where it is installed; prints the address.

        What is logged goes to standard error, unless logging was configured before.

        Args:
            host: the address to listen on.
            port: 0 takes a free one.
            access_log: log a line for each request, by the logger ``drystone_server.access``.
        """
        from ._serve import run

        run(self, {"host": host, "port": port}, access_log=access_log)


def _check_lifespan(lifespan: Any) -> None:
    if isasyncgenfunction(lifespan):
        raise TypeError(f"{describe(lifespan)}: write @contextlib.asynccontextmanager above it")
    if not (lifespan is None or callable(lifespan)):
        raise TypeError(f"lifespan={lifespan!r} is no function of the application")
