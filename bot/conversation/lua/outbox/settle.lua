-- Ends with one word, delivered or dead, and goes on to the next under a fresh lease.
-- KEYS: state, outbox of the door, replay, dead, conversations with dead letters
-- ARGV: conversation id, lease, seq, now (ms), until (ms), JSON of the dead letter or '',
--       conversation seconds
-- Returns nil when the lease was lost or nothing is left, else
-- {delivered, last seq, seq to say again or ''}
local state = redis.call('HMGET', KEYS[1], 'delivery_lease', 'delivered', 'seq')
local delivered, seq = tonumber(state[2]), tonumber(ARGV[3])
if state[1] ~= ARGV[2] or not delivered then
  return nil
end
if seq > delivered then
  redis.call('HSET', KEYS[1], 'delivered', seq)
  delivered = seq
else
  redis.call('ZREM', KEYS[3], seq)
end
redis.call('HDEL', KEYS[1], 'delivery_tries')
if ARGV[6] ~= '' then
  -- The words behind a dead one go on: a shopper who misses one reply must not miss all the others.
  redis.call('HSET', KEYS[4], seq, ARGV[6])
  redis.call('EXPIRE', KEYS[4], ARGV[7])
  redis.call('ZADD', KEYS[5], ARGV[4], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', tonumber(ARGV[4]) - tonumber(ARGV[7]) * 1000)
end
local again = redis.call('ZRANGE', KEYS[3], 0, 0)[1] or ''
if again == '' and delivered >= tonumber(state[3]) then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[1], 'delivery_lease')
  return nil
end
redis.call('ZADD', KEYS[2], 'XX', ARGV[5], ARGV[1])
return {tostring(delivered), state[3], again}
