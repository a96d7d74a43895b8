-- What a turn begins with: its answer if it was given already, else where the dialogue stands.
-- KEYS: tracker, answer   ARGV: version that the caller has in memory, or -1
-- Returns {answer or false, version, rows...}; no rows when the caller's version is the stored one
local answer = redis.call('GET', KEYS[2])
if answer then return {answer, 0} end
local last = redis.call('LINDEX', KEYS[1], -1)
local version = last and string.match(last, '^(%d+)|') or '0'
if version == ARGV[1] then return {false, tonumber(version)} end
local opened = {false, tonumber(version)}
for _, row in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  opened[#opened + 1] = row
end
return opened
