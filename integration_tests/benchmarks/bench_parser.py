"""What parsing costs: our parser beside httptools (C), zttp (Zig) and h11 (pure Python).

Each does the same work on the same bytes: method, target, path, query and version as str, whether
the connection stays open; all fields kept, repeated ones too; and of their values two asked for by
name as str ("few"), or all visited as str, and then two asked for by name ("all"). Where a parser
leaves work to its user, he does as little as that allows. Two things are ours alone: limits, and
Host checked. Repeats are interleaved, so that noise falls on all alike; CPU time is measured.

Run it with `nox -s bench -- parser`; `--quick` for fewer repeats, `--csv FILE` for the figures.
"""

import argparse
import csv
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import h11
import httptools
from drystone_parser import Request, RequestParser

try:
    import zttp
except ImportError:  # not built for every machine
    zttp = None

Run = Callable[[list[list[bytes]]], None]


visit = tuple  # what "all" does with each field: the same for each parser


class Plain:
    """The object that each parser fills; no more than a place for attributes."""


# -- the parsers -------------------------------------------------------------------------------


def drystone(use_all: bool) -> Run:
    def run(traffic: list[list[bytes]]) -> None:
        parser = RequestParser(Plain)
        feed, next_request, next_body = parser.feed, parser.next_request, parser.next_body
        in_body = False
        for pieces in traffic:
            for piece in pieces:
                feed(piece)
                while True:
                    if in_body:
                        while body := next_body():
                            pass
                        if body is None:
                            break
                        in_body = False
                    request = next_request()
                    if request is None:
                        break
                    headers = request.headers
                    if use_all:
                        for name, value in headers.items():
                            visit((name, value))
                    headers.get("host")
                    headers.get("accept")
                    in_body = request.content_length != 0

    return run


class Callbacks:
    """What httptools calls; as little as the work allows."""

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []

    def on_url(self, url: bytes) -> None:
        self.url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        request: Any = Plain()
        parser = self.parser
        request.method = parser.get_method().decode("ascii")
        request.http_version = parser.get_http_version()
        request.keep_alive = parser.should_keep_alive()
        request.upgrade = parser.should_upgrade()
        request.target = self.url.decode("ascii")
        url = httptools.parse_url(self.url)
        request.raw_path = url.path.decode("ascii")
        request.query_string = (url.query or b"").decode("ascii")
        self.use(request)

    def use(self, request: Any) -> None:
        request.headers = self.fields
        for wanted in (b"host", b"accept"):
            for name, value in self.fields:
                if name == wanted:
                    value.decode("latin-1")

    def on_body(self, data: bytes) -> None:
        pass


class AllCallbacks(Callbacks):
    def on_message_begin(self) -> None:
        self.all: dict[str, str] = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        fields = self.all
        fields[key] = fields[key] + ", " + text if key in fields else text

    def use(self, request: Any) -> None:
        request.headers = fields = self.all
        for name, value in fields.items():
            visit((name, value))
        fields.get("host")
        fields.get("accept")


def llhttp(use_all: bool) -> Run:
    def run(traffic: list[list[bytes]]) -> None:
        feed = (AllCallbacks if use_all else Callbacks)().parser.feed_data
        for pieces in traffic:
            for piece in pieces:
                feed(piece)

    return run


