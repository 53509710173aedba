"""curl, in many modes, against our server."""

import pytest

pytestmark = pytest.mark.system
