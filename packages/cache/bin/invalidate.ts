import { parseArgs } from 'node:util';
import { bumpGeneration, connectRedis } from '../src/index.ts';

/** Where `npm start` has its Redis. */
const EMBEDDED = 'redis://localhost:16379';

const usage = `npm run cache:invalidate -- products reviews                        everything of these subgraphs
npm run cache:invalidate -- products --tag product-1 --tag menu     what depends on one of these tags
npm run cache:invalidate -- products --type Product                 entities of these types, root fields with --type Query`;

/** What gateways cached of it, and whatever these subgraphs themselves cached, is no longer used, from the next request on. */
async function main(): Promise<void> {
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: { tag: { type: 'string', multiple: true, default: [] }, type: { type: 'string', multiple: true, default: [] } },
  });
  if (names.length === 0 || names.some((name) => !/^[\w-]{1,64}$/.test(name)))
    throw new Error(`Name the subgraphs whose answers are to be forgotten:\n${usage}`);
  const tags = [...values.tag, ...values.type.map((type) => `type:${type}`)];
  const redis = connectRedis(process.env['REDIS_URL'] ?? EMBEDDED, () => undefined);
  try {
    await new Promise<void>((resolve, reject) => redis.once('ready', resolve).once('error', reject));
    for (const name of names) await bumpGeneration(redis, name, tags.length === 0 ? {} : { tags, includesUntagged: false });
    process.stdout.write(`Forgotten: ${names.join(', ')}${tags.length === 0 ? '' : ` (${tags.join(', ')})`}.\n`);
  } finally {
    redis.disconnect();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
