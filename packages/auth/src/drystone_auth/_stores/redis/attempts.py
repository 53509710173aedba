"""Login attempts in Redis: a hash per key."""

from collections.abc import Sequence

from .connection import RedisConnection, text, time_to_live

# ARGV: key, now, forget_after, ttl, delays...; the answer is a string, as Lua numbers lose theirs.
_ACQUIRE = """
local a, now = KEYS[1] .. 't:' .. ARGV[1], tonumber(ARGV[2])
local count, wait, forget = unpack(redis.call('HMGET', a, 'count', 'wait', 'forget'))
if not forget or tonumber(forget) <= now then count, wait = 0, now end
count, wait = tonumber(count), tonumber(wait)
local function delay_after(count) return tonumber(ARGV[4 + math.min(count, #ARGV - 4)]) end
if count > 0 and wait > now + delay_after(count) then
    wait = now + delay_after(count)
    redis.call('HSET', a, 'wait', string.format('%.17g', wait))
end
if wait > now then return string.format('%.17g', wait - now) end
count = count + 1
local delay = delay_after(count)
local after = math.max(delay, tonumber(ARGV[3]))
redis.call('HSET', a, 'count', count, 'wait', string.format('%.17g', now + delay),
    'forget', string.format('%.17g', now + after))
redis.call('PEXPIRE', a, ARGV[4])
return '0'
"""
_RELEASE = """
local a = KEYS[1] .. 't:' .. ARGV[1]
local count = redis.call('HGET', a, 'count')
if not count then return end
if tonumber(count) <= 1 then redis.call('DEL', a) return end
redis.call('HSET', a, 'count', tonumber(count) - 1, 'wait', '0')
"""
_CLEAR = "redis.call('DEL', KEYS[1] .. 't:' .. ARGV[1])"


class RedisAttemptStore:
    """An `AttemptStore` in Redis."""

    def __init__(self, connection: RedisConnection) -> None:
        self._run = connection.run

    async def acquire(
        self, key: str, delays: Sequence[float], forget_after: float, now: float
    ) -> float:
        """Count an attempt if none is to be waited for."""
        longest = now + max(forget_after, *delays)
        ttl = time_to_live(longest, now)
        return float(text(await self._run(_ACQUIRE, key, now, forget_after, ttl, *delays)))

    async def release(self, key: str) -> None:
        """Take the latest counted attempt back."""
        await self._run(_RELEASE, key)

    async def clear(self, key: str) -> None:
        """Forget the key."""
        await self._run(_CLEAR, key)
