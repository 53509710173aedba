"""nginx in front of our server."""

import pytest

pytestmark = pytest.mark.system
