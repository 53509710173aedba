"""Virtual time for every test, but in modules that say ``REAL_TIME = True``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
from drystone_server.testing import VirtualLoop


def pytest_asyncio_loop_factories(
    item: pytest.Function,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if getattr(item.module, "REAL_TIME", False):
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualLoop}
