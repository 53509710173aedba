"""Other parsers behind the interface of ours: for the server, for `check_parser`, for fuzzing.

Each is as thin as its parser allows; what the parser does not tell stays at a default.
"""

import importlib
import importlib.util
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import h11
import httptools
from drystone_parser import Headers

# Not built for every machine.
zttp: Any = importlib.import_module("zttp") if importlib.util.find_spec("zttp") else None

R = TypeVar("R")


class ForeignError(Exception):
    """What a foreign parser refused."""

    def __init__(self, text: str, status: int = 400):
        super().__init__(text)
        self.status = status


def fill(
    request: Any, method: bytes, target: bytes, version: bytes, fields: list[tuple[bytes, bytes]]
) -> None:
    """Sets what our parser sets, from the parts."""
    headers = Headers([(n.decode("latin-1"), v.decode("latin-1")) for n, v in fields])
    options = {option.strip().lower() for option in (headers.get("connection") or "").split(",")}
    chunked = "transfer-encoding" in headers
    request.method = method.decode("ascii")
    request.target = target.decode("latin-1")
    path, _, query = request.target.partition("?")
    request.raw_path, request.query_string = path, query
    request.http_version = version.decode("ascii")
    request.headers = headers
    request.trailers = Headers()
    modern = request.http_version == "1.1"
    request.keep_alive = "close" not in options and (modern or "keep-alive" in options)
    length = (headers.get("content-length") or "0").split(",")[0]  # zttp takes "5, 5"
    request.content_length = None if chunked else int(length.lstrip("0")[:18] or "0")
    request.expect_continue = (
        modern
        and (headers.get("expect") or "").lower() == "100-continue"
        and request.content_length != 0
    )
    request.upgrade = request.method == "CONNECT" or (
        modern and "upgrade" in options and "upgrade" in headers
    )


class Adapter(Generic[R]):
    """The part that is the same for all: events in, requests and bodies out."""

    def __init__(self, make_request: Callable[[], R]):
        self._make_request = make_request
        # A request, a piece of a body, b"" at its end, or the error behind all of them.
        self._events: deque[Any] = deque()
        self._in_body = False
        self._raised: Exception | None = None
        self._closing = False

    def next_request(self) -> R | None:
        event = self._next_event(waiting=not self._closing)
        if event is None:
            return None
        request: R = self._events.popleft()
        self._in_body = True
        self._closing = not event.keep_alive
        return request

    def next_body(self) -> bytes | None:
        if not self._in_body and self._raised is None:
            return b""
        event = self._next_event(waiting=True)
        if event is None:
            return None
        self._in_body = event != b""
        piece: bytes = self._events.popleft()
        return piece

    def _next_event(self, waiting: bool) -> Any:
        if self._raised is not None:
            raise self._raised
        self._pump()
        if not (self._events and waiting):
            return None
        if isinstance(self._events[0], Exception):
            self._raised = self._events[0]
            raise self._raised
        return self._events[0]

    def _pump(self) -> None:
        """Fetches events, where the parser has to be asked for them."""

    def feed(self, data: bytes) -> None:
        raise NotImplementedError

    def feed_eof(self) -> None:
        raise NotImplementedError

    def release(self) -> bytes:
        return b""


