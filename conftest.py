"""For all tests: the time that an example of Hypothesis takes is no failure of what it tests."""

from hypothesis import settings

_usual = settings.get_profile(settings.get_current_profile_name())  # that of CI, on CI
settings.register_profile("unhurried", _usual, deadline=None)
settings.load_profile("unhurried")
