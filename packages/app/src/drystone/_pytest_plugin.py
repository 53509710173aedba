"""Fixtures for pytest, found by entry point. Override ``drystone_app`` in a conftest.py::

    @pytest.fixture
    def drystone_app():
        return app

    async def test_home(client):
        assert (await client.get("/")).status_code == 200

The fixture ``client`` is asynchronous and runs by pytest-asyncio.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._app import App
    from ._client import Client

try:
    import pytest_asyncio
except ImportError:  # pytest runs without it as before; only `client` cannot be had
    _fixture: Any = pytest.fixture
else:
    _fixture = pytest_asyncio.fixture


@pytest.fixture
def drystone_app() -> App[Any]:
    """The application under test; to be overridden."""
    pytest.fail("Override the fixture drystone_app: it returns the application to test")


@pytest.fixture
def drystone_overrides() -> Mapping[Callable[..., Any], Callable[..., Any]]:
    """Providers to be replaced in the application; override it to replace some."""
    return {}


async def _client(
    drystone_app: App[Any],
    drystone_overrides: Mapping[Callable[..., Any], Callable[..., Any]],
) -> AsyncIterator[Client]:
    """A client of the application, which is started before the test and stopped after it."""
    from ._client.client import Client

    async with Client(drystone_app, overrides=drystone_overrides) as client:
        yield client


client = _fixture(name="client")(_client)
