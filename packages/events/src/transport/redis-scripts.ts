/**
 * The Lua scripts of the Redis transport. All keys of one source carry the hash tag {source},
 * so that a script stays on one node of a Redis Cluster.
 */

/**
 * KEYS: end, partition streams. ARGV: after, maxLength, then triples of (stream index, position, event).
 * Entry ids are positions, so an entry that survived a partial loss is refused as "equal or smaller": already there.
 */
export const APPEND = `
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
if last ~= tonumber(ARGV[1]) then return last end
for i = 3, #ARGV, 3 do
  local reply = redis.pcall('XADD', KEYS[1 + tonumber(ARGV[i])], 'MAXLEN', '~', ARGV[2], ARGV[i + 1] .. '-0', 'event', ARGV[i + 2])
  if type(reply) == 'table' and reply.err and not string.find(reply.err, 'equal or smaller', 1, true) then
    return redis.error_reply(reply.err)
  end
  last = tonumber(ARGV[i + 1])
end
redis.call('SET', KEYS[1], string.format('%.0f', last))
return last`;

/** KEYS: lease, fence counter, offset. ARGV: owner, ttl. Answers {fence, committed}, or nothing when another owns it. */
export const LEASE = `
local held = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if held[1] and held[1] ~= ARGV[1] then return false end
local fence = held[2]
if not held[1] then
  fence = redis.call('INCR', KEYS[2])
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', fence)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {tonumber(fence), redis.call('GET', KEYS[3]) or '0'}`;

/** KEYS: lease, offset. ARGV: owner, fence, position. Answers 1 when the lease still holds. */
export const COMMIT = `
local held = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end
if tonumber(ARGV[3]) > tonumber(redis.call('GET', KEYS[2]) or '0') then redis.call('SET', KEYS[2], ARGV[3]) end
return 1`;

/** KEYS: lease. ARGV: owner, fence. */
export const RELEASE = `
local held = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if held[1] == ARGV[1] and held[2] == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1`;
