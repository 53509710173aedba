"""Redis as this package uses it: Lua scripts, each one atomic step, and clear failures."""

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from drystone_auth._errors import MissingExtra, StoreUnavailable
from drystone_auth._text import check_text

if TYPE_CHECKING:
    from redis.asyncio import Redis

# A key outlives its `expires_at` by this many seconds: what counts is the caller's clock, and the
# server's only tidies up.
_MARGIN = 3600.0


class RedisConnection:
    """A client, a prefix for all keys, and scripts by name.

    Raises:
        MissingExtra: redis-py is not installed.
    """

    def __init__(self, client: "Redis", prefix: str) -> None:
        try:
            from redis.exceptions import RedisError
        except ImportError:
            raise MissingExtra("RedisStore", "redis") from None
        self._client = client
        self._prefix = prefix
        self._failures = (RedisError, OSError, TimeoutError)
        self._scripts: dict[str, Any] = {}

    async def run(self, script: str, *values: str | float) -> Any:
        """Run a Lua script; `KEYS[1]` is the prefix, `ARGV` the values.

        Raises:
            StoreUnavailable: Redis does not answer, or answers with an error.
            MalformedText: a value holds a lone surrogate.
        """
        check_text(*values)
        if script not in self._scripts:
            self._scripts[script] = self._client.register_script(script)
        with self._translated():
            return await self._scripts[script](keys=[self._prefix], args=values)

    async def close(self) -> None:
        """Close the client's connections."""
        with self._translated():
            await self._client.aclose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            raise StoreUnavailable(f"Redis store: {type(error).__name__}: {error}") from error


def time_to_live(expires_at: float, now: float) -> int:
    """Return a key's lifetime on the server in milliseconds."""
    return int((max(expires_at - now, 0.0) + _MARGIN) * 1000)


def owner_key(*parts: str) -> str:
    """Name an owner within a key, whatever characters and lengths the parts have.

    Raises:
        MalformedText: a part holds a lone surrogate.
    """
    check_text(*parts)
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def as_json(record: Mapping[str, Any]) -> str:
    """Return a record for a field; its characters stay themselves, so that `run` sees them."""
    return json.dumps(record, ensure_ascii=False)


def text(value: bytes | str) -> str:
    """Return an answer as text, whether or not the client decodes."""
    return value if isinstance(value, str) else value.decode("utf-8")
