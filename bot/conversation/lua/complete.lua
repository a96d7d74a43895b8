-- Ends a turn: its replies enter the transcript and its messages leave the inbox, together.
-- Replies begun under an older owner are dropped, whoever owns the conversation now speaks.
-- KEYS: state, transcript, inbox, ready, wake, answer, prefix of the outboxes, messages of the turn
--       (the last is the answered one)...
-- ARGV: 1 conversation id, 2 fence, 3 owner version, 4 language, 5 number of messages,
--       6 answered message id, 7 now (ms), 8 events channel, 9 conversation seconds,
--       10 '1' when the last reply asks something, replies (JSON without seq)...
-- Returns {'lost'} (another worker has it, or it is done already)
--       | {'more' | 'idle', last seq, replies spoken, owner, agent or ''}
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return {'lost'}
end
local count = tonumber(ARGV[5])
local ids = redis.call('LRANGE', KEYS[3], 0, count - 1)
for i, item in ipairs(ids) do ids[i] = string.match(item, '^%d+|%a+|(.*)$') end
if ids[count] ~= ARGV[6] then
  return {'lost'}
end
local now = redis.call('HMGET', KEYS[1], 'owner_version', 'seq', 'owner', 'agent')
local spoken, last = 0, now[2]
if now[1] == ARGV[3] then
  for i = 11, #ARGV do
    last = redis.call('HINCRBY', KEYS[1], 'seq', 1)
    redis.call('XADD', KEYS[2], last .. '-0', 'entry', ARGV[i])
    spoken = spoken + 1
  end
  if spoken > 0 and redis.call('HEXISTS', KEYS[1], 'delivered') == 1 then
    redis.call('ZADD', KEYS[7] .. redis.call('HGET', KEYS[1], 'door'), 'NX', ARGV[7], ARGV[1])
  end
end
redis.call('HSET', KEYS[1], 'language', ARGV[4], 'last_at', ARGV[7])
redis.call('HDEL', KEYS[1], 'leased', 'batch', 'burst_until', 'asked')
if spoken > 0 and ARGV[10] == '1' then redis.call('HSET', KEYS[1], 'asked', '1') end
redis.call('LTRIM', KEYS[3], count, -1)
for i = 8, #KEYS do
  redis.call('HSET', KEYS[i], 'done', last)
  if i < #KEYS then redis.call('HSET', KEYS[i], 'merged', ARGV[6]) end
  if redis.call('TTL', KEYS[i]) < 0 then redis.call('EXPIRE', KEYS[i], ARGV[9]) end
end
-- Kept only for a turn that is asked for again, which cannot happen any more.
redis.call('DEL', KEYS[6])
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ARGV[9]) end
redis.call('PUBLISH', ARGV[8], ARGV[1] .. '|' .. cjson.encode({
  kind = 'done', message_ids = ids, seq = tonumber(last)}))
local left = 'idle'
if redis.call('LLEN', KEYS[3]) > 0 then
  redis.call('ZADD', KEYS[4], ARGV[7], ARGV[1])
  redis.call('LPUSH', KEYS[5], ARGV[1])
  left = 'more'
else
  redis.call('ZREM', KEYS[4], ARGV[1])
end
return {left, last, spoken, now[3] or 'bot', now[4] or ''}
