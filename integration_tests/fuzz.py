"""Coverage-guided fuzzing of the parser: `nox -s fuzz -- MODE --seconds 60`.

    requests      any bytes, any split: one verdict, by the quick way and by the general way,
                  by `RequestParser` and by `parse_into`; our errors and no other exception
    heads         the quick way, on connections that it knows, takes only what the general way
                  takes, and makes the same of it
    responses     the promises of "requests" for `ResponseParser`
    differential  the verdicts of h11 and httptools beside ours; each kind of disagreement is
                  listed with our reason for it, and one without a reason is a finding

An input that breaks a promise is written to a file whose name libFuzzer prints; it belongs into
the cases of `drystone_parser.testing`.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["drystone_parser"]):
    from drystone_parser import (
        DEFAULT,
        Headers,
        Limits,
        ParseError,
        Request,
        RequestParser,
        Response,
        ResponseParser,
        parse_into,
    )
    from drystone_parser._head import read_head
    from drystone_parser._known import Acquaintance
    from drystone_parser._quick import quick_head
    from drystone_parser.testing import (
        LIMIT_CASES,
        REQUEST_CASES,
        RESPONSE_CASES,
        Verdict,
        observe,
        observe_responses,
    )

sys.path.insert(0, str(Path(__file__).parent))
import parser_disagreements as peers  # beside this file

SMALL = LIMIT_CASES[0].limits
FUZZER = ["-max_len=512", f"-artifact_prefix={tempfile.gettempdir()}/drystone-fuzz-"]


def told(verdict: Verdict) -> object:
    """All of a verdict that can be compared; and that its error is one of ours."""
    error = verdict.error
    if error is not None and not isinstance(error, ParseError):
        raise error
    return verdict.messages, verdict.bodies, error and (type(error), error.args), verdict.waiting


def split(data: bytes, seed: int) -> list[bytes]:
    choose = random.Random(seed)
    places = sorted(choose.choices(range(len(data) + 1), k=choose.randrange(8)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def general_parser(limits: Limits) -> RequestParser[Request]:
    """A parser that never takes the quick way."""
    parser = RequestParser(Request, limits)
    parser._roomy = parser._window = 0
    return parser


def check_requests(data: bytes) -> None:
    options, data = data[:1] or b"\0", data[1:]
    limits = SMALL if options[0] & 1 else Limits()
    eof = bool(options[0] & 2)
    whole = observe(RequestParser(Request, limits), [data], eof=eof)
    wanted = told(whole)
    ways = {
        "general way": (general_parser(limits), [data]),
        "split": (RequestParser(Request, limits), split(data, options[0])),
        "singly": (RequestParser(Request, limits), [data[i : i + 1] for i in range(len(data))]),
    }
    for name, (parser, pieces) in ways.items():
        got = told(observe(parser, pieces, eof=eof))
        if got != wanted:
            raise AssertionError(f"{name}: {got}\ninstead of {wanted}")
    if eof:
        check_parse_into(data, limits, whole)


def check_parse_into(data: bytes, limits: Limits, verdict: Verdict) -> None:
    buffer = bytearray(data)
    for message, body in zip(verdict.messages, verdict.bodies, strict=True):
        request = Request()
        try:
            parse_into(request, buffer, limits, eof=True)
        except ParseError as error:
            if getattr(verdict.error, "reason", None) != error.reason:
                raise
            return
        if not request.finished or request.body != body or request.target != message.target:
            raise AssertionError(f"parse_into made {request}, RequestParser {message} {body!r}")


class KnownHeads:
    """Single heads on connections that go on, so that the quick way meets what it knows."""

    def __init__(self) -> None:
        self.client = Acquaintance(DEFAULT)
        self.inputs = 0

    def check(self, data: bytes) -> None:
        self.inputs += 1
        if self.inputs % 64 == 0:
            self.client = Acquaintance(DEFAULT)
        head, end, behind = data.decode("latin-1").partition("\r\n\r\n")
        head += end
        if not end:
            return
        for text in (head + behind, head, head):  # in the end the connection's own last section
            quick = quick_head(text, self.client)
        if quick is not None:
            general = read_head(head, 0, DEFAULT, whole=True)
            if general is None or (*general, len(head)) != quick:
                raise AssertionError(f"{quick}\ninstead of {general}")
            self.compare(general[4][1], quick[4][1])

    def compare(self, general: Headers, quick: Headers) -> None:
        names = [*general, "host", "none", "accept"]
        if general.raw != quick.raw or list(map(general.get, names)) != list(map(quick.get, names)):
            raise AssertionError(f"{quick}\ninstead of {general}")


def check_responses(data: bytes) -> None:
    options, data = data[:1] or b"\0", data[1:]
    limits = SMALL if options[0] & 1 else Limits()
    answers = (("GET",), ("HEAD", "GET"), ("CONNECT",), ("GET", "HEAD"))[options[0] >> 6]
    eof = bool(options[0] & 2)
    verdicts = [
        told(observe_responses(ResponseParser(Response, limits), answers, pieces, eof=eof))
        for pieces in (
            [data],
            split(data, options[0]),
            [data[i : i + 1] for i in range(len(data))],
        )
    ]
    if verdicts[1:] != verdicts[:1] * 2:
        raise AssertionError(f"{verdicts}")


class Differential:
    """Counts kinds of disagreement; keeps the shortest example of each."""

    def __init__(self, seconds: int, runs: int, go_on: bool) -> None:
        self.end = time.monotonic() + (seconds or float("inf"))
        self.runs = runs
        self.go_on = go_on
        self.inputs = 0
        self.kinds: Counter[tuple[str, str, str]] = Counter()
        self.examples: dict[tuple[str, str, str], bytes] = {}

    def check(self, data: bytes) -> None:
        if time.monotonic() > self.end or self.inputs == self.runs:
            self.report()
            os._exit(0)  # libFuzzer would end the process without a word of ours
        self.inputs += 1
        ours = peers.drystone(data)
        for peer in ("h11", "httptools"):
            theirs = getattr(peers, peer)(data)
            if (theirs.kind, theirs.requests) != (ours.kind, ours.requests):
                self.note((peer, ours.told, theirs.told), data)

    def note(self, kind: tuple[str, str, str], data: bytes) -> None:
        self.kinds[kind] += 1
        if len(data) < len(self.examples.get(kind, bytes(10**6))):
            self.examples[kind] = data
        if peers.reason_for(*kind) is None and not self.go_on:
            raise AssertionError(f"no reason for {kind}: {data!r}")

    def report(self) -> None:
        print(f"\n{self.inputs} inputs, {len(self.kinds)} kinds of disagreement:")
        for kind, count in sorted(self.kinds.items()):
            peer, ours, theirs = kind
            print(f"{count:8}  {peer}: we {ours}, it {theirs}: {peers.reason_for(*kind)}")
            print(f"          {self.examples[kind]!r}")
        sys.stdout.flush()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("mode", choices=["requests", "heads", "responses", "differential"])
    arguments.add_argument("--seconds", type=int, default=60, help="how long (0: no bound)")
    arguments.add_argument("--runs", type=int, default=-1, help="how many inputs (-1: no bound)")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--corpus", type=Path, help="a folder to keep what was found new")
    arguments.add_argument("--go-on", action="store_true", help="list what has no reason, too")
    options = arguments.parse_args()

    differential = Differential(options.seconds, options.runs, options.go_on)
    check = {
        "requests": check_requests,
        "heads": KnownHeads().check,
        "responses": check_responses,
        "differential": differential.check,
    }[options.mode]

    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder)
        cases = RESPONSE_CASES if options.mode == "responses" else REQUEST_CASES + LIMIT_CASES
        for number, case in enumerate(cases):
            # Their first byte holds the options: with end of input.
            first = b"\2" if options.mode in ("requests", "responses") else b""
            if len(case.data) < 2000:
                (seeds / str(number)).write_bytes(first + case.data)
        # The differential mode sees to its bounds itself, and libFuzzer's are a net under it.
        own = options.mode == "differential"
        seconds = options.seconds + 5 if own and options.seconds else options.seconds
        runs = -1 if own else options.runs
        bounds = [f"-max_total_time={seconds}", f"-runs={runs}"]
        folders = [str(options.corpus)] if options.corpus else []
        atheris.Setup(
            [sys.argv[0], *bounds, *FUZZER, f"-seed={options.seed}", *folders, str(seeds)],
            check,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
