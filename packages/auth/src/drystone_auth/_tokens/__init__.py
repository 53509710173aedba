"""What is handed out and comes back: access tokens, one-time tokens, signed values."""

from .access import AccessToken, AccessTokens, AccessTokenStore
from .one_time import InvalidToken, OneTimeToken, OneTimeTokens, OneTimeTokenStore
from .signing import BadSignature, Signer

__all__ = [
    "AccessToken",
    "AccessTokenStore",
    "AccessTokens",
    "BadSignature",
    "InvalidToken",
    "OneTimeToken",
    "OneTimeTokenStore",
    "OneTimeTokens",
    "Signer",
]
