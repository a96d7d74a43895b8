-- Ends a turn inside the assistant: the dialogue's new events and the answer, together or not at all.
-- KEYS: conversation state, tracker, answer
-- ARGV: the worker's fence or '' (nobody leases), version that the turn began with, row,
--       rows to keep, tracker seconds, answer, answer seconds
-- Returns 'committed' | 'superseded' (another worker has the message now) | 'stale' (another turn
-- of the dialogue was committed meanwhile)
if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 'superseded' end
local last = redis.call('LINDEX', KEYS[2], -1)
local version = last and string.match(last, '^(%d+)|') or '0'
if version ~= ARGV[2] then return 'stale' end
redis.call('RPUSH', KEYS[2], (tonumber(version) + 1) .. '|' .. ARGV[3])
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[4]), -1)
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('SET', KEYS[3], ARGV[6], 'EX', ARGV[7])
return 'committed'
