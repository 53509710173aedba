"""Runs cases against a parser and compares what came of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from ._cases import REQUEST_CASES, RESPONSE_CASES, Case
from ._limits import DEFAULT
from ._observe import Parser, ResponseReader, Verdict, observe, observe_responses, ways

_NEXT_REQUEST = b"GET /next HTTP/1.1\r\nHost: next\r\n\r\n"
_NEXT_RESPONSE = b"HTTP/1.1 299 Next\r\nContent-Length: 0\r\n\r\n"

# Either (make_request) or, for cases with limits of their own, (make_request, limits).
MakeParser = Callable[..., Parser]
MakeResponseParser = Callable[..., ResponseReader]


def check_parser(
    make: MakeParser,
    cases: Iterable[Case] = REQUEST_CASES,
    *,
    declined: Mapping[str, str] | None = None,
    strict: bool = False,
) -> None:
    """Runs request cases against a parser.

    Args:
        make: makes a fresh parser from a callable that makes requests, such as the parser's
            class; for cases with limits of their own it is given those too.
        cases: the cases, `REQUEST_CASES` or others.
        declined: names of cases in which the parser is known to differ, and why. A case that
            passes though it is declined is a failure, so that the list stays true.
        strict: compare reasons and exact statuses too, and ask that a fault is found as soon as
            its last byte is there. Else any error with a status will do.

    Raises:
        AssertionError: with a line for each failure.
    """
    _report(failures(make, cases, strict=strict), declined or {})


def check_response_parser(
    make: MakeResponseParser,
    cases: Iterable[Case] = RESPONSE_CASES,
    *,
    declined: Mapping[str, str] | None = None,
    strict: bool = False,
) -> None:
    """Runs response cases against a parser; see `check_parser`."""
    _report(failures(make, cases, strict=strict), declined or {})


def failures(
    make: MakeParser | MakeResponseParser, cases: Iterable[Case], *, strict: bool = False
) -> dict[str, str]:
    """The cases that do not come out right: name to what happened instead."""
    found = {}
    for case in cases:
        failure = next(_failures_of(make, case, strict), None)
        if failure is not None:
            found[case.name] = failure
    return found


def _report(found: dict[str, str], declined: Mapping[str, str]) -> None:
    lines = [f"{name}: {what}" for name, what in found.items() if name not in declined]
    lines += [
        f"{name}: passes, though it is declined: {why}"
        for name, why in declined.items()
        if name not in found
    ]
    if lines:
        raise AssertionError("\n".join([f"{len(lines)} cases:", *lines]))


def _failures_of(make: MakeParser | MakeResponseParser, case: Case, strict: bool) -> Iterator[str]:
    ends = [True] if case.eof or not case.status or not strict else [True, False]
    for eof in ends:
        for way, pieces in ways(case.data):
            yield from _compare(case, _run(make, case, pieces, eof), f"{way}, eof={eof}", strict)
    if not case.eof:
        yield from _failures_with_next(make, case, strict)


def _failures_with_next(
    make: MakeParser | MakeResponseParser, case: Case, strict: bool
) -> Iterator[str]:
    following = _NEXT_RESPONSE if case.answers else _NEXT_REQUEST
    if not case.status and not _keeps_alive(_run(make, case, [case.data], False)):
        following = b""
    expects_next = bool(following) and not case.status
    for way, pieces in ways(case.data + following, 2):
        verdict = _run(make, case, pieces, False)
        if expects_next and len(verdict.messages) != len(case.messages) + 1:
            yield f"{way}: {_told(verdict)} instead of the next message"
        elif expects_next:
            del verdict.messages[-1], verdict.bodies[-1]
        yield from _compare(case, verdict, f"{way}, with a next message", strict)


def _keeps_alive(verdict: Verdict) -> bool:
    return bool(verdict.messages) and bool(verdict.messages[-1].keep_alive)


def _run(
    make: MakeParser | MakeResponseParser, case: Case, pieces: list[bytes], eof: bool
) -> Verdict:
    arguments = (SimpleNamespace,) if case.limits is DEFAULT else (SimpleNamespace, case.limits)
    parser: Any = make(*arguments)
    if case.answers:
        return observe_responses(parser, case.answers, pieces, eof=eof)
    return observe(parser, pieces, eof=eof)


def _compare(case: Case, verdict: Verdict, way: str, strict: bool) -> Iterator[str]:
    if bool(case.status) != bool(verdict.status) or (strict and case.status != verdict.status):
        yield f"{way}: {_told(verdict)} instead of {case.status or 'acceptance'}"
    elif strict and case.reason != getattr(verdict.error, "reason", ""):
        yield f"{way}: {_told(verdict)} instead of {case.reason}"
    elif len(verdict.messages) != len(case.messages) and not case.eof:
        yield f"{way}: {len(verdict.messages)} messages instead of {len(case.messages)}"
    for message, body, wanted in zip(verdict.messages, verdict.bodies, case.messages, strict=False):
        yield from _compare_message(message, body, wanted, way)


def _compare_message(message: Any, body: bytes, wanted: dict[str, Any], way: str) -> Iterator[str]:
    seen: dict[str, Any] = {**vars(message), "body": body}
    seen["headers"], seen["trailers"] = message.headers.items(), message.trailers.items()
    for name, value in wanted.items():
        if name == "fields":
            got: Any = {field: message.headers.get(field) for field in value}
        else:
            got = seen[name]
        if got != value:
            yield f"{way}: {name} is {got!r} instead of {value!r}"


def _told(verdict: Verdict) -> str:
    if verdict.error is not None:
        return f"{verdict.status} ({verdict.error})"
    return f"{len(verdict.messages)} messages" + (" and a wait" if verdict.waiting else "")
