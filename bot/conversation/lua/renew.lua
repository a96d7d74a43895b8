-- Prolongs a lease that is still held; its turn may have ended while this was on its way.
-- KEYS: state, ready   ARGV: conversation id, fence, until (ms)   Returns 1 or 0
local held = redis.call('HMGET', KEYS[1], 'fence', 'leased')
if held[1] ~= ARGV[2] or not held[2] then
  return 0
end
redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
return 1
