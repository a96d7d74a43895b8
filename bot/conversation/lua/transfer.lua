-- Changes who speaks. Every change makes a new version, so that answers begun before are dropped;
-- a change to the assistant begins a new dialogue, so that no half-filled form comes back.
-- KEYS: state
-- ARGV: conversation id, new owner, agent or '', events channel, conversation seconds,
--       allowed present owners...
-- Returns the new version, or 0 when the present owner is not among the allowed
local owner = redis.call('HGET', KEYS[1], 'owner') or 'bot'
local allowed = false
for i = 6, #ARGV do
  if ARGV[i] == owner then allowed = true end
end
if not allowed then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'agent', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
if ARGV[2] == 'bot' then redis.call('HINCRBY', KEYS[1], 'dialogue', 1) end
local version = redis.call('HINCRBY', KEYS[1], 'owner_version', 1)
redis.call('PUBLISH', ARGV[4], ARGV[1] .. '|' .. cjson.encode({
  kind = 'owner', owner = ARGV[2], agent = ARGV[3]}))
return version
