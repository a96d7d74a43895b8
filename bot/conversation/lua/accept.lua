-- Stores a shopper's message once and queues it. Nothing is acknowledged before this returned.
-- KEYS: state, transcript, inbox, message, ready, wake
-- ARGV: conversation id, message id, body digest, entry (JSON without seq), now (ms),
--       most waiting, conversation seconds, message seconds, events channel,
--       customer id or '', visitor id or ''
-- Returns {'accepted', seq} | {'known', digest, seq, done seq or ''} | {'full'}
-- Full is also a conversation that is being erased: the shopper's message comes again afterwards.
local known = redis.call('HMGET', KEYS[4], 'digest', 'seq', 'done')
if known[1] then
  return {'known', known[1], known[2], known[3] or ''}
end
local erasing = tonumber(redis.call('HGET', KEYS[1], 'erasing_until') or 0) > tonumber(ARGV[5])
if erasing or redis.call('LLEN', KEYS[3]) >= tonumber(ARGV[6]) then
  return {'full'}
end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('HSETNX', KEYS[1], 'owner', 'bot')
redis.call('HSETNX', KEYS[1], 'owner_version', '0')
redis.call('HSET', KEYS[1], 'customer_id', ARGV[10], 'visitor_id', ARGV[11])
redis.call('XADD', KEYS[2], seq .. '-0', 'entry', ARGV[4])
redis.call('HSET', KEYS[4], 'digest', ARGV[3], 'seq', seq)
redis.call('EXPIRE', KEYS[4], ARGV[8])
redis.call('RPUSH', KEYS[3], seq .. '|' .. ARGV[2])
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[7]) end
redis.call('ZADD', KEYS[5], 'NX', ARGV[5], ARGV[1])
redis.call('LPUSH', KEYS[6], ARGV[1])
redis.call('LTRIM', KEYS[6], 0, 9999)
redis.call('PUBLISH', ARGV[9], cjson.encode({
  conversation_id = ARGV[1], kind = 'entry', seq = seq, entry = ARGV[4]}))
return {'accepted', seq}
