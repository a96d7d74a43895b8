-- Puts a conversation's dead letters back into the outbox, under their old delivery ids.
-- KEYS: state, prefix of the outboxes, replay, dead, conversations with dead letters
-- ARGV: conversation id, now (ms), conversation seconds
-- Returns how many; 0 also when no door is pushed to any more
local state = redis.call('HMGET', KEYS[1], 'door', 'delivered', 'delivery_lease')
if not state[1] or not state[2] then
  return 0
end
local numbers = redis.call('HKEYS', KEYS[4])
if #numbers == 0 then
  return 0
end
for _, seq in ipairs(numbers) do
  redis.call('ZADD', KEYS[3], seq, seq)
end
redis.call('DEL', KEYS[4])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('EXPIRE', KEYS[3], ARGV[3])
redis.call('HDEL', KEYS[1], 'delivery_tries')
local outbox = KEYS[2] .. state[1]
-- A relay that is sending goes on by itself; two at once could overtake each other.
if state[3] then
  redis.call('ZADD', outbox, 'NX', ARGV[2], ARGV[1])
else
  redis.call('ZADD', outbox, ARGV[2], ARGV[1])
end
return #numbers
