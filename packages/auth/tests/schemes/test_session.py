"""The session as a scheme."""

from drystone_auth import MemoryStore, Principal, Session, Sessions, SessionScheme
from drystone_auth.testing import FakeClock, FakeRequest, Recorder


async def test_it_gives_the_sessions_user() -> None:
    clock = FakeClock()
    sessions = Sessions(MemoryStore().sessions, clock=clock, observe=Recorder())
    session = Session()
    await sessions.login(session, "ann")
    (line,) = await sessions.commit(session)
    request = FakeRequest(cookie=line.partition(";")[0])

    assert await SessionScheme(sessions).authenticate(request) == Principal(
        "ann", scheme="session", authenticated_at=clock.now
    )
    assert await SessionScheme(sessions).authenticate(FakeRequest()) is None


async def test_it_looks_the_user_up_each_time() -> None:
    users = {"ann": Principal("ann", roles=frozenset({"admin"}))}

    async def find(user_id: str) -> Principal | None:
        return users.get(user_id)

    sessions = Sessions(MemoryStore().sessions, observe=Recorder())
    scheme = SessionScheme(sessions, find_user=find)
    session = Session()
    await sessions.login(session, "ann")

    principal = await scheme.principal_of(session)
    assert principal is not None
    assert (principal.roles, principal.scheme) == (frozenset({"admin"}), "session")
    users.clear()
    assert await scheme.principal_of(session) is None


def test_its_challenge_names_the_cookie() -> None:
    scheme = SessionScheme(Sessions(MemoryStore().sessions), realm="Notes")

    assert scheme.challenges == ('Cookie realm="Notes", cookie-name="__Host-session"',)
