"""The request a handler holds.

The parser fills it (``method`` to ``trailers``), the connection adds ``receive`` and
``connection``, the application ``app``, ``path_params`` and ``route``; everything else is worked
out when asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, TypeVar, overload
from urllib.parse import unquote
from uuid import uuid4

from ._cookies import parse_cookies
from ._errors import ClientDisconnected, HTTPError
from ._multidict import QueryParams
from ._state import State

if TYPE_CHECKING:
    import typing_extensions
    from drystone_auth import Principal, Session, Visit
    from drystone_parser import Headers
    from drystone_server import TakenConnection

    from ._forms import FormData, FormLimits
    from ._headers import HeadersInit
    from ._interfaces import Application, Connection, MatchedRoute, Work
    from ._response import Response

    # That of typing knows defaults from Python 3.13 on.
    S = typing_extensions.TypeVar("S", default=Any)
else:
    S = TypeVar("S")
T = TypeVar("T")

MAX_BODY = 16 * 2**20
"""Bytes of a body that is read into memory, unless route, group or application say otherwise."""


class Address(NamedTuple):
    """Host and port of a peer."""

    host: str
    port: int


class Request(Generic[S]):
    """One request. ``Request[AppState]`` types ``request.app.state``."""

    # Set by the parser.
    method: str
    target: str
    raw_path: str
    query_string: str
    http_version: str
    headers: Headers
    keep_alive: bool
    expect_continue: bool
    content_length: int | None
    upgrade: bool
    trailers: Headers
    # Set by the connection.
    receive: Callable[[], Awaitable[bytes]]
    connection: Connection
    # Set by the application. Class attributes stand in until then: making a request costs nothing.
    app: Application[S]
    route: MatchedRoute | None = None
    path_params: Mapping[str, Any] = MappingProxyType({})
    root_path: str = ""
    max_body: int = MAX_BODY
    after: list[Work] | None = None
    cleanups: list[Work] | None = None
    answered: Response | None = None  # what was sent while the handler's task goes on
    is_followed: bool = False  # whether somebody around the application does the work after it
    visit: Visit | None = None
    logged_error: Exception | None = None  # what the log has of this request already

    _body: bytes | None = None
    _streamed: bool = False
    _form: FormData | None = None
    _query: QueryParams | None = None
    _cookies: dict[str, str] | None = None
    _state: State | None = None
    _id: str | None = None

    @property
    def path(self) -> str:
        """The path, percent-decoded (``%2F`` too, so route on ``raw_path``)."""
        return unquote(self.raw_path)

    @property
    def query(self) -> QueryParams:
        """The parameters of the query string."""
        if self._query is None:
            self._query = QueryParams.parse(self.query_string)
        return self._query

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name."""
        if self._cookies is None:
            self._cookies = parse_cookies(self.headers.get("cookie") or "")
        return self._cookies

    @property
    def client(self) -> Address | None:
        """Who is at the other end; None over a Unix socket."""
        client = self.connection.client
        return Address(*client) if client else None

    @property
    def is_secure(self) -> bool:
        """Whether the request came over TLS, here or at a proxy we trust."""
        return self.connection.scheme in ("https", "wss")

    @property
    def host(self) -> str:
        """The ``Host`` field: a name or address, with the port where it is not the usual one."""
        return self.headers.get("host") or ""

    @property
    def url(self) -> str:
        """The absolute URL of the request, with ``root_path``."""
        query = f"?{self.query_string}" if self.query_string else ""
        return f"{self.connection.scheme}://{self.host}{self.root_path}{self.raw_path}{query}"

    def url_for(self, name: str, /, **params: Any) -> str:
        """The path of a named route of this application, with ``root_path``."""
        return self.root_path + self.app.url_for(name, **params)

    @property
    def state(self) -> State:
        """A place for what middleware and guards find out; see `Key` for typed entries."""
        if self._state is None:
            self._state = State()
        return self._state

    @property
    def known_visit(self) -> Visit:
        """What authentication found out.

        Raises:
            RuntimeError: there is no authentication in front of this handler.
        """
        if self.visit is None:
            raise RuntimeError(
                "Nobody asked who this is: put drystone.auth.authentication(...) among the "
                "middleware of the application"
            )
        return self.visit

    @property
    def principal(self) -> Principal | None:
        """Who asks; None for a visitor. Needs the middleware `drystone.auth.authentication`."""
        return self.known_visit.principal

    @property
    def session(self) -> Session:
        """The session. Needs the middleware `drystone.auth.authentication`."""
        return self.known_visit.session

    @property
    def id(self) -> str:
        """A name for this request in logs and error pages, made when first asked for."""
        if self._id is None:
            self._id = uuid4().hex
        return self._id

    def early_hints(self, *links: str) -> None:
        """Send 103 with ``Link`` fields, so that a browser fetches ahead (RFC 8297).

        Nothing happens where the server in front cannot.

        Args:
            links: values of ``Link``: ``</style.css>; rel=preload; as=style``.
        """
        send = getattr(self.connection, "early_hints", None)
        if send is not None:
            send([("link", link) for link in links])

    async def respond(self, response: Response) -> None:
        """Answer now and go on: the handler returns None when its other work is done.

        The next request of the connection does not wait for that work. Middleware sees the
        response when the handler returns, and can change it no more.

        Raises:
            HTTPError: 501, the server in front cannot; ours can.
            ConnectionError: the client left while it was sent.
        """
        from ._after import end_with_connection

        respond = self._ask_server("respond")
        end_with_connection(response, self.connection)
        await respond(response)
        self.answered = response

    async def take_over(self, status: int = 101, headers: HeadersInit = ()) -> TakenConnection:
        """Accept the upgrade that the request offers, and speak another protocol from here on.

        The handler returns None when that is over; then the connection is closed.

        Args:
            status: 101 for an upgrade (RFC 9110, 7.8), 200 for CONNECT (9.3.6).
            headers: the fields of that response, ``Connection`` and ``Upgrade`` among them.

        Returns:
            The raw connection, with ``await read()``, ``await write(data)`` and ``close()``.

        Raises:
            HTTPError: 501, the server in front cannot; ours can. 426 where the request offers no
                upgrade.
        """
        from ._response import Response

        take_over = self._ask_server("take_over")
        if not self.upgrade:
            raise HTTPError(426, "This address is for clients that upgrade the connection")
        taken: TakenConnection = await take_over(status, headers)
        self.answered = Response(b"", status, headers)
        return taken

    def _ask_server(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] | None = getattr(self.connection, name, None)
        if function is None:
            raise HTTPError(501, f"This server offers no {name}")
        return function

    async def stream(self) -> AsyncIterator[bytes]:
        """The body piece by piece, as it arrives; nothing is kept.

        Raises:
            HTTPError: the body breaks the framing.
            ClientDisconnected: the client left in the middle.
            RuntimeError: the body was streamed before.
        """
        if self._body is not None:
            yield self._body
            return
        self._begin_reading()
        try:
            while piece := await self.receive():
                yield piece
        except Exception as error:
            raise_reading_error(error)

    def _begin_reading(self) -> None:
        if self._streamed:
            raise RuntimeError(
                "The body of this request was streamed before and nothing of it was kept: "
                "call body() first where it is needed twice"
            )
        self._streamed = True

    async def body(self) -> bytes:
        """The whole body; read once and kept.

        Raises:
            HTTPError: 413 where it is longer than ``max_body``.
        """
        if self._body is not None:
            return self._body
        length, limit = self.content_length, self.max_body
        if length == 0:
            self._body = b""
            return b""
        self._begin_reading()
        if length is not None and length > limit:
            raise _too_long(limit)
        try:
            body = await self.receive()
            if len(body) != length:  # else it came whole, as most do
                body = await self._gather(body, limit)
        except Exception as error:
            raise_reading_error(error)
        self._body = body
        return body

    async def _gather(self, piece: bytes, limit: int) -> bytes:
        """The whole body, of which this is the first piece."""
        pieces = []
        size = 0
        while piece:
            size += len(piece)
            if size > limit:
                raise _too_long(limit)
            pieces.append(piece)
            if size == self.content_length:
                break
            piece = await self.receive()
        return b"".join(pieces)

    @overload
    async def json(self) -> Any: ...
    @overload
    async def json(self, type: type[T]) -> T: ...
    async def json(self, type: Any = None) -> Any:
        """The body read as JSON.

        Args:
            type: what it must be: a msgspec Struct, a dataclass, a TypedDict, a pydantic model or
                any annotation of builtins. None takes any JSON.

        Raises:
            HTTPError: 415, the request says that its body is no JSON, or does not say what it is.
            ValidationError: 422, with every fault and its place.
        """
        from ._validation.decoding import decode_json

        body = await self.body()
        self.require_json()
        return decode_json(body, type)

    def require_json(self) -> None:
        """Refuse a body that is not said to be JSON.

        A page of another site may send a form or plain text here, with the cookies of its reader,
        and unasked; ``application/json`` it may not. So this is more than tidiness.

        Raises:
            HTTPError: 415.
        """
        content_type = self.headers.get("content-type") or ""
        if content_type == "application/json" or _says_json(content_type):
            return
        raise HTTPError(
            415,
            "The body must be JSON, sent as Content-Type: application/json, "
            f"not {content_type or 'without a type'}",
            headers={"accept": "application/json"},
        )

    async def form(self, limits: FormLimits | None = None) -> FormData:
        """The body read as a form, urlencoded or multipart; files are streamed to disk when large.

        Args:
            limits: how much to take; None is what the application says, ``App(form_limits=...)``.
                The server refuses bodies beyond the largest limit it was told of at the start.

        Raises:
            HTTPError: 415 for another media type, 400 for a broken body, 413 beyond the limits.
            RuntimeError: the limits are beyond what the server was told.
        """
        if self._form is None:
            from ._forms.reader import read_form

            app = self.app
            limits = limits or app.form_limits
            if limits.total_size > app.largest_body:
                raise RuntimeError(_beyond(limits.total_size, app.largest_body))
            self._form = await read_form(self, limits, app.threads)
            if self._form.files():
                self.clean_up(self._form.close)
        return self._form

    def accepts(self, *media_types: str) -> str | None:
        """Which of these media types the client likes best (RFC 9110, 12.5.1).

        Args:
            media_types: what can be offered, the preferred first.

        Returns:
            One of them, or None where the client takes none.
        """
        from ._negotiation import best_match

        return best_match(self.headers.get("accept") or "*/*", media_types)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.target}>"

    def run_after(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Call a function once the response was sent, whatever it turns out to be.

        It is not called where the handler or what is around it is cancelled from outside: the
        client left, the server's deadline ran out, the server stops. Plain functions run in the
        application's thread pool. What they raise is logged. An application that stops waits for
        them.
        """
        if iscoroutinefunction(function):
            work = partial(function, *args, **kwargs)
        else:
            work = partial(self.app.threads.run, function, *args, **kwargs)
        if self.after is None:
            self.after = []
        self.after.append(work)

    def clean_up(self, work: Work) -> None:
        """Await a function when all is done, work after the response too; the last named first."""
        if self.cleanups is None:
            self.cleanups = []
        self.cleanups.append(work)


def _says_json(content_type: str) -> bool:
    """Whether a media type is that of JSON, or of something written in it (RFC 6839, 3.1)."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind[:12] == "application/" and kind[-5:] == "+json")


def _beyond(size: int, largest: int) -> str:
    return (
        f"request.form(limits) is to take {size} bytes, but nothing that the application says at "
        f"its start needs more than {largest}, so the server refuses more: say the limits in the "
        "signature, Annotated[FormData, Form(limits=...)], or in App(form_limits=...), or lower "
        "their total_size"
    )


def _too_long(limit: int) -> HTTPError:
    return HTTPError(413, f"The body is longer than {limit} bytes")


def raise_reading_error(error: Exception) -> NoReturn:
    """Raise what a handler should see of an error while a body was read."""
    status = getattr(error, "status", None)
    if isinstance(error, ConnectionError):
        raise ClientDisconnected("The client left before its request was complete") from error
    if isinstance(error, HTTPError) or not isinstance(status, int) or not 400 <= status <= 599:
        raise error
    raise HTTPError(status, str(error)) from error  # the parser's word on a broken body
