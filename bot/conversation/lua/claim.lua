-- Leases a conversation to one worker and shows it the oldest waiting message.
-- KEYS: state, inbox, ready
-- ARGV: conversation id, now (ms), lease (ms)
-- Returns nil when there is nothing to do or somebody else is at it,
-- else {fence, '<seq>|<message id>'}
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[2]) then
  return nil
end
-- It is being erased: what waits goes with the rest.
if tonumber(redis.call('HGET', KEYS[1], 'erasing_until') or 0) > tonumber(ARGV[2]) then return nil end
local head = redis.call('LINDEX', KEYS[2], 0)
if not head then
  redis.call('ZREM', KEYS[3], ARGV[1])
  return nil
end
redis.call('ZADD', KEYS[3], tonumber(ARGV[2]) + tonumber(ARGV[3]), ARGV[1])
return {redis.call('HINCRBY', KEYS[1], 'fence', 1), head}
