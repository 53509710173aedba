"""One application of ours by one suite: on our server, in memory, and under foreign ASGI servers."""

import pytest

pytestmark = pytest.mark.frameworks
