"""The fixtures, in pytest runs of their own."""

import runpy
import sys

import pytest
from drystone import _pytest_plugin

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest
from drystone import App, Depends
from typing import Annotated

def who():
    return "real"

app = App()

@app.get("/")
async def home(who: Annotated[str, Depends(who)]):
    return f"hello {who}"

@pytest.fixture
def drystone_app():
    return app

@pytest.fixture
def provider():
    return who
"""

TESTS = """
import pytest

async def test_client(client):
    assert (await client.get("/")).text == "hello real"

class TestOverrides:
    @pytest.fixture
    def drystone_overrides(self, provider):
        return {provider: lambda: "fake"}

    async def test_client(self, client):
        assert (await client.get("/")).text == "hello fake"
"""

INI = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


def test_the_client_and_its_overrides(pytester: pytest.Pytester) -> None:
    pytester.makeini(INI)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    pytester.runpytest_inprocess().assert_outcomes(passed=2)


def test_without_an_application(pytester: pytest.Pytester) -> None:
    pytester.makeini(INI)
    pytester.makepyfile("async def test_it(client): ...")
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(["*Override the fixture drystone_app*"])


def test_pytest_runs_without_its_asyncio_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pytest_asyncio", None)
    assert runpy.run_path(_pytest_plugin.__file__)["client"] is not None