def _use_pairs(fields: Iterable[tuple[bytes, bytes]], use_all: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in fields:
        if use_all or name in (b"host", b"accept"):
            key, text = name.decode("latin-1"), value.decode("latin-1")
            found[key] = found[key] + ", " + text if key in found else text
    if use_all:
        for pair in found.items():
            visit(pair)
    found.get("host")
    found.get("accept")
    return found


def pure_h11(use_all: bool) -> Run:
    def run(traffic: list[list[bytes]]) -> None:
        for pieces in traffic:
            connection = h11.Connection(h11.SERVER)
            for piece in pieces:
                connection.receive_data(piece)
                while True:
                    event = connection.next_event()
                    if event is h11.NEED_DATA:
                        break
                    if event is h11.PAUSED:
                        # A pipelined request: answer, so that the next may begin.
                        connection.send(h11.Response(status_code=204, headers=[]))
                        connection.send(h11.EndOfMessage())
                        connection.start_next_cycle()
                    elif type(event) is h11.Request:
                        request: Any = Plain()
                        request.method = event.method.decode("ascii")
                        request.target = event.target.decode("ascii")
                        request.raw_path, _, request.query_string = request.target.partition("?")
                        request.http_version = event.http_version.decode("ascii")
                        request.headers = _use_pairs(event.headers, use_all)
                        request.keep_alive = connection.their_state is not h11.MUST_CLOSE

    return run


def zig(use_all: bool) -> Run:
    def run(traffic: list[list[bytes]]) -> None:
        connection = zttp.H1Connection(zttp.SERVER)
        receive, next_event = connection.receive_data, connection.next_event
        need_data, end = zttp.NEED_DATA, zttp.EndOfMessage
        for pieces in traffic:
            for piece in pieces:
                receive(piece)
                while (event := next_event()) is not need_data:
                    if type(event) is zttp.Request:
                        request: Any = Plain()
                        request.method = event.method.decode("ascii")
                        request.target = event.target.decode("ascii")
                        request.raw_path = event.path.decode("ascii")
                        request.query_string = (event.query or b"").decode("ascii")
                        request.http_version = event.http_version.decode("ascii")
                        if use_all:
                            pairs = event.headers.to_list(lowercase_names=True)
                            request.headers = _use_pairs(pairs, True)
                        else:
                            for wanted in (b"host", b"accept"):
                                value = event.headers.get(wanted)
                                if value is not None:
                                    value.decode("latin-1")
                        request.keep_alive = not connection.should_close()
                        if event.end_stream:
                            connection.start_next_cycle()
                    elif type(event) is end:
                        connection.start_next_cycle()

    return run


PARSERS: dict[str, Callable[[bool], Run]] = {
    "drystone": drystone,
    "httptools": llhttp,
    "zttp": zig,
    "h11": pure_h11,
}

# -- the traffic -------------------------------------------------------------------------------

# What a browser sends for a page, with nothing in it that is its user's.
# ruff: noqa: E501
FIRST_VISIT = """Host: www.example.com
Connection: keep-alive
Cache-Control: max-age=0
sec-ch-ua: "Chromium";v="130", "Google Chrome";v="130", "Not?A_Brand";v="99"
sec-ch-ua-mobile: ?0
sec-ch-ua-platform: "Linux"
Upgrade-Insecure-Requests: 1
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8
Sec-Fetch-Site: none
Sec-Fetch-Mode: navigate
Sec-Fetch-User: ?1
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: en-US,en;q=0.9,de;q=0.8"""

# The same on a later visit: two fields tell the page and the user, and are new each time.
CHROME = FIRST_VISIT.replace("Cache-Control: max-age=0\n", "").replace(
    "Sec-Fetch-User: ?1", "Referer: https://www.example.com/articles/{0}?page={0}"
)
CHROME += "\nCookie: session=8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12{0:08d}; theme=dark"

SMALL = "Host: 127.0.0.1:8000\nUser-Agent: wrk/4.2.0"
TOKEN = "Host: 127.0.0.1:8000\nAuthorization: Bearer c0f3f5d5a86aff3ca12{0:08d}"
FORTY = CHROME + "".join(f"\nX-Proxy-Field-{n}: value {n} of {{0}}" for n in range(26))


def head(fields: str, number: int, distinct: bool = False) -> bytes:
    """A head; of ``distinct`` ones every field value is new, as far as the grammar lets it."""
    if distinct:
        lines = [line + str(number) for line in fields.split("\n")]
        fields = "\n".join(lines).replace("Host: ", f"Host: h{number}.")
        fields = fields.replace(f"8000{number}", "8000").replace(f"alive{number}", "alive")
        fields = fields.replace(f".com{number}", ".com")
    text = f"GET /user/{number}?full=1 HTTP/1.1\n{fields.format(number)}\n\n"
    return text.replace("\n", "\r\n").encode()


def post(size: int, number: int, chunk: int = 0) -> list[bytes]:
    """A POST with a body of ``size``, in one chunk of 64 kB each where ``chunk`` is given."""
    lines = f"POST /up/{number} HTTP/1.1\r\nHost: a\r\n"
    if not chunk:
        return [f"{lines}Content-Length: {size}\r\n\r\n".encode(), bytes(size)]
    start = f"{lines}Transfer-Encoding: chunked\r\n\r\n".encode()
    pieces = [b"%x\r\n%b\r\n" % (chunk, bytes(chunk)) for _ in range(size // chunk)]
    return [start, *pieces, b"0\r\n\r\n"]


def thirds(data: bytes) -> list[bytes]:
    third = len(data) // 3
    return [data[:third], data[third : 2 * third], data[2 * third :]]


Traffic = list[list[bytes]]  # messages, each in pieces


class Scenario(NamedTuple):
    name: str
    make: Callable[[int], Traffic]  # anew for each repeat, whose number it is given
    requests: int
    both: bool = False  # ask for all fields too


def heads(fields: str, distinct: bool = False) -> Callable[[int], Traffic]:
    return lambda repeat: [[head(fields, repeat * 500 + n, distinct)] for n in range(500)]


def the_same(*pieces: bytes) -> Callable[[int], Traffic]:
    return lambda _: [list(pieces)] * 500


def batches(fields: str) -> Callable[[int], Traffic]:
    return lambda repeat: [
        [b"".join(head(fields, repeat * 480 + batch * 16 + n) for n in range(16))]
        for batch in range(30)
    ]


SCENARIOS = [
    Scenario("2 fields, the same head", the_same(head(SMALL, 7)), 500, True),
    Scenario("2 fields, new targets", heads(SMALL), 500, True),
    Scenario("2 fields, 1 of them new", heads(TOKEN), 500, True),
    Scenario("2 fields, all new", heads(SMALL, True), 500, True),
    Scenario("14 fields, the same head", the_same(head(FIRST_VISIT, 7)), 500, True),
    Scenario("14 fields, the same with cookie", the_same(head(CHROME, 7)), 500, True),
    Scenario("14 fields, 2 of them new", heads(CHROME), 500, True),
    Scenario("14 fields, all new", heads(CHROME, True), 500, True),
    Scenario("40 fields, the same head", the_same(head(FORTY, 7)), 500, True),
    Scenario("40 fields, 28 of them new", heads(FORTY), 500, True),
    Scenario("40 fields, all new", heads(FORTY, True), 500, True),
    Scenario("16 pipelined, 2 fields", batches(SMALL), 480),
    Scenario("16 pipelined, 14 fields", batches(CHROME), 480),
    Scenario("14 fields in 3 pieces", lambda _: [thirds(head(CHROME, n)) for n in range(300)], 300),
    Scenario("64 kB, Content-Length", lambda _: [post(65536, n) for n in range(100)], 100),
    Scenario("1 MB, chunks of 64 kB", lambda _: [post(1 << 20, 7, 65536)] * 10, 10),
]


# -- the measurement ---------------------------------------------------------------------------


def measure(runs: dict[str, Run], scenario: Scenario, repeats: int) -> dict[str, list[float]]:
    """Microseconds a request of each repeat; the parsers take turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for repeat in range(repeats):
        traffic = scenario.make(repeat)
        for name, run in runs.items():
            start = time.process_time()
            run(traffic)
            times[name].append((time.process_time() - start) / scenario.requests * 1e6)
    return times


def linear() -> None:
    """Hostile input in growing sizes: the cost of a byte must not grow with it."""

    def drive(pieces: Iterable[bytes]) -> float:
        parser = RequestParser(Request)
        start = time.process_time()
        try:
            for piece in pieces:
                parser.feed(piece)
                if parser.next_request() is not None:
                    break
            for piece in pieces:
                parser.feed(piece)
                while parser.next_body():
                    pass
        except Exception:  # a refusal ends it; what it cost is asked here
            pass
        return time.process_time() - start

    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    length = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"

    def singly(data: bytes) -> Iterable[bytes]:
        return iter([data[i : i + 1] for i in range(len(data))])

    kinds: dict[str, Callable[[int], Iterable[bytes]]] = {
        "one long field, a byte at a time": lambda n: singly(
            b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * n
        ),
        "many short fields, a byte at a time": lambda n: singly(
            b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (n // 6)
        ),
        "tiny chunks, at once": lambda n: iter([chunked, b"1\r\na\r\n" * (n // 6)]),
        "tiny chunks, a byte at a time": lambda n: singly(chunked + b"1\r\na\r\n" * (n // 6)),
        "a body of line ends, a byte at a time": lambda n: singly(length % n + b"\n" * n),
        "a body of line ends, at once": lambda n: iter([length % (n * 64), b"\r\n" * (n * 32)]),
        "pipelined requests, at once": lambda n: iter(
            [length % 0 + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * (n // 27)]
        ),
        "a request line of spaces": lambda n: iter([b"GET " + b" " * n]),
        "trailers, a byte at a time": lambda n: singly(chunked + b"0\r\n" + b"A: b\r\n" * (n // 6)),
    }
    sizes = [1000, 4000, 16000, 64000]
    print("\nNanoseconds a byte of hostile input, by size:")
    print(f"{'':40}" + "".join(f"{size:>9}" for size in sizes))
    for name, make in kinds.items():
        row = [min(drive(make(size)) for _ in range(3)) / size * 1e9 for size in sizes]
        print(f"{name:40}" + "".join(f"{figure:9.0f}" for figure in row))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--only", default="", help="scenarios whose name holds this")
    arguments.add_argument("--without", default="", help="parsers to leave out, by comma")
    arguments.add_argument("--csv", type=Path)
    options = arguments.parse_args()
    left_out = options.without.split(",") + ([] if zttp else ["zttp"])
    parsers = {name: make for name, make in PARSERS.items() if name not in left_out}
    repeats = 7 if options.quick else 25

    rows = []
    print(
        "CPU microseconds a request, best / median of interleaved repeats; best against httptools"
    )
    print(f"{'':38}" + "".join(f"{name:>18}" for name in parsers) + f"{'drystone is':>14}")
    for scenario in SCENARIOS:
        if options.only not in scenario.name:
            continue
        for use_all in (False, True) if scenario.both else (False,):
            runs = {parser: make(use_all) for parser, make in parsers.items()}
            times = measure(runs, scenario, repeats)
            micro = {parser: (min(t), statistics.median(t)) for parser, t in times.items()}
            ratio = micro["drystone"][0] / micro.get("httptools", (float("nan"),))[0]
            label = (
                f"{scenario.name}{', ' + ('all' if use_all else 'few') if scenario.both else ''}"
            )
            cells = "".join(f"{best:9.2f} /{middle:7.2f}" for best, middle in micro.values())
            print(f"{label:38}{cells}{ratio:12.2f} x", flush=True)
            rows += [[label, parser, *figures] for parser, figures in micro.items()]
    if options.csv:
        with options.csv.open("w", newline="") as file:
            csv.writer(file).writerows([["scenario", "parser", "best", "median"], *rows])
    if not options.only:
        linear()


if __name__ == "__main__":
    main()
