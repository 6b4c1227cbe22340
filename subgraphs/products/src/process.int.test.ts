import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { newId } from '@app/database';
import { testDatabase, testRedis } from '@app/testing';
import { expect, test } from 'vitest';
import { openDatabase } from './data/client.ts';
import { auditStock } from './service/housekeeping.ts';
import { reserve } from './service/reserve-stock.ts';
import { productWithStock } from './testing/fixtures.ts';
import { internalKey } from './testing/harness.ts';

/** Runs an entry file as a process and collects what it logs. */
function run(entry: string, env: Record<string, string>): { child: ChildProcess; lines: string[]; ended: Promise<unknown[]> } {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL(entry, import.meta.url).pathname], { env: { ...process.env, ...env } });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n')));
  return { child, lines, ended: once(child, 'exit') };
}

test('server and worker start, do their work and end cleanly on SIGTERM', async () => {
  await using database = await testDatabase('products');
  await using redis = await testRedis();
  const env = {
    PRODUCTS_PORT: '0',
    PRODUCTS_RPC_PORT: '0',
    DATABASE_URL_PRODUCTS: database.url,
    INTERNAL_KEY_PRODUCTS: internalKey,
    REDIS_URL: redis.url,
    WORKER_INTERVAL_SECONDS: '1',
  };
  const db = openDatabase(database.url);
  const { variantIds } = await productWithStock(db, [[1]]);
  const past = {
    db,
    now: () => new Date(Date.now() - 120_000),
    defaultCurrency: 'EUR',
    mediaUrl: '',
    catalogueChanged: () => Promise.resolve(),
  };
  await reserve(past, { orderId: newId('ord'), lines: [{ variantId: variantIds[0] ?? '', quantity: 1 }], ttlSeconds: 60 });

  const [server, worker] = [run('./main.ts', env), run('./worker.ts', env)];
  await expect.poll(() => server.lines.join(''), { timeout: 30_000 }).toContain('products is listening');
  const port = Number(/"port":(\d+)/.exec(server.lines.join(''))?.[1]);
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);

  await expect.poll(() => db.reservation.count(), { timeout: 30_000 }).toBe(0);
  expect(await auditStock(past)).toEqual([]);
  await expect.poll(() => db.event.count({ where: { position: { not: null } } }), { timeout: 30_000 }).toBe(1);

  server.child.kill('SIGTERM');
  worker.child.kill('SIGTERM');
  expect((await server.ended)[0], server.lines.join('\n')).toBe(0);
  expect((await worker.ended)[0], worker.lines.join('\n')).toBe(0);
  await db.$disconnect();
});

test('a wrong variable stops the start with its name', async () => {
  const { lines, ended } = run('./main.ts', { DATABASE_URL_PRODUCTS: 'mysql://x', INTERNAL_KEY_PRODUCTS: 'short' });
  expect((await ended)[0]).not.toBe(0);
  expect(lines.join('\n')).toContain('DATABASE_URL_PRODUCTS');
  expect(lines.join('\n')).toContain('INTERNAL_KEY_PRODUCTS');
});
