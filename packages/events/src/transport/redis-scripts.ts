/**
 * The Lua scripts of the Redis transport. All keys of one source carry the hash tag {source},
 * so that a script stays on one node of a Redis Cluster.
 */

/**
 * KEYS: end, partition streams. ARGV: after, maxLength, then triples of (stream index, position, event).
 * Entry ids are positions, so an entry that survived a partial loss is refused as "equal or smaller": already there. So is
 * every event from then on when somebody else put an entry behind the end; it is not there, whether or not that entry still is.
 */
export const APPEND = `
local function reaches(log, position)
  local entry = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  local isJson, event = pcall(cjson.decode, entry and entry[2][2] or '')
  return isJson and type(event) == 'table' and entry[1] == tostring(event.position) .. '-0' and event.position >= tonumber(position)
end
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
if last ~= tonumber(ARGV[1]) then return last end
for i = 3, #ARGV, 3 do
  local log = KEYS[1 + tonumber(ARGV[i])]
  local reply = redis.pcall('XADD', log, 'MAXLEN', '~', ARGV[2], ARGV[i + 1] .. '-0', 'event', ARGV[i + 2])
  if type(reply) == 'table' and reply.err then
    if not string.find(reply.err, 'equal or smaller', 1, true) then return redis.error_reply(reply.err) end
    if not reaches(log, ARGV[i + 1]) then
      return redis.error_reply(log .. ' does not take position ' .. ARGV[i + 1] .. ': somebody else wrote to it; empty the log, and it is filled again')
    end
  end
  last = tonumber(ARGV[i + 1])
end
redis.call('SET', KEYS[1], string.format('%.0f', last))
return last`;

/**
 * KEYS: members, then lease, fence counter and offset of each partition. ARGV: owner, ttl.
 * Gives the owner its fair share: renews what it holds, gives back what is too much, takes what is free.
 * Answers {partition, fence, committed} for each partition it holds now.
 */
export const LEASE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
local partitions = (#KEYS - 1) / 3
local share = math.ceil(partitions / redis.call('ZCARD', KEYS[1]))
local mine, free = {}, {}
for p = 0, partitions - 1 do
  local owner = redis.call('HGET', KEYS[2 + 3 * p], 'owner')
  if not owner then free[#free + 1] = p
  elseif owner == ARGV[1] then
    if #mine < share then mine[#mine + 1] = p else redis.call('DEL', KEYS[2 + 3 * p]) end
  end
end
for _, p in ipairs(free) do
  if #mine >= share then break end
  redis.call('HSET', KEYS[2 + 3 * p], 'owner', ARGV[1], 'fence', redis.call('INCR', KEYS[3 + 3 * p]))
  mine[#mine + 1] = p
end
local leases = {}
for _, p in ipairs(mine) do
  redis.call('PEXPIRE', KEYS[2 + 3 * p], ARGV[2])
  leases[#leases + 1] = {p, tonumber(redis.call('HGET', KEYS[2 + 3 * p], 'fence')), redis.call('GET', KEYS[4 + 3 * p]) or '0'}
end
return leases`;

/** KEYS: lease, offset. ARGV: owner, fence, position. Answers 1 when the lease still holds. */
export const COMMIT = `
local held = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end
if tonumber(ARGV[3]) > tonumber(redis.call('GET', KEYS[2]) or '0') then redis.call('SET', KEYS[2], ARGV[3]) end
return 1`;

/** KEYS: lease, members. ARGV: owner, fence. The owner takes no share any more until it asks for leases again. */
export const RELEASE = `
local held = redis.call('HMGET', KEYS[1], 'owner', 'fence')
if held[1] == ARGV[1] and held[2] == ARGV[2] then redis.call('DEL', KEYS[1]) end
redis.call('ZREM', KEYS[2], ARGV[1])
return 1`;
