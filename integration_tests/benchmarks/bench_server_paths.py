"""What each fast path of the server buys: CPU microseconds per request with it and without it.

    nox -s bench -- server_paths                     everything
    nox -s bench -- server_paths opening writev      some

Each measurement is a process of its own in which one path is replaced by the general one; rounds
are interleaved and the least time counts. Bytes go into ``data_received`` and out to a transport in
memory, so that the kernel and the client do not count; where they are what a path is about, wrk
loads real sockets instead (``load.py``).
"""

import argparse
import asyncio
import inspect
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from drystone_parser import Headers, RequestParser
from drystone_server import (
    HTTPServer,
    Request,
    Response,
    _asgi_http,
    _connection,
    _fields,
    _link,
)
from drystone_server._answers import Answers
from drystone_server._body import RequestBody
from drystone_server._connection import HTTPConnection
from drystone_server._fields import FieldRenderer
from drystone_server._handler_side import HandlerSide
from drystone_server._head import HeadRenderer, _length_line
from drystone_server._link import Link
from drystone_server._requests import Requests
from drystone_server._timeouts import Timeouts
from drystone_server.asgi import ASGIHandler
from load import BROWSER_HEADERS, Contender, Load, compare
from server_contenders import asgi, native_handlers

CONNECTIONS = 64
TURNS = 100  # of all connections, for one figure
FIGURES = 25  # of one process, of which the least counts


# The general ways


def rewrite(owner: Any, name: str, *changes: tuple[str, str]) -> None:
    """Replace expressions within a function of a module, or a method of a class."""
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    for old, new in changes:
        if old not in source:
            sys.exit(f"{name} no longer holds {old!r}: this measurement is out of date")
        source = source.replace(old, new)
    function = getattr(owner, name)
    found: dict[str, Any] = {}
    exec(source, function.__globals__, found)
    made = found[function.__name__]
    function.__code__ = getattr(made, "fget", made).__code__


def look_up_no_lines() -> None:
    _fields._REPETITIVE = frozenset()
    _fields._LONGEST_REMEMBERED_LENGTH = -1


def check_each_name() -> None:
    check = FieldRenderer._check

    def forget_and_check(self: Any, name: Any, value: Any) -> Any:
        self._names.clear()
        return check(self, name, value)

    FieldRenderer._check = forget_and_check


def join_each_opening() -> None:
    opening = HeadRenderer._opening

    def forget_and_join(self: Any, status: int) -> bytes:
        self._openings.clear()
        return opening(self, status)

    HeadRenderer._opening = forget_and_join


def make_each_date() -> None:
    opening = HeadRenderer._opening

    def make_date(self: Any, status: int) -> bytes:
        self._begin_second(self._clock())
        return opening(self, status)

    HeadRenderer._opening = make_date


def join_each_head() -> None:
    def whole(
        self: Any, status: int, fields: Any, body: bytes, facts: Any, render: Any = None
    ) -> bytes:
        block, _, notes = (render or _fields.render_fields)(fields)
        return self._join(status, block, notes, _length_line(len(body)), facts) + body

    HeadRenderer.whole = whole


def send_in_general() -> None:
    _connection.JOINED = -1


def frame_every_asgi_response() -> None:
    _asgi_http.JOINED = -1


def arm_each_timer() -> None:
    def reset_timeout(self: Any, clock: int, seconds: float | None) -> None:
        if seconds is not None:
            self.at[clock] = self._loop.time() + seconds
            self._arm(self.at[clock], seconds)

    Timeouts.reset_timeout = reset_timeout


def give_each_request_a_body() -> None:
    begin = HTTPConnection._begin

    def begin_with_body(self: Any, request: Any) -> None:
        begin(self, request)
        if self.body is None:
            self.body = RequestBody(self, None, False, self.deadlines, self._settings.limits)
            request.receive = self.body.receive

    HTTPConnection._begin = begin_with_body


def ask_the_parser_twice() -> None:
    def look_ahead(self: Any) -> bool:
        self._ahead = self.next_request()
        return self._ahead is not None

    Requests.look_ahead = look_ahead


def encode_all_fields() -> None:
    del Headers.raw


def ask_for_addresses() -> None:
    rewrite(Link.client, "fget", ("self._client is _UNKNOWN", "True"))
    rewrite(Link.server, "fget", ("self._server_address is _UNKNOWN", "True"))


def call_to_stop_clocks() -> None:
    for owner, method, clock in (
        (HTTPConnection, "_begin_burst", "READ"),
        (HTTPConnection, "_begin", "HANDLER"),
        (HandlerSide, "before_answer", "HANDLER"),
    ):
        inline = f"self.timeouts.at[{clock}] = NEVER"
        rewrite(owner, method, (inline, f"self.timeouts.cancel_timeout({clock})"))


def start_tasks_late() -> None:
    _connection._EAGER = {}


def write_twice() -> None:
    def write_whole(
        self: Any, status: int, fields: Any, body: bytes, render: Any = _fields.render_fields
    ) -> None:
        data = self._settings.heads.whole(status, fields, body, self.facts, render)
        self.stage = 2
        self.write(data[: -len(body)])
        self.write(data[-len(body) :])

    Answers.write_whole = write_whole


def write_parts_singly() -> None:
    _link._gathers = lambda transport: False


