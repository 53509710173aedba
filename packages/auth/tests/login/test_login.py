"""A login by name and password, from end to end."""

from dataclasses import replace

import pytest
from drystone_auth import (
    Account,
    Argon2Parameters,
    Backoff,
    LoginFailed,
    LoginThrottle,
    MemoryStore,
    PasswordLogin,
    Passwords,
    Principal,
    TooBusy,
    TooManyAttempts,
    WrongPassword,
)
from drystone_auth.testing import FakeClock, Recorder

CHEAP = Argon2Parameters(time_cost=1, memory_cost=8, parallelism=1)


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.audit = Recorder()
        self.passwords = Passwords(parameters=CHEAP)
        self.accounts: dict[str, Account] = {}
        self.throttle = LoginThrottle(
            MemoryStore().attempts,
            account=Backoff(free=2),
            clock=self.clock,
            observe=self.audit,
        )
        self.login = PasswordLogin(
            self.find,
            self.passwords,
            save_hash=self.save,
            throttle=self.throttle,
            challenges=['Cookie realm="x"'],
            observe=self.audit,
        )

    async def find(self, name: str) -> Account | None:
        return self.accounts.get(name)

    async def save(self, user_id: str, new_hash: str) -> None:
        self.accounts[user_id] = replace(self.accounts[user_id], password_hash=new_hash)


@pytest.fixture
async def world() -> World:
    world = World()
    stored = await world.passwords.hash("correct horse")
    world.accounts["ann"] = Account(Principal("ann", roles=frozenset({"admin"})), stored)
    return world


async def test_the_right_password_gives_the_principal(world: World) -> None:
    principal = await world.login.check("ann", "correct horse", address="192.0.2.1")

    assert principal == world.accounts["ann"].principal
    assert world.audit.events == []


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("ann", LoginFailed(reason="wrong password", user_id="ann", address="192.0.2.1")),
        ("hunter2", LoginFailed(reason="unknown account", address="192.0.2.1")),
    ],
)
async def test_a_failure_is_reported_without_what_was_typed(
    name: str, event: LoginFailed, world: World
) -> None:
    with pytest.raises(WrongPassword) as caught:
        await world.login.check(name, "wrong horse", address="192.0.2.1")

    assert world.audit.events == [event]
    assert caught.value.status == 401
    assert caught.value.headers == [("WWW-Authenticate", 'Cookie realm="x"')]


async def test_a_success_forgets_the_failures(world: World) -> None:
    for _ in range(4):
        with pytest.raises(WrongPassword):
            await world.login.check("ann", "wrong horse")
        await world.login.check("ann", "correct horse")


async def test_too_many_failures_wait(world: World) -> None:
    for _ in range(2):
        with pytest.raises(WrongPassword):
            await world.login.check("ann", "wrong horse")
    with pytest.raises(TooManyAttempts) as caught:
        await world.login.check("ann", "correct horse")

    assert caught.value.headers == [("Retry-After", "1")]
    world.clock.now += 1
    await world.login.check("ann", "correct horse")


async def test_an_old_hash_is_renewed_and_reported(world: World) -> None:
    dearer = Argon2Parameters(2, 16, 1)
    login = PasswordLogin(
        world.find,
        Passwords(parameters=dearer),
        save_hash=world.save,
        throttle=None,
        observe=world.audit,
    )
    await login.check("ann", "correct horse")

    assert "m=16,t=2" in str(world.accounts["ann"].password_hash)
    assert world.audit.names == ["PasswordRehashed"]
    await login.check("ann", "correct horse")
    assert world.audit.names == ["PasswordRehashed"]


async def test_an_attempt_that_could_not_be_made_does_not_count(world: World) -> None:
    world.passwords._room = 0
    for _ in range(10):
        with pytest.raises(TooBusy):
            await world.login.check("ann", "wrong horse", address="192.0.2.1")

    unthrottled = PasswordLogin(
        world.find, world.passwords, save_hash=world.save, throttle=None, observe=world.audit
    )
    with pytest.raises(TooBusy):
        await unthrottled.check("ann", "wrong horse")


async def test_it_serves_basic(world: World) -> None:
    assert await world.login.verify("ann", "correct horse") == world.accounts["ann"].principal
    assert await world.login.verify("ann", "wrong horse") is None


def test_an_account_keeps_its_hash_out_of_the_repr(world: World) -> None:
    assert "argon2" not in repr(world.accounts["ann"])
