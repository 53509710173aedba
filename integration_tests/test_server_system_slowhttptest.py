"""slowhttptest, in its modes, against our server while a good client is served."""

import pytest

pytestmark = pytest.mark.system
