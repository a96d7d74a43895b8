-- Forgets a conversation's state except its numbers, which go on: a turn or a dialogue begun before
-- the erasure can never be taken for one begun after it, and pages that are still open, which wait
-- for higher numbers, see what is said next.
-- KEYS: state   ARGV: erasing until (ms), seconds that the numbers are kept
-- Returns 1 when there was more than numbers, else 0
local numbers = redis.call('HMGET', KEYS[1], 'seq', 'fence', 'owner_version', 'dialogue')
local more = redis.call('HEXISTS', KEYS[1], 'owner')
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1],
  'erasing_until', ARGV[1],
  'seq', numbers[1] or 0,
  'fence', (numbers[2] or 0) + 1,
  'owner_version', (numbers[3] or 0) + 1,
  'dialogue', (numbers[4] or 0) + 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return more
