"""The cases of the parser, run against its peers: a table of verdicts side by side.

`pytest -s integration_tests/test_parser_peers.py` shows it. What each peer gets wrong is counted
here, so that the check itself is seen to find faults, and a new release of a peer is noticed.
"""

import parser_disagreements
import pytest
from drystone_parser import RequestParser
from drystone_parser.testing import REQUEST_CASES, check_parser, failures
from parser_adapters import H11Parser, HttptoolsParser, ZttpParser, zttp

PEERS = {"h11": H11Parser, "httptools": HttptoolsParser} | ({"zttp": ZttpParser} if zttp else {})


@pytest.fixture(scope="module")
def wrong() -> dict[str, dict[str, str]]:
    """For each parser the cases that do not come out right."""
    return {
        name: failures(make, REQUEST_CASES)
        for name, make in {"drystone": RequestParser, **PEERS}.items()
    }


def test_ours_has_no_wrong_verdict(wrong: dict[str, dict[str, str]]) -> None:
    assert wrong["drystone"] == {}


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_passes_what_it_does_not_decline(
    name: str, wrong: dict[str, dict[str, str]]
) -> None:
    declined = dict.fromkeys(wrong[name], "differs, see the table")
    check_parser(PEERS[name], declined=declined)
    assert 0 < len(declined) < len(REQUEST_CASES) / 2
    with pytest.raises(AssertionError, match="cases:"):
        check_parser(PEERS[name])
    with pytest.raises(AssertionError, match="passes, though it is declined"):
        check_parser(PEERS[name], declined={**declined, "the plainest request": "no reason"})


@pytest.mark.parametrize("peer", ["h11", "httptools"])
def test_every_disagreement_has_a_reason(peer: str) -> None:
    for case in REQUEST_CASES:
        ours = parser_disagreements.drystone(case.data)
        theirs = getattr(parser_disagreements, peer)(case.data)
        if (ours.kind, ours.requests) != (theirs.kind, theirs.requests):
            reason = parser_disagreements.reason_for(peer, ours.told, theirs.told)
            assert reason, (case.name, ours, theirs)


def test_an_unknown_disagreement_has_none() -> None:
    assert parser_disagreements.reason_for("httptools", "accepts", "refuses a new thing") is None
    assert parser_disagreements.reason_for("h11", "refuses a-new-thing", "accepts") is None


def test_the_table(wrong: dict[str, dict[str, str]]) -> None:
    print("\nWrong verdicts in", len(REQUEST_CASES), "cases:")
    print({name: len(cases) for name, cases in wrong.items()})
    for case in REQUEST_CASES:
        marks = ["wrong" if case.name in wrong[name] else "." for name in wrong]
        if "wrong" in marks:
            print(f"{case.section:12} {case.name[:60]:62}", *[f"{mark:>9}" for mark in marks])
