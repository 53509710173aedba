"""Stores in Redis or Valkey: for a service on several machines."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from drystone_auth._errors import MissingExtra

from .attempts import RedisAttemptStore
from .connection import RedisConnection
from .sessions import RedisSessionStore
from .tokens import RedisAccessTokenStore, RedisOneTimeTokenStore

if TYPE_CHECKING:
    from redis.asyncio import Redis


class RedisStore(AbstractAsyncContextManager["RedisStore"]):
    """Every store that this package needs, in Redis (6.2 and later) or Valkey.

    One primary, with or without replicas; not a cluster, as a script touches several keys.
    Needs the extra `redis`.

    Args:
        client: a `redis.asyncio.Redis`; give it timeouts, or a dead server hangs requests.
        prefix: begins every key.

    Attributes:
        sessions: for `Sessions`.
        access_tokens: for `AccessTokens`.
        one_time_tokens: for `OneTimeTokens`.
        attempts: for `LoginThrottle`.

    Raises:
        MissingExtra: redis-py is not installed.
    """

    def __init__(self, client: "Redis", *, prefix: str = "drystone:") -> None:
        connection = self._connection = RedisConnection(client, prefix)
        self.sessions = RedisSessionStore(connection)
        self.access_tokens = RedisAccessTokenStore(connection)
        self.one_time_tokens = RedisOneTimeTokenStore(connection)
        self.attempts = RedisAttemptStore(connection)

    @classmethod
    def from_url(cls, url: str, *, prefix: str = "drystone:", timeout: float = 5.0) -> "RedisStore":
        """Connect to `redis://host:port/0`, `rediss://...` or `unix:///path/to/socket`.

        Args:
            url: as redis-py reads it.
            prefix: begins every key.
            timeout: seconds to wait for a connection, or for an answer.
        """
        try:
            from redis.asyncio import Redis
        except ImportError:
            raise MissingExtra("RedisStore", "redis") from None
        client = Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)
        return cls(client, prefix=prefix)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()

    async def __aexit__(self, *error: object) -> None:
        await self.close()
