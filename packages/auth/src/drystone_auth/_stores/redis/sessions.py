"""Sessions in Redis: a hash per session, an index by key, a set per user.

<prefix>s:<handle>   hash: record, seen, ends, key, owner, and "=<name>" for each of the data
<prefix>k:<key>      the handle
<prefix>u:<user>     set of handles; those that are over drop out when they are met
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drystone_auth._sessions import SessionRecord

from .connection import RedisConnection, as_json, owner_key, text, time_to_live

_DROP = """
local p = KEYS[1]
local function drop(handle)
    local s = p .. 's:' .. handle
    local key, owner = unpack(redis.call('HMGET', s, 'key', 'owner'))
    if not key then return 0 end
    redis.call('DEL', s, p .. 'k:' .. key)
    if owner ~= '' then redis.call('SREM', p .. 'u:' .. owner, handle) end
    return 1
end
local function lives(handle, now)
    local ends = redis.call('HGET', p .. 's:' .. handle, 'ends')
    return ends and tonumber(ends) > tonumber(now)
end
"""
# ARGV from `from`: handle key owner record seen ends ttl
_KEEP = """
local function keep(from)
    local handle, key, owner, record, seen, ends, ttl = unpack(ARGV, from, from + 6)
    local s = p .. 's:' .. handle
    redis.call('HSET', s, 'record', record, 'seen', seen, 'ends', ends, 'key', key, 'owner', owner)
    redis.call('PEXPIRE', s, ttl)
    redis.call('SET', p .. 'k:' .. key, handle, 'PX', ttl)
    if owner ~= '' then
        local u = p .. 'u:' .. owner
        redis.call('SADD', u, handle)
        if redis.call('PTTL', u) < tonumber(ttl) then redis.call('PEXPIRE', u, ttl) end
    end
    return s
end
"""
_INSERT = (
    _DROP
    + _KEEP
    + """
local s = keep(1)
for i = 8, #ARGV, 2 do redis.call('HSET', s, '=' .. ARGV[i], ARGV[i + 1]) end
"""
)
_LOAD = (
    _DROP
    + """
local handle = redis.call('GET', p .. 'k:' .. ARGV[1])
if not handle or not lives(handle, ARGV[2]) then return false end
return redis.call('HGETALL', p .. 's:' .. handle)
"""
)
# ARGV: handle now expires_at ttl (both '' when not seen), then set or del, name, value
_MERGE = (
    _DROP
    + """
local handle, now, ends, ttl = unpack(ARGV, 1, 4)
if not lives(handle, now) then return 0 end
local s = p .. 's:' .. handle
for i = 5, #ARGV, 3 do
    if ARGV[i] == 'set' then
        redis.call('HSET', s, '=' .. ARGV[i + 1], ARGV[i + 2])
    else
        redis.call('HDEL', s, '=' .. ARGV[i + 1])
    end
end
if ends == '' then return 1 end
local seen0, ends0, key = unpack(redis.call('HMGET', s, 'seen', 'ends', 'key'))
if tonumber(now) > tonumber(seen0) then redis.call('HSET', s, 'seen', now) end
if tonumber(ends) > tonumber(ends0) then
    redis.call('HSET', s, 'ends', ends)
    local owner = redis.call('HGET', s, 'owner')
    redis.call('PEXPIRE', s, ttl)
    redis.call('PEXPIRE', p .. 'k:' .. key, ttl)
    if owner ~= '' and redis.call('PTTL', p .. 'u:' .. owner) < tonumber(ttl) then
        redis.call('PEXPIRE', p .. 'u:' .. owner, ttl)
    end
end
return 1
"""
)
# ARGV: old handle, now, keep_data, then as _KEEP
_RENEW = (
    _DROP
    + _KEEP
    + """
local old, now, keep_data = unpack(ARGV, 1, 3)
if not lives(old, now) then return 0 end
local fields = redis.call('HGETALL', p .. 's:' .. old)
drop(old)
local s = keep(4)
if keep_data == '1' then
    for i = 1, #fields, 2 do
        if string.sub(fields[i], 1, 1) == '=' then
            redis.call('HSET', s, fields[i], fields[i + 1])
        end
    end
end
return 1
"""
)
_DELETE = _DROP + "return drop(ARGV[1])"
_OWNED = (
    _DROP
    + """
local u, found = p .. 'u:' .. ARGV[1], {}
for _, handle in ipairs(redis.call('SMEMBERS', u)) do
    local s = p .. 's:' .. handle
    if redis.call('EXISTS', s) == 0 then
        redis.call('SREM', u, handle)
    elseif lives(handle, ARGV[2]) then
        local record, seen, ends = unpack(redis.call('HMGET', s, 'record', 'seen', 'ends'))
        table.insert(found, {record, seen, ends})
    end
end
return found
"""
)
_DELETE_OWNED = (
    _DROP
    + """
local count = 0
for _, handle in ipairs(redis.call('SMEMBERS', p .. 'u:' .. ARGV[1])) do
    if handle ~= ARGV[2] then count = count + drop(handle) end
end
return count
"""
)


class RedisSessionStore:
    """A `SessionStore` in Redis."""

    def __init__(self, connection: RedisConnection) -> None:
        self._run = connection.run

    async def insert(self, record: SessionRecord, data: Mapping[str, str], now: float) -> None:
        """Keep a new session."""
        pairs = [part for pair in data.items() for part in pair]
        await self._run(_INSERT, *_fields(record, now), *pairs)

    async def load(self, key: str, now: float) -> tuple[SessionRecord, dict[str, str]] | None:
        """Find the session with this key, with its data."""
        answer = await self._run(_LOAD, key, now)
        if not answer:
            return None
        flat = [text(part) for part in answer]
        fields = dict(zip(flat[::2], flat[1::2], strict=True))
        data = {name[1:]: value for name, value in fields.items() if name.startswith("=")}
        return _record(fields["record"], fields["seen"], fields["ends"]), data

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        """Set and remove single names."""
        steps = [
            part
            for name, value in changes.items()
            for part in (("del", name, "") if value is None else ("set", name, value))
        ]
        seen = ("", "") if expires_at is None else (expires_at, time_to_live(expires_at, now))
        return bool(await self._run(_MERGE, handle, now, *seen, *steps))

    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        """Make the session become `record`; the old key is dead."""
        return bool(await self._run(_RENEW, handle, now, int(keep_data), *_fields(record, now)))

    async def delete(self, handle: str) -> bool:
        """Forget one session."""
        return bool(await self._run(_DELETE, handle))

    async def owned(self, user_id: str, now: float) -> list[SessionRecord]:
        """List a user's sessions, the last seen first."""
        answer = await self._run(_OWNED, owner_key(user_id), now)
        records = [_record(*(text(part) for part in row)) for row in answer]
        return sorted(records, key=lambda record: record.last_seen_at, reverse=True)

    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        """Forget all of a user's sessions but one."""
        return int(await self._run(_DELETE_OWNED, owner_key(user_id), keep or ""))


def _fields(record: SessionRecord, now: float) -> list[str | float]:
    owner = "" if record.user_id is None else owner_key(record.user_id)
    whole = as_json(asdict(record))
    seen, ends = record.last_seen_at, record.expires_at
    return [record.handle, record.key, owner, whole, seen, ends, time_to_live(ends, now)]


def _record(whole: str, seen: str, ends: str) -> SessionRecord:
    fields: dict[str, Any] = json.loads(whole)
    return SessionRecord(**{**fields, "last_seen_at": float(seen), "expires_at": float(ends)})
