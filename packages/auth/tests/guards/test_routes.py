"""One guard per path; what no rule names is refused."""

import pytest
from drystone_auth import (
    Guard,
    Principal,
    RouteGuards,
    anyone,
    authenticated,
    nobody,
    roles,
)
from hypothesis import given
from hypothesis import strategies as st

ADMIN = roles("admin")
GUARDS = RouteGuards(
    {
        "": anyone,
        "/login": anyone,
        "/notes/": authenticated,
        "/notes/public/": anyone,
        "/admin/": ADMIN,
        "/admin/help": authenticated,
    }
)


@pytest.mark.parametrize(
    ("path", "guard"),
    [
        ("/", anyone),
        ("/login", anyone),
        ("/login/", nobody),
        ("/logins", nobody),
        ("/LOGIN", nobody),
        ("/notes", nobody),
        ("/notes/", authenticated),
        ("/notes/1/edit", authenticated),
        ("/notes/public/1", anyone),
        ("/notes/publication", authenticated),
        ("/admin/users", ADMIN),
        ("/admin/help", authenticated),
        ("/admin/help/more", ADMIN),
        ("/new", nobody),
        ("", nobody),
        ("*", nobody),
        ("/notes/.hidden", authenticated),
        ("/notes/a..b", authenticated),
    ],
)
def test_the_longest_rule_wins_and_the_rest_is_refused(path: str, guard: Guard) -> None:
    assert GUARDS.guard_for(path) is guard


@pytest.mark.parametrize(
    "path",
    [
        "/notes/public/../../admin/users",
        "/notes/public/./x",
        "/notes/public/..",
        "/notes/public//x",
        "//login",
        "/notes/public/..\\admin",
        "/notes/public/x\x00",
    ],
)
async def test_a_path_that_can_be_read_in_two_ways_is_refused(path: str) -> None:
    guard = GUARDS.guard_for(path)

    assert await guard.denial(Principal("root", roles=frozenset({"admin"})), None) is not None


@pytest.mark.parametrize("raw", ["/notes/public%2Fx", "/notes/public%2fx", "/login%5Cx"])
async def test_an_encoded_slash_is_refused_where_it_is_seen(raw: str) -> None:
    """A router of raw paths reads one segment where the decoded path has two."""
    guard = GUARDS.guard_for("/notes/public/x", raw)

    assert await guard.denial(Principal("root"), None) is not None
    assert GUARDS.guard_for("/notes/public/x", "/notes/public/%78") is anyone


@pytest.mark.parametrize(
    ("path", "lets_pass"),
    [
        ("/admin", [False, False, True]),
        ("/admin/", [False, False, True]),
        ("/admin/x", [False, False, True]),
        ("/account", [False, True, True]),
        ("/account/", [False, True, True]),
        ("/account/x", [True, True, True]),
        ("/", [True, True, True]),
        ("", [True, True, True]),
        ("/x", [True, True, True]),
    ],
)
async def test_the_last_slash_is_no_way_around_a_rule(path: str, lets_pass: list[bool]) -> None:
    """The rule "/" would let everybody see "/admin", which many frameworks serve as "/admin/"."""
    guards = RouteGuards({"/": anyone, "/admin/": ADMIN, "/account": authenticated})
    guard = guards.guard_for(path or "/")
    asking = [None, Principal("ann"), Principal("ada", roles=frozenset({"admin"}))]

    assert [await guard.denial(principal, None) is None for principal in asking] == lets_pass


async def test_a_rule_opens_nothing_by_its_last_slash() -> None:
    guards = RouteGuards({"/login/": anyone, "/help": anyone}, default=authenticated)

    for path in ("/login", "/help/"):
        assert await guards.guard_for(path).denial(None, None) is not None
        assert await guards.guard_for(path).denial(Principal("ann"), None) is None


def test_the_default_can_be_chosen() -> None:
    assert RouteGuards({}, default=authenticated).guard_for("/x") is authenticated
    assert RouteGuards({"/": anyone}).guard_for("/x") is anyone


def test_a_rule_begins_with_a_slash() -> None:
    with pytest.raises(ValueError, match="must begin with /"):
        RouteGuards({"admin": ADMIN})


@given(st.text())
async def test_no_text_reaches_what_it_should_not(path: str) -> None:
    guard = GUARDS.guard_for(path)

    public = path in {"/", "/login"} or path.startswith("/notes/public/")
    assert (await guard.denial(None, None) is None) <= public
