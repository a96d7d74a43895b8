-- Leases a conversation with undelivered words to one relay.
-- KEYS: state, outbox of the door, replay
-- ARGV: conversation id, door, lease, now (ms), until (ms)
-- Returns nil when nothing is due or another relay is at it, else
-- {delivered, last seq, tries, seq to say again or '', customer id, visitor id}
local due = redis.call('ZSCORE', KEYS[2], ARGV[1])
local state = redis.call('HMGET', KEYS[1],
  'door', 'delivered', 'seq', 'delivery_tries', 'customer_id', 'visitor_id', 'delivery_lease')
if not due or (tonumber(due) > tonumber(ARGV[4]) and state[7] ~= ARGV[3]) then
  return nil
end
-- Erased meanwhile, or read at another door now: nothing is owed here, and nothing is written.
if state[1] ~= ARGV[2] or not state[2] then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return nil
end
redis.call('HSET', KEYS[1], 'delivery_lease', ARGV[3])
redis.call('ZADD', KEYS[2], 'XX', ARGV[5], ARGV[1])
local again = redis.call('ZRANGE', KEYS[3], 0, 0)[1] or ''
return {state[2], state[3], state[4] or '0', again, state[5] or '', state[6] or ''}
