from typing import Annotated, Any, Protocol

import pytest
from drystone import App, Depends, Group, Header, HTTPError, Request, SignatureError
from drystone._handlers import Guard


class HasMethod(Protocol):
    method: str


def by_marker(token: Annotated[str, Header]) -> None: ...


def by_default(token: str = Depends(lambda: "")) -> None: ...


def by_type(token: str) -> None: ...


def beside_the_request(request: Request, token: Annotated[str, Header] = "") -> None:
    if not token:
        raise HTTPError(403)


@pytest.mark.parametrize("guard", [by_marker, by_default, by_type, beside_the_request])
def test_a_guard_that_asks_for_a_value_would_be_given_the_request(guard: Any) -> None:
    app: App[None] = App()
    group = Group(guards=[guard])
    group.add_route("/", lambda request: "")
    app.include(group)
    with pytest.raises(SignatureError, match=r"'token': a guard is given the request and nothing"):
        app.build()


def plain(request, level: int = 3) -> None: ...  # type: ignore[no-untyped-def]


def typed(request: Request[None]) -> None: ...


def loosely_typed(request: Any) -> None: ...


def by_protocol(request: HasMethod) -> None: ...


def unresolved(request: "NoSuchName") -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize("guard", [plain, typed, loosely_typed, by_protocol, unresolved, str])
def test_guards_that_take_the_request(guard: Guard) -> None:
    app: App[None] = App(guards=[guard])
    app.add_route("/", lambda request: "")
    app.build()
