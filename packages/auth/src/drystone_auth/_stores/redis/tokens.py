"""Access tokens and one-time tokens in Redis.

<prefix>a:<handle>   hash: record, used, ends, key, owner    <prefix>ak:<key>   the handle
<prefix>au:<user>    set of handles
<prefix>o:<key>      hash: record, ends, owner    <prefix>ou:<user, purpose>   set of keys
"""

import json
from dataclasses import asdict, replace

from drystone_auth._tokens import AccessToken, OneTimeToken

from .connection import RedisConnection, as_json, owner_key, text, time_to_live

_LIVES = """
local p = KEYS[1]
local function lives(ends, now)
    return ends and (ends == '' or tonumber(ends) > tonumber(now))
end
"""
# ARGV: handle key owner record ends used ttl
_INSERT = """
local p = KEYS[1]
local handle, key, owner, record, ends, used, ttl = unpack(ARGV)
local a, ak, au = p .. 'a:' .. handle, p .. 'ak:' .. key, p .. 'au:' .. owner
redis.call('HSET', a, 'record', record, 'ends', ends, 'used', used, 'key', key)
redis.call('SET', ak, handle)
redis.call('SADD', au, handle)
if ttl ~= '' then
    redis.call('PEXPIRE', a, ttl)
    redis.call('PEXPIRE', ak, ttl)
end
"""
_FIND = (
    _LIVES
    + """
local handle = redis.call('GET', p .. 'ak:' .. ARGV[1])
if not handle then return false end
local record, used, ends =
    unpack(redis.call('HMGET', p .. 'a:' .. handle, 'record', 'used', 'ends'))
if not lives(ends, ARGV[2]) then return false end
return {record, used}
"""
)
_USED = """
local a = KEYS[1] .. 'a:' .. ARGV[1]
local used = redis.call('HGET', a, 'used')
if used and (used == '' or tonumber(used) < tonumber(ARGV[2])) then
    redis.call('HSET', a, 'used', ARGV[2])
end
"""
_OWNED = (
    _LIVES
    + """
local au, found = p .. 'au:' .. ARGV[1], {}
for _, handle in ipairs(redis.call('SMEMBERS', au)) do
    local record, used, ends =
        unpack(redis.call('HMGET', p .. 'a:' .. handle, 'record', 'used', 'ends'))
    if not record then
        redis.call('SREM', au, handle)
    elseif lives(ends, ARGV[2]) then
        table.insert(found, {record, used})
    end
end
return found
"""
)
_DELETE_OWNED = """
local p, count = KEYS[1], 0
local au = p .. 'au:' .. ARGV[1]
for _, handle in ipairs(redis.call('SMEMBERS', au)) do
    if not ARGV[2] or ARGV[2] == handle then
        local key = redis.call('HGET', p .. 'a:' .. handle, 'key')
        redis.call('SREM', au, handle)
        if key then
            redis.call('DEL', p .. 'a:' .. handle, p .. 'ak:' .. key)
            count = count + 1
        end
    end
end
return count
"""


class RedisAccessTokenStore:
    """An `AccessTokenStore` in Redis."""

    def __init__(self, connection: RedisConnection) -> None:
        self._run = connection.run

    async def insert(self, token: AccessToken, now: float) -> None:
        """Keep a new token; the server forgets it some time after its end."""
        whole = as_json({**asdict(token), "scopes": sorted(token.scopes)})
        ends = "" if token.expires_at is None else token.expires_at
        ttl = "" if token.expires_at is None else time_to_live(token.expires_at, now)
        used = "" if token.last_used_at is None else token.last_used_at
        owner = owner_key(token.user_id)
        await self._run(_INSERT, token.handle, token.key, owner, whole, ends, used, ttl)

    async def find(self, key: str, now: float) -> AccessToken | None:
        """Find the token with this key."""
        answer = await self._run(_FIND, key, now)
        return _access_token(*answer) if answer else None

    async def used(self, handle: str, now: float) -> None:
        """Note that it was used now."""
        await self._run(_USED, handle, now)

    async def owned(self, user_id: str, now: float) -> list[AccessToken]:
        """List a user's tokens, the newest first."""
        tokens = [_access_token(*row) for row in await self._run(_OWNED, owner_key(user_id), now)]
        return sorted(tokens, key=lambda token: token.created_at, reverse=True)

    async def delete_owned(self, user_id: str, handle: str | None = None) -> int:
        """Forget the user's token with this handle, or all."""
        one = () if handle is None else (handle,)
        return int(await self._run(_DELETE_OWNED, owner_key(user_id), *one))


def _access_token(whole: bytes | str, used: bytes | str) -> AccessToken:
    fields = json.loads(text(whole))
    token = AccessToken(**{**fields, "scopes": frozenset(fields["scopes"])})
    return replace(token, last_used_at=float(text(used)) if used else None)


_INSERT_ONE_TIME = """
local p = KEYS[1]
local key, owner, record, ends, ttl = unpack(ARGV)
local ou = p .. 'ou:' .. owner
redis.call('HSET', p .. 'o:' .. key, 'record', record, 'ends', ends)
redis.call('PEXPIRE', p .. 'o:' .. key, ttl)
redis.call('SADD', ou, key)
if redis.call('PTTL', ou) < tonumber(ttl) then redis.call('PEXPIRE', ou, ttl) end
"""
# ARGV: key, purpose, now, 1 to take it
_FIND_ONE_TIME = (
    _LIVES
    + """
local o = p .. 'o:' .. ARGV[1]
local record, ends = unpack(redis.call('HMGET', o, 'record', 'ends'))
if not record or not lives(ends, ARGV[3]) then return false end
if cjson.decode(record)['purpose'] ~= ARGV[2] then return false end
if ARGV[4] == '1' then redis.call('DEL', o) end
return record
"""
)
_DELETE_ONE_TIME = """
local p = KEYS[1]
local ou = p .. 'ou:' .. ARGV[1]
for _, key in ipairs(redis.call('SMEMBERS', ou)) do redis.call('DEL', p .. 'o:' .. key) end
redis.call('DEL', ou)
"""


class RedisOneTimeTokenStore:
    """A `OneTimeTokenStore` in Redis."""

    def __init__(self, connection: RedisConnection) -> None:
        self._run = connection.run

    async def insert(self, token: OneTimeToken, now: float) -> None:
        """Keep a new token; the server forgets it some time after its end."""
        owner = owner_key(token.user_id, token.purpose)
        whole, ends = as_json(asdict(token)), token.expires_at
        await self._run(_INSERT_ONE_TIME, token.key, owner, whole, ends, time_to_live(ends, now))

    async def find(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find the token with this key if it is for this purpose."""
        return await self._find(key, purpose, now, take=False)

    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find it and forget it."""
        return await self._find(key, purpose, now, take=True)

    async def delete_owned(self, user_id: str, purpose: str) -> None:
        """Forget the user's tokens for this purpose."""
        await self._run(_DELETE_ONE_TIME, owner_key(user_id, purpose))

    async def _find(self, key: str, purpose: str, now: float, *, take: bool) -> OneTimeToken | None:
        answer = await self._run(_FIND_ONE_TIME, key, purpose, now, int(take))
        return OneTimeToken(**json.loads(text(answer))) if answer else None
