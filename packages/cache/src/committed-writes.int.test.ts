import { ApolloServer } from '@apollo/server';
import { type TestDatabase, testDatabase, testRedis } from '@app/testing';
import type { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AnnouncedWrites } from './announced-writes.ts';
import { CommittedWrites, followCommits } from './committed-writes.ts';
import { connectRedis } from './redis.ts';
import { readWritesOf, type WritesReading } from './writes.ts';

const owned = new AsyncDisposableStack();
let database: TestDatabase;
let redis: Redis;
/** Where marks are set. */
let own: Client;
/** Somebody else who commits. */
let other: Client;
let notify: (channel: string, payload: string) => Promise<unknown>;
let committed: CommittedWrites;

beforeAll(async () => {
  database = owned.use(await testDatabase());
  const { url } = owned.use(await testRedis());
  redis = owned.adopt(
    connectRedis(url, () => undefined),
    (connection) => connection.disconnect(),
  );
  [own, other] = [1, 2].map(() => owned.adopt(new Client({ connectionString: database.url }), (client) => client.end())) as [
    Client,
    Client,
  ];
  await Promise.all([own.connect(), other.connect()]);
  committed = owned.adopt(
    new CommittedWrites({
      url: database.url,
      applicationName: 'hears-commits',
      channel: 'written',
      notify: (channel, payload) => notify(channel, payload),
      writes: new AnnouncedWrites({ redis, subgraph: 'shop', onError: () => undefined }),
      onTrouble: () => undefined,
    }),
    (one) => one.close(),
  );
});
beforeEach(async () => {
  notify = (channel, payload) => own.query('SELECT pg_notify($1, $2)', [channel, payload]);
  await expect.poll(() => committed.isListening, { timeout: 10_000 }).toBe(true);
  await expect.poll(() => committed.isOwing, { timeout: 10_000 }).toBe(false);
  await committed.caughtUp();
});
afterAll(() => owned.disposeAsync());

const read = (): Promise<WritesReading> => readWritesOf(redis, 'shop', ['a', 'b', 'c']);
const write = (tags: string) => other.query('SELECT pg_notify($1, $2)', ['written', tags]);

test('what somebody committed is known when one has caught up, one commit as one write', async () => {
  const before = await read();
  await other.query('BEGIN');
  await write('a b');
  await write('b c');
  await committed.caughtUp();
  expect((await read()).count).toBe(before.count);
  await other.query('COMMIT');
  await committed.caughtUp();
  const { epoch, count, tagsAt } = await read();
  expect([epoch, count, [...tagsAt.values()]]).toEqual([before.epoch, before.count + 1, Array(3).fill(before.count + 1)]);
});

test('what was rolled back is not told', async () => {
  const before = await read();
  await other.query('BEGIN');
  await write('a');
  await other.query('ROLLBACK');
  await committed.caughtUp();
  expect(await read()).toEqual(before);
});

test('a thousand commits at once are all known', async () => {
  const tags = Array.from({ length: 1_000 }, (_, n) => `tag-${n}`);
  await Promise.all(tags.map(write));
  await committed.caughtUp();
  const { tagsAt } = await readWritesOf(redis, 'shop', tags);
  expect([...tagsAt.values()].filter((count) => count === 0)).toEqual([]);
});

test('what was told is not kept', async () => {
  await write('a');
  await committed.caughtUp();
  await write('b');
  await committed.caughtUp();
  expect(await committed['telling']).toBeUndefined();
});

test('very many tags in one commit are known, if need be as everything', async () => {
  const before = await read();
  await other.query(`SELECT pg_notify('written', 'many-' || n) FROM generate_series(1, 5000) n`);
  await committed.caughtUp();
  const { epoch, tagsAt } = await readWritesOf(redis, 'shop', ['many-1', 'many-2500', 'many-5000']);
  expect(epoch !== before.epoch || [...tagsAt.values()].every((at) => at > before.count)).toBe(true);
});

test('everything is forgotten when nothing is heard any more, and once more when it is', async () => {
  const { epoch } = await read();
  await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hears-commits'`);
  await expect.poll(() => committed.isListening).toBe(false);
  await expect.poll(async () => (await read()).epoch).not.toBe(epoch);
  const { epoch: lost } = await read();
  await write('a');
  await expect.poll(() => committed.isListening, { timeout: 10_000 }).toBe(true);
  await committed.caughtUp();
  expect((await read()).epoch).not.toBe(lost);
});

test('who cannot catch up makes caches forget everything', async () => {
  for (const broken of [() => Promise.reject(new Error('no connection')), () => Promise.resolve()]) {
    const { epoch } = await read();
    notify = broken;
    await committed.caughtUp();
    expect((await read()).epoch).not.toBe(epoch);
  }
});

test('answers may be kept while commits are heard of, and a mutation is answered when caches know of it', async () => {
  const policies: (string | undefined)[] = [];
  const serverWith = (heard: CommittedWrites | undefined) =>
    new ApolloServer({
      typeDefs: `
        enum CacheControlScope { PUBLIC PRIVATE }
        directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION
        type Query { one: Int @cacheControl(maxAge: 60) }
        type Mutation { write: Int }`,
      resolvers: { Query: { one: () => 1 }, Mutation: { write: () => write('c').then(() => 1) } },
      plugins: [
        followCommits(heard),
        {
          requestDidStart: async () => ({
            willSendResponse: async ({ overallCachePolicy }) =>
              void policies.push(overallCachePolicy.policyIfCacheable()?.maxAge.toString()),
          }),
        },
      ],
    });
  await serverWith(committed).executeOperation({ query: '{ one }' });
  await serverWith(undefined).executeOperation({ query: '{ one }' });
  expect(policies).toEqual(['60', undefined]);
  const { count } = await read();
  await serverWith(committed).executeOperation({ query: 'mutation { write }' });
  expect((await read()).tagsAt.get('c')).toBe(count + 1);
});
