"""Applications of five frameworks, each on our server: one body of tests, one builder per framework."""

import pytest

pytestmark = pytest.mark.frameworks