@dataclass(frozen=True)
class Path:
    """A fast path: what it is, how to do without it, and what shows the difference."""

    told: str
    without: Callable[[], None]
    traffic: str
    path: str = ""  # for wrk
    newest: bool = False  # only where tasks can start eagerly


PATHS = {
    "opening": Path("status line, Date and Server joined once a second", join_each_opening, "get"),
    "date": Path("the Date made once a second", make_each_date, "get"),
    "head": Path("a head without Connection, in one format", join_each_head, "get"),
    "lines": Path("common response fields looked up, not checked", look_up_no_lines, "get"),
    "names": Path("names of other fields looked up, not checked", check_each_name, "tagged"),
    "direct": Path("bytes written from the loop, not by `send`", send_in_general, "get"),
    "no_body": Path("one shared `receive` where there is no body", give_each_request_a_body, "get"),
    "timer": Path("clocks that only store a number", arm_each_timer, "get"),
    "clocks": Path("clocks stopped without a call", call_to_stop_clocks, "get"),
    "eager": Path("tasks that start eagerly (3.12)", start_tasks_late, "get", newest=True),
    "asgi_whole": Path("ASGI: start and body in one write", frame_every_asgi_response, "asgi"),
    "asgi_raw": Path("ASGI, 14 fields: the parser's `raw`", encode_all_fields, "asgi14"),
    "asgi_addresses": Path("ASGI: addresses found once a connection", ask_for_addresses, "asgi"),
    "asgi_dry": Path("ASGI: the parser asked once what follows", ask_the_parser_twice, "asgi"),
    "one_write": Path("head and body as one write (wrk)", write_twice, "native", "/user/42"),
    "writev": Path("1 MB: head and body by `writev` (wrk)", write_parts_singly, "asgi", "/large"),
}


# Measuring


async def tagged(request: Any) -> Response:
    """Fields whose lines are not remembered."""
    return Response(b"42", 200, {"ETag": '"42"', "Last-Modified": "then", "Location": "/"})


class Wire(asyncio.Transport):
    """Takes what is written."""

    writes = 0

    def write(self, data: Any) -> None:
        self.writes += 1

    def is_closing(self) -> bool:
        return False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 8000) if name in ("peername", "sockname") else default

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass


async def drive(traffic: str) -> float:
    """Microseconds for each request of so many idle connections that send one in turn."""
    handlers = {"asgi": ASGIHandler(asgi), "asgi14": ASGIHandler(asgi), "tagged": tagged}
    handler: Any = handlers.get(traffic, native_handlers()["native"])
    server = HTTPServer(handler, lambda: RequestParser(Request))
    fields = {"Host": "127.0.0.1:8000", "User-Agent": "wrk"}
    if traffic == "asgi14":
        fields |= BROWSER_HEADERS
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    sent = f"GET /user/42 HTTP/1.1\r\n{head}\r\n".encode()
    connections = [server.make_connection() for _ in range(CONNECTIONS)]
    wires = [Wire() for _ in connections]
    for connection, wire in zip(connections, wires, strict=True):
        connection.connection_made(wire)
    figures = []
    for _ in range(FIGURES):
        begun = time.process_time()
        for _ in range(TURNS):
            for connection in connections:
                connection.data_received(bytes(memoryview(sent)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        figures.append((time.process_time() - begun) / TURNS / CONNECTIONS * 1e6)
    if sum(wire.writes for wire in wires) < FIGURES * TURNS * CONNECTIONS:
        sys.exit("not every request was answered")
    return min(figures)


def measure(name: str, rounds: int) -> tuple[list[float], list[float]]:
    """Figures with and without."""
    path = PATHS[name]
    command = [sys.executable, __file__]
    if path.path:
        serving = [
            Contender(how, [*command, how, name, "--serve", "{port}"])
            for how in ("with", "without")
        ]
        figures = compare(serving, Load(path.path, connections=8), rounds=rounds)
        return figures["with"], figures["without"]
    both: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for how, found in zip(("with", "without"), both, strict=True):
            run = [*command, how, name]
            said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
            found.append(float(said))
    return both


def work(how: str, name: str, port: int | None) -> None:
    """In a process of its own: take the path away if it is to be without, then serve or drive."""
    import uvloop
    from server_contenders import serve_drystone

    if how == "without":
        PATHS[name].without()
    if port is None:
        print(uvloop.run(drive(PATHS[name].traffic)))
    else:
        uvloop.run(serve_drystone(PATHS[name].traffic, port))


def main(arguments: Sequence[str] | None = None) -> None:
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] in (["with"], ["without"]):
        work(words[0], words[1], int(words[3]) if len(words) > 2 else None)
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help=f"of {', '.join(PATHS)}; all by default")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(words)
    if wrong := set(options.paths) - set(PATHS):
        parser.error(f"no such path: {', '.join(sorted(wrong))}")
    print("| fast path | name | with | without | buys |\n| --- | --- | --- | --- | --- |")
    for name in options.paths or PATHS:
        if PATHS[name].newest and sys.version_info < (3, 12):
            continue
        figures = measure(name, options.rounds)
        pick = statistics.median if PATHS[name].path else min
        quick, general = pick(figures[0]), pick(figures[1])
        told = f"| {PATHS[name].told} | `{name}` | {quick:.2f} | {general:.2f} "
        print(f"{told}| {general - quick:+.2f} |", flush=True)


if __name__ == "__main__":
    main()
