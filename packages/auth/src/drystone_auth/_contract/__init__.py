"""The contracts of the stores, as cases. `drystone_auth.testing` runs them."""

from .attempts import ATTEMPT_CASES
from .sessions import SESSION_CASES
from .tokens import ACCESS_TOKEN_CASES, ONE_TIME_TOKEN_CASES

__all__ = [
    "ACCESS_TOKEN_CASES",
    "ATTEMPT_CASES",
    "ONE_TIME_TOKEN_CASES",
    "SESSION_CASES",
]
