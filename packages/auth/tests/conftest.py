"""A clock, an observer and a store, fresh for each test that asks for them."""

import pytest
from drystone_auth import MemoryStore
from drystone_auth.testing import FakeClock, Recorder


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def audit() -> Recorder:
    return Recorder()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()
