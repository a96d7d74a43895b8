-- Gives a lease back after a failed try; the conversation rests until it may be tried again.
-- KEYS: state, outbox of the door   ARGV: conversation id, lease, until (ms)   Returns 1 or 0
if redis.call('HGET', KEYS[1], 'delivery_lease') ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[1], 'delivery_lease')
redis.call('HINCRBY', KEYS[1], 'delivery_tries', 1)
redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
return 1
