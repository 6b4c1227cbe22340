import { bumpGeneration, connectRedis } from '../src/index.ts';

/** Where `npm start` has its Redis. */
const EMBEDDED = 'redis://localhost:16379';

/** `npm run cache:invalidate -- products reviews`: whatever gateways and these subgraphs cached is no longer used, from the next request on. */
async function main(): Promise<void> {
  const names = process.argv.slice(2);
  if (names.length === 0 || names.some((name) => !/^[\w-]{1,64}$/.test(name)))
    throw new Error('Name the subgraphs whose answers are to be forgotten: npm run cache:invalidate -- products reviews');
  const redis = connectRedis(process.env['REDIS_URL'] ?? EMBEDDED);
  try {
    await new Promise<void>((resolve, reject) => redis.once('ready', resolve).once('error', reject));
    for (const name of names) await bumpGeneration(redis, name);
    process.stdout.write(`Forgotten: ${names.join(', ')}.\n`);
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
