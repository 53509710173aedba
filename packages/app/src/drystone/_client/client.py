"""An HTTP client in the process and event loop of the application it tests.

Nothing is faked: the request is bytes, read by the application's parser in a connection of the
server, and the response is read from the bytes that the connection wrote.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, TypedDict, Unpack
from urllib.parse import urljoin, urlsplit

from drystone._app import App
from drystone._errors import as_http_error
from drystone._headers import HeadersInit, ResponseHeaders
from drystone._request import Request
from drystone._serve import AppServer

from .cookies import CookieJar
from .exchange import Exchange
from .memory import MemoryTransport, connect
from .request import Files, Outgoing, Params, Sent, make_request
from .response import ClientResponse

_MAX_REDIRECTS = 20


class RequestOptions(TypedDict, total=False):
    """What `Client.request` and its shorthands take by name."""

    params: Params | None
    headers: HeadersInit
    cookies: Mapping[str, str] | None
    content: Sent
    data: Params | None
    files: Files | None
    json: Any
    auth: tuple[str, str] | None
    timeout: float | None
    follow_redirects: bool


_OPTIONS = frozenset(RequestOptions.__annotations__)


class Client:
    """Talks to an application in memory::

        async with Client(app) as client:
            response = await client.get("/user/42")
            assert response.status_code == 200 and response.text == "42"

    Entering starts the application (its lifespan), leaving stops it.

    Args:
        app: the application.
        overrides: providers to be replaced: ``{open_database: fake_database}``.
        headers: sent with every request.
        cookies: to begin with; what responses set is kept in ``cookies``, which is a mapping.
        follow_redirects: whether to go where a redirect points.
        raise_errors: raise what the application did not expect, where it was answered with 500.
        client: the address that the application sees.
        base_url: where the application is said to be: ``https://example.org`` is asked over TLS, as
            it seems to the application, and sent that ``Host``. A path in it leads those asked for.
        timeout: seconds for a response to begin, and in `request` for all of it; None waits.

    Raises:
        ValueError: a ``base_url`` without scheme and host.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        overrides: Mapping[Callable[..., Any], Callable[..., Any]] | None = None,
        headers: HeadersInit = (),
        cookies: Mapping[str, str] | None = None,
        follow_redirects: bool = False,
        raise_errors: bool = False,
        client: tuple[str, int] = ("127.0.0.1", 50000),
        base_url: str = "http://localhost",
        timeout: float | None = 30.0,
    ) -> None:
        if not (urlsplit(base_url).scheme in ("http", "https") and urlsplit(base_url).hostname):
            raise ValueError(f"base_url={base_url!r} is no address: 'https://example.org' is one")
        self.app = app
        self.headers = dict(headers)
        self.cookies = CookieJar(cookies)
        self.follow_redirects = follow_redirects
        self._errors: dict[str, Exception] = {}
        self._overrides = overrides
        self._address = client
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._server = AppServer(app, self._handle_and_note if raise_errors else None)
        self._idle: dict[bool, list[MemoryTransport]] = {False: [], True: []}  # whether over TLS
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Client:
        async with AsyncExitStack() as stack:
            if self._overrides:
                stack.enter_context(self.app.override(self._overrides))
            stack.push_async_callback(self._server.close)  # which stops the application
            await self._server.start_app()
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for idle in self._idle.values():
            while idle:
                idle.pop().hang_up()
        await self._exit.aclose()

    async def request(
        self, method: str, url: str, **options: Unpack[RequestOptions]
    ) -> ClientResponse:
        """Send a request and read the whole response.

        Args:
            method: any token.
            url: path and query, behind ``base_url``; or absolute, for another scheme and ``Host``.
            **options: ``params`` are added to the query; ``headers``; ``cookies`` for this request
                alone; a body as ``content`` (str, bytes, or an async iterable, sent chunked),
                ``data`` (a form), ``files`` with ``data`` (multipart: bytes, a file, or
                ``(name, content, type)``) or ``json``; ``auth``, a name and a password for Basic;
                ``timeout`` and ``follow_redirects`` in place of the client's.

        Raises:
            TimeoutError: the whole response was not there in time.
            RuntimeError: more than 20 redirects.
        """
        seconds = options.get("timeout", self._timeout)
        async with _limited(seconds, f"{method} {url}"):
            async with self.stream(method, url, **options) as response:
                await response.aread()
            self._raise_error_of(response)
            return response

    async def get(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send GET."""
        return await self.request("GET", url, **options)

    async def head(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send HEAD."""
        return await self.request("HEAD", url, **options)

    async def options(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send OPTIONS."""
        return await self.request("OPTIONS", url, **options)

    async def post(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send POST."""
        return await self.request("POST", url, **options)

    async def put(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send PUT."""
        return await self.request("PUT", url, **options)

    async def patch(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send PATCH."""
        return await self.request("PATCH", url, **options)

    async def delete(self, url: str, **options: Unpack[RequestOptions]) -> ClientResponse:
        """Send DELETE."""
        return await self.request("DELETE", url, **options)

    def stream(
        self, method: str, url: str, **options: Unpack[RequestOptions]
    ) -> AbstractAsyncContextManager[ClientResponse]:
        """Send a request and read the response as it comes; leaving early closes the connection.

        The arguments are those of `request`; ``timeout`` is that for the response to begin.
        """
        if unknown := options.keys() - _OPTIONS:
            raise TypeError(f"A request takes no {', '.join(sorted(unknown))}")
        return self._followed(method, self._absolute(url), options)

    def _absolute(self, url: str) -> str:
        is_whole = url.startswith(("http://", "https://"))
        return url if is_whole else f"{self._base_url}/{url.removeprefix('/')}"

    @asynccontextmanager
    async def _followed(
        self, method: str, url: str, options: RequestOptions
    ) -> AsyncIterator[ClientResponse]:
        follow = options.get("follow_redirects", self.follow_redirects)
        history: list[ClientResponse] = []
        while True:
            async with self._exchange(method, url, options) as response:
                response.history = list(history)
                if not (follow and response.is_redirect):
                    yield response
                    return
                await response.aread()
            if len(history) >= _MAX_REDIRECTS:
                raise RuntimeError(f"More than {_MAX_REDIRECTS} redirects, the last from {url}")
            history.append(response)
            url = urljoin(url, response.headers.get("location") or "")
            method, options = _redirected(method, response.status_code, options)

    async def _handle_and_note(self, request: Request[Any]) -> Any:
        request.is_followed = True  # by us: the error is noted before its answer is sent
        response = await self.app.handle(request)
        sent = response or request.answered
        error = request.logged_error
        if error is not None and as_http_error(error) is None and sent and sent.status >= 500:
            self._errors[request.id] = error
        return await self.app.after_work.see_to(request, response)

    def _raise_error_of(self, response: ClientResponse) -> None:
        error = self._errors.pop(response.headers.get("x-request-id") or "", None)
        if error is not None:
            raise error

    @asynccontextmanager
    async def _exchange(
        self, method: str, url: str, options: RequestOptions
    ) -> AsyncIterator[ClientResponse]:
        is_secure = url.startswith("https:")
        request = self._make_request(method, url, options)
        async with _limited(options.get("timeout", self._timeout), f"{method} {url}"):
            exchange = await self._begin(request, is_secure)
        try:
            response = ClientResponse(exchange, urljoin(url, request.target))
            self._keep_cookies(response)
            yield response
        finally:
            await exchange.end()
            if exchange.reusable:
                self._idle[is_secure].append(exchange.transport)
            else:
                exchange.transport.hang_up()

    async def _begin(self, request: Outgoing, is_secure: bool) -> Exchange:
        """Send a request; once more where the server was just closing the connection."""
        idle = self._idle[is_secure]
        while idle:
            exchange = Exchange(idle.pop(), request)
            try:
                await exchange.begin()
            except ConnectionResetError:
                await exchange.abandon()
                if not isinstance(request.body, bytes):
                    raise
            except BaseException:
                await exchange.abandon()
                raise
            else:
                return exchange
        exchange = Exchange(self._connect(is_secure), request)
        try:
            await exchange.begin()
        except BaseException:
            await exchange.abandon()
            raise
        return exchange

    def _connect(self, is_secure: bool = False) -> MemoryTransport:
        return connect(self._server.make_connection, self._address, is_secure=is_secure)

    def _make_request(self, method: str, url: str, options: RequestOptions) -> Outgoing:
        cookies = {**self.cookies.sent_to(url), **(options.get("cookies") or {})}
        headers = _merged(self.headers, options.get("headers", ()))
        if (auth := options.get("auth")) is not None:
            headers["Authorization"] = f"Basic {b64encode(':'.join(auth).encode()).decode()}"
        if cookies:
            headers.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in cookies.items()))
        return make_request(
            method.upper(),
            url,
            params=options.get("params"),
            headers=headers,
            content=options.get("content"),
            data=options.get("data"),
            files=options.get("files"),
            json=options.get("json"),
        )

    def _keep_cookies(self, response: ClientResponse) -> None:
        for line in response.headers.get_all("set-cookie"):
            self.cookies.set_by(response.url, line)


@asynccontextmanager
async def _limited(seconds: float | None, what: str) -> AsyncIterator[None]:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise TimeoutError(
                f"{what} was not answered within {seconds:g} seconds; timeout=None waits for ever"
            ) from error
        raise


def _merged(always: HeadersInit, given: HeadersInit) -> ResponseHeaders:
    """Both, where those given for a request take the place of those sent with every one."""
    headers, added = ResponseHeaders(always), ResponseHeaders(given)
    for name, _ in added:
        headers.remove(name)
    headers.items().extend(added)
    return headers


def _redirected(method: str, status: int, options: RequestOptions) -> tuple[str, RequestOptions]:
    """How to ask again after a redirect (RFC 9110, 15.4); the new URL has a query of its own."""
    kept: RequestOptions = {**options}
    kept.pop("params", None)
    if status in (307, 308) or method in ("GET", "HEAD"):
        return method, kept
    kept = {}
    if "headers" in options:
        kept["headers"] = options["headers"]
    return "GET", kept
