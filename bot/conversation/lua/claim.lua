-- Leases a conversation to one worker and shows it the messages of the next turn: the oldest one,
-- and as long as that is a fragment, the next ones too.
-- KEYS: state, inbox, ready, transcript
-- ARGV: conversation id, now (ms), lease (ms), most messages of a turn
-- Returns nil when there is nothing to do or somebody else is at it,
-- else {fence, state fields..., messages '<seq>|<kind>|<message id>'..., entries...}
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[2]) then
  return nil
end
-- It is being erased: what waits goes with the rest.
if tonumber(redis.call('HGET', KEYS[1], 'erasing_until') or 0) > tonumber(ARGV[2]) then return nil end
-- A turn that was begun and not ended is begun again with the same messages, so that the assistant
-- knows it by the last one's id.
local begun = tonumber(redis.call('HGET', KEYS[1], 'batch'))
local items = redis.call('LRANGE', KEYS[2], 0, (begun or tonumber(ARGV[4])) - 1)
if #items == 0 then
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('HDEL', KEYS[1], 'leased', 'batch', 'burst_until')
  return nil
end
local batch = begun or 1
if not begun then
  while batch < #items and string.find(items[batch], '|fragment|', 1, true)
    and not string.find(items[batch + 1], '|alone|', 1, true) do
    batch = batch + 1
  end
end
local messages, entries = {}, {}
for i = 1, batch do
  messages[i] = items[i]
  local seq = string.match(items[i], '^(%d+)|') .. '-0'
  local found = redis.call('XRANGE', KEYS[4], seq, seq)
  entries[i] = found[1] and found[1][2][2] or ''
end
redis.call('ZADD', KEYS[3], tonumber(ARGV[2]) + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[1], 'leased', '1', 'batch', batch)
local fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
return {fence, redis.call('HGETALL', KEYS[1]), messages, entries}