class H11Parser(Adapter[R]):
    """h11 0.16."""

    def __init__(self, make_request: Callable[[], R]):
        super().__init__(make_request)
        self._connection = h11.Connection(h11.SERVER)

    def feed(self, data: bytes) -> None:
        if data:  # b"" would be the end of input
            self._receive(data)

    def feed_eof(self) -> None:
        self._receive(b"")

    def _receive(self, data: bytes) -> None:
        try:
            self._connection.receive_data(data)
        except (h11.RemoteProtocolError, RuntimeError) as error:
            self._fail(str(error), 400)

    def _fail(self, text: str, status: int) -> None:
        if not (self._events and isinstance(self._events[-1], Exception)):
            self._events.append(ForeignError(text, status))

    def _pump(self) -> None:
        while not (self._events and isinstance(self._events[-1], Exception)):
            try:
                event = self._connection.next_event()
            except h11.RemoteProtocolError as error:
                return self._fail(str(error), error.error_status_hint)
            if event is h11.PAUSED:
                self._answer()
            elif isinstance(event, h11.Request):
                request: Any = self._make_request()
                fields = event.headers.raw_items()
                fill(request, event.method, event.target, event.http_version, fields)
                self._request = request
                self._events.append(request)
            elif isinstance(event, h11.Data):
                self._events.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                pairs = [(n.decode(), v.decode("latin-1")) for n, v in event.headers.raw_items()]
                self._request.trailers = Headers(pairs)
                self._events.append(b"")
            else:
                return None  # NEED_DATA, ConnectionClosed
        return None

    def _answer(self) -> None:
        """h11 reads a next request only behind an answer."""
        connection = self._connection
        if connection.our_state in (h11.SEND_RESPONSE, h11.IDLE):
            connection.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
        if connection.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            connection.start_next_cycle()
        else:
            self._events.append(ForeignError("h11 takes no more requests"))


class HttptoolsParser(Adapter[R]):
    """httptools 0.9, which is llhttp."""

    def __init__(self, make_request: Callable[[], R]):
        super().__init__(make_request)
        self._parser = httptools.HttpRequestParser(self)
        self._complete = True
        self._failed = False

    def feed(self, data: bytes) -> None:
        while data and not self._failed:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                # Until somebody takes the connection, what follows is a request again.
                data = data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserError as error:
                self._failed = True
                self._events.append(ForeignError(str(error)))
            else:
                return

    def feed_eof(self) -> None:
        if not self._complete and not self._failed:
            self._events.append(ForeignError("the input ended within a message"))

    def on_message_begin(self) -> None:
        self._url = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._trailers: list[tuple[bytes, bytes]] = []
        self._request: Any = None
        self._complete = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        (self._fields if self._request is None else self._trailers).append((name, value))

    def on_headers_complete(self) -> None:
        self._request = self._make_request()
        version = self._parser.get_http_version().encode()
        fill(self._request, self._parser.get_method(), self._url, version, self._fields)
        self._events.append(self._request)

    def on_body(self, data: bytes) -> None:
        self._events.append(data)

    def on_message_complete(self) -> None:
        pairs = [(n.decode(), v.decode("latin-1")) for n, v in self._trailers]
        self._request.trailers = Headers(pairs)
        self._complete = True
        self._events.append(b"")


class ZttpParser(Adapter[R]):
    """zttp 0.0.35."""

    def __init__(self, make_request: Callable[[], R]):
        super().__init__(make_request)
        self._connection = zttp.H1Connection(zttp.SERVER)

    def feed(self, data: bytes) -> None:
        if data:  # b"" would be the end of input
            self._receive(data)

    def feed_eof(self) -> None:
        self._receive(b"")

    def _receive(self, data: bytes) -> None:
        try:
            self._connection.receive_data(data)
        except zttp.ProtocolError as error:
            self._fail(str(error))

    def _fail(self, text: str) -> None:
        if not (self._events and isinstance(self._events[-1], Exception)):
            self._events.append(ForeignError(text))

    def _pump(self) -> None:
        while not (self._events and isinstance(self._events[-1], Exception)):
            try:
                event = self._connection.next_event()
            except zttp.ProtocolError as error:
                return self._fail(str(error))
            if isinstance(event, zttp.Request):
                request: Any = self._make_request()
                fill(request, event.method, event.target, event.http_version, list(event.headers))
                self._request = request
                self._events.append(request)
                if event.end_stream:
                    self._end([])
            elif isinstance(event, zttp.Data):
                self._events.append(bytes(event.data))
            elif isinstance(event, zttp.EndOfMessage):
                self._end(event.trailers or [])
            else:
                return None  # NEED_DATA, ConnectionClosed
        return None

    def _end(self, trailers: Any) -> None:
        pairs = [(n.decode(), v.decode("latin-1")) for n, v in trailers]
        self._request.trailers = Headers(pairs)
        self._events.append(b"")
        if self._request.keep_alive:
            self._connection.start_next_cycle()
