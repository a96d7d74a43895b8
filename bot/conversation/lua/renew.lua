-- Prolongs a lease that is still held.
-- KEYS: state, ready   ARGV: conversation id, fence, until (ms)   Returns 1 or 0
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return 0
end
redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
return 1
