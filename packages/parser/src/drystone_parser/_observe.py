"""Drives a parser over bytes in pieces and notes what it makes of them."""

import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, Protocol


class Parser(Protocol):
    """What is checked: the verbs of a request parser. `feed` and `feed_eof` never raise.

    An exception from the other two has an int ``status``, and is raised again by each later call.
    """

    def feed(self, data: bytes, /) -> None:
        """Append what came."""
        ...

    def feed_eof(self) -> None:
        """Nothing more will come."""
        ...

    def next_request(self) -> Any:
        """The next request's head; None while it is not complete."""
        ...

    def next_body(self) -> bytes | None:
        """A piece of the body; ``b""`` at its end, None while there is none."""
        ...


class ResponseReader(Protocol):
    """The same verbs for responses."""

    def feed(self, data: bytes, /) -> None:
        """Append what came."""
        ...

    def feed_eof(self) -> None:
        """Nothing more will come."""
        ...

    def next_response(self, method: str = ..., /) -> Any:
        """The next response's head; None while it is not complete."""
        ...

    def next_body(self) -> bytes | None:
        """A piece of the body; ``b""`` at its end, None while there is none."""
        ...


class Verdict(NamedTuple):
    """What a parser made of some bytes: the messages it accepted, and the fault behind them."""

    messages: list[Any]
    bodies: list[bytes]  # of each message, as far as it came
    error: Exception | None
    waiting: bool  # for the rest of a body; never behind a fault

    @property
    def status(self) -> int:
        """The fault's status; 0 without a fault."""
        return getattr(self.error, "status", 0)


def ways(data: bytes, splits: int = 4) -> Iterator[tuple[str, list[bytes]]]:
    """Named ways to split bytes: whole, each alone, at random places (the same ones each time)."""
    yield "whole", [data]
    yield "byte by byte", [data[i : i + 1] for i in range(len(data))]
    choose = random.Random(len(data))  # noqa: S311  # nothing secret about it
    for number in range(splits):
        places = sorted(choose.choices(range(len(data) + 1), k=1 + number))
        pieces = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
        yield f"split at {places}", pieces


def observe(parser: Parser, pieces: Iterable[bytes], *, eof: bool = True) -> Verdict:
    """Feeds pieces to a fresh parser, asks for all it has after each, and may end the input.

    Raises:
        AssertionError: for an exception without a status, or one that is not raised again.
    """
    return _observe(parser, lambda _: parser.next_request(), pieces, eof)


def observe_responses(
    parser: ResponseReader, answers: tuple[str, ...], pieces: Iterable[bytes], *, eof: bool = True
) -> Verdict:
    """The same for responses; ``answers`` are the methods of the requests they answer."""

    def next_response(number: int) -> Any:
        return parser.next_response(answers[min(number, len(answers) - 1)])

    return _observe(parser, next_response, pieces, eof)


def _observe(
    parser: Parser | ResponseReader,
    next_message: Callable[[int], Any],
    pieces: Iterable[bytes],
    eof: bool,
) -> Verdict:
    messages: list[Any] = []
    bodies: list[bytes] = []
    waiting = False

    def drain() -> bool:
        """Takes all there is; whether a body is unfinished."""
        unfinished = waiting
        while True:
            if unfinished:
                piece = parser.next_body()
                if piece is None:
                    return True
                bodies[-1] += piece
                unfinished = piece != b""
            else:
                message = next_message(len(messages))
                if message is None:
                    return False
                messages.append(message)
                bodies.append(b"")
                unfinished = True

    for step in _steps(parser, pieces, eof):
        step()
        try:
            waiting = drain()
        except Exception as error:
            _check_error(error, parser, lambda: next_message(len(messages)))
            return Verdict(messages, bodies, error, waiting=False)
    return Verdict(messages, bodies, None, waiting)


def _steps(
    parser: Parser | ResponseReader, pieces: Iterable[bytes], eof: bool
) -> Iterator[Callable[[], None]]:
    for piece in pieces:
        yield partial(parser.feed, piece)
    if eof:
        yield parser.feed_eof


def _check_error(
    error: Exception, parser: Parser | ResponseReader, next_message: Callable[[], Any]
) -> None:
    status = getattr(error, "status", None)
    if not isinstance(status, int):
        raise AssertionError(f"{error!r} has no int status") from error
    parser.feed(b"GET / HTTP/1.1\r\nHost: again\r\n\r\n")
    for call in (next_message, parser.next_body, next_message):
        again = _outcome(call)
        if getattr(again, "status", None) != status:
            raise AssertionError(f"after {error!r} a later call gave {again!r}") from error


def _outcome(call: Callable[[], Any]) -> Any:
    """What a call returns or raises."""
    try:
        return call()
    except Exception as error:
        return error
