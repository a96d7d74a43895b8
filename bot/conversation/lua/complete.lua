-- Ends a turn: its replies enter the transcript and its message leaves the inbox, together.
-- Replies begun under an older owner are dropped, whoever owns the conversation now speaks.
-- KEYS: state, transcript, inbox, message, ready, wake, prefix of the outboxes
-- ARGV: conversation id, fence, owner version, language, message id, now (ms), events channel,
--       conversation seconds, replies (JSON without seq)...
-- Returns 'lost' (another worker has it, or it is done already) | 'more' | 'idle'
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then
  return 'lost'
end
local head = redis.call('LINDEX', KEYS[3], 0) or ''
if string.sub(head, string.find(head, '|', 1, true) or 1) ~= '|' .. ARGV[5] then
  return 'lost'
end
local speaks = redis.call('HGET', KEYS[1], 'owner_version') == ARGV[3]
local last = redis.call('HGET', KEYS[1], 'seq')
if speaks then
  for i = 9, #ARGV do
    last = redis.call('HINCRBY', KEYS[1], 'seq', 1)
    redis.call('XADD', KEYS[2], last .. '-0', 'entry', ARGV[i])
    redis.call('PUBLISH', ARGV[7], cjson.encode({
      conversation_id = ARGV[1], kind = 'entry', seq = tonumber(last), entry = ARGV[i]}))
  end
  if #ARGV > 8 and redis.call('HEXISTS', KEYS[1], 'delivered') == 1 then
    redis.call('ZADD', KEYS[7] .. redis.call('HGET', KEYS[1], 'door'), 'NX', ARGV[6], ARGV[1])
  end
end
redis.call('HSET', KEYS[1], 'language', ARGV[4], 'last_at', ARGV[6])
redis.call('LPOP', KEYS[3])
redis.call('HSET', KEYS[4], 'done', last)
if redis.call('TTL', KEYS[4]) < 0 then redis.call('EXPIRE', KEYS[4], ARGV[8]) end
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ARGV[8]) end
redis.call('PUBLISH', ARGV[7], cjson.encode({
  conversation_id = ARGV[1], kind = 'done', message_id = ARGV[5]}))
if redis.call('LLEN', KEYS[3]) > 0 then
  redis.call('ZADD', KEYS[5], ARGV[6], ARGV[1])
  redis.call('LPUSH', KEYS[6], ARGV[1])
  return 'more'
end
redis.call('ZREM', KEYS[5], ARGV[1])
return 'idle'
