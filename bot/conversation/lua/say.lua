-- Lets a person or the system speak, if the conversation's owner is as expected.
-- KEYS: state, transcript, message (for once-only), prefix of the outboxes
-- ARGV: conversation id, expected owner or '', expected agent or '', entry (JSON without seq),
--       events channel, conversation seconds, message seconds, now (ms)
-- Returns seq, or 0 when somebody else owns the conversation
local before = redis.call('HGET', KEYS[3], 'seq')
if before then
  return tonumber(before)
end
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then return 0 end
if ARGV[3] ~= '' and redis.call('HGET', KEYS[1], 'agent') ~= ARGV[3] then return 0 end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('XADD', KEYS[2], seq .. '-0', 'entry', ARGV[4])
redis.call('HSET', KEYS[3], 'seq', seq)
redis.call('EXPIRE', KEYS[3], ARGV[7])
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ARGV[6]) end
if redis.call('HEXISTS', KEYS[1], 'delivered') == 1 then
  redis.call('ZADD', KEYS[4] .. redis.call('HGET', KEYS[1], 'door'), 'NX', ARGV[8], ARGV[1])
end
redis.call('PUBLISH', ARGV[5], ARGV[1] .. '|' .. cjson.encode({kind = 'entry', seq = seq}))
return seq
