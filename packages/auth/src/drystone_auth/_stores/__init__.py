"""Where sessions, tokens and login attempts live: one room per kind of store.

Each has the same modules: `sessions`, `tokens` and `attempts` keep the contracts of
`drystone_auth.testing`, and `store` puts them together.
"""

from .memory import MemoryStore
from .redis import RedisStore
from .sqlite import SQLiteStore

__all__ = [
    "MemoryStore",
    "RedisStore",
    "SQLiteStore",
]
