-- Stores a shopper's message once and queues it. Nothing is acknowledged before this returned.
-- When a worker asks for it and nothing stands in the way, the message is leased to it at once.
-- KEYS: state, transcript, inbox, message, ready, wake, limit
-- ARGV: 1 conversation id, 2 message id, 3 body digest, 4 entry (JSON without seq), 5 now (ms),
--       6 most waiting, 7 conversation seconds, 8 message seconds, 9 events channel,
--       10 customer id or '', 11 visitor id or '', 12 door, 13 burst of the limit,
--       14 limit's messages per second, 15 'fragment' | 'whole' | 'alone',
--       16 how long a fragment waits for more (ms), 17 lease (ms), or 0 for no lease,
--       18 '1' when replies are pushed to that door
-- Returns {'known', digest, seq, done seq or '', merged into or ''} | {'full'} | {'limited', ms}
--       | {'accepted', seq, due in (ms)} | {'leased', seq, fence, state fields...}
-- Full is also a conversation that is being erased: the shopper's message comes again afterwards.
local known = redis.call('HMGET', KEYS[4], 'digest', 'seq', 'done', 'merged')
if known[1] then
  return {'known', known[1], known[2], known[3] or '', known[4] or ''}
end
local now = tonumber(ARGV[5])
local waiting = redis.call('LLEN', KEYS[3])
local erasing = tonumber(redis.call('HGET', KEYS[1], 'erasing_until') or 0) > now
if erasing or waiting >= tonumber(ARGV[6]) then
  return {'full'}
end
-- The token bucket of limits.lua; a repeated message has cost nothing.
local capacity, rate = tonumber(ARGV[13]), tonumber(ARGV[14])
local bucket = redis.call('HMGET', KEYS[7], 'tokens', 'at')
local at = tonumber(bucket[2]) or now / 1000
local tokens = math.min(
  capacity, (tonumber(bucket[1]) or capacity) + math.max(0, now / 1000 - at) * rate)
if tokens < 1 then
  return {'limited', math.ceil((1 - tokens) / rate * 1000)}
end
redis.call('HSET', KEYS[7], 'tokens', tostring(tokens - 1), 'at', tostring(now / 1000))
redis.call('EXPIRE', KEYS[7], math.ceil(capacity / rate) + 1)

local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('HSETNX', KEYS[1], 'owner', 'bot')
redis.call('HSETNX', KEYS[1], 'owner_version', '0')
redis.call('HSET', KEYS[1], 'customer_id', ARGV[10], 'visitor_id', ARGV[11], 'door', ARGV[12])
if ARGV[18] == '1' then
  -- Pushing begins here; what was said before was read otherwise.
  redis.call('HSETNX', KEYS[1], 'delivered', seq)
else
  redis.call('HDEL', KEYS[1], 'delivered')
end
redis.call('XADD', KEYS[2], seq .. '-0', 'entry', ARGV[4])
redis.call('HSET', KEYS[4], 'digest', ARGV[3], 'seq', seq)
redis.call('EXPIRE', KEYS[4], ARGV[8])
local kind = ARGV[15]
-- Whoever was just asked something has answered it, however short.
if kind == 'fragment' and redis.call('HGET', KEYS[1], 'asked') then kind = 'whole' end
redis.call('RPUSH', KEYS[3], seq .. '|' .. kind .. '|' .. ARGV[2])
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[7]) end
redis.call('PUBLISH', ARGV[9], ARGV[1] .. '|' .. cjson.encode({kind = 'entry', seq = seq}))

local state = redis.call('HMGET', KEYS[1], 'leased', 'burst_until')
local score = tonumber(redis.call('ZSCORE', KEYS[5], ARGV[1]) or now)
if state[1] and score > now then
  -- A worker is at this conversation; it looks for more when it is done.
  return {'accepted', seq, 0}
end
local due = now
if kind == 'fragment' then
  -- Each fragment prolongs the wait, up to three times the first one's.
  local latest = tonumber(state[2]) or now + 3 * tonumber(ARGV[16])
  if not state[2] then redis.call('HSET', KEYS[1], 'burst_until', latest) end
  due = math.min(now + tonumber(ARGV[16]), latest)
end
if due <= now and waiting == 0 and tonumber(ARGV[17]) > 0 then
  redis.call('ZADD', KEYS[5], now + tonumber(ARGV[17]), ARGV[1])
  redis.call('HSET', KEYS[1], 'leased', '1', 'batch', '1')
  local fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
  return {'leased', seq, fence, redis.call('HGETALL', KEYS[1])}
end
redis.call('ZADD', KEYS[5], due, ARGV[1])
if due <= now then
  redis.call('LPUSH', KEYS[6], ARGV[1])
  redis.call('LTRIM', KEYS[6], 0, 9999)
end
return {'accepted', seq, math.max(0, due - now)}
