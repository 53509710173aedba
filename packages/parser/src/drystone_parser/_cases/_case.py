"""One case: what arrives, and what has to come of it."""

from dataclasses import dataclass
from typing import Any

from drystone_parser._limits import DEFAULT, Limits

HOST = b"Host: h\r\n"


@dataclass(frozen=True, slots=True)
class Case:
    """Bytes of a connection, and the verdict.

    Attributes:
        name: says what is special about the bytes; unique.
        section: the rule it is about, such as ``"9112 3.2"`` (RFC and section).
        data: the bytes, to the end of the last message or to the fault.
        messages: what is accepted, in order: attributes of each message and their values. Beside
            those that the parser sets there is ``body``; ``headers`` and ``trailers`` are lists
            of pairs; ``fields`` are names and what ``headers.get`` says of them.
        status: with what the fault behind them is answered; 0 if there is none.
        reason: our name for that fault.
        eof: whether the input ends in the middle of a message, which is the fault.
        limits: the limits that it needs.
        answers: for responses, the methods of the requests that they answer; else empty.
    """

    name: str
    section: str
    data: bytes
    messages: tuple[dict[str, Any], ...] = ()
    status: int = 0
    reason: str = ""
    eof: bool = False
    limits: Limits = DEFAULT
    answers: tuple[str, ...] = ()


def accept(name: str, section: str, data: bytes, **attributes: Any) -> Case:
    """A case of one message that is accepted."""
    return Case(name, section, data, (attributes,))


def accept_all(name: str, section: str, data: bytes, *messages: dict[str, Any]) -> Case:
    """A case of several messages that are accepted."""
    return Case(name, section, data, messages)


def refuse(
    name: str,
    section: str,
    data: bytes,
    reason: str,
    status: int = 400,
    after: tuple[dict[str, Any], ...] = (),
) -> Case:
    """A case that is refused, after the messages that were complete before."""
    return Case(name, section, data, after, status, reason)


def cut(name: str, section: str, data: bytes, *after: dict[str, Any]) -> Case:
    """A case in which the input ends in the middle of a message."""
    return Case(name, section, data, after, 400, "incomplete-message", eof=True)
