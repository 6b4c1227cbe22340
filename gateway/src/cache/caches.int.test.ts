import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { internalTokenHeader, type Role } from '@app/auth';
import { bumpGeneration } from '@app/cache';
import { testRedis } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import type { SubgraphContext, SubgraphSource } from '../testing/test-subgraph.ts';

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 1);
const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@requiresScopes", "@cacheTag"])`;
const owned = new AsyncDisposableStack();
let redis: Redis;
let issuer: TestIssuer;
let shop: Shop;

/** Two subgraphs whose data is counters: every write moves one on, so an answer tells which write it has seen. */
class Shop {
  readonly stock = [0, 0, 0, 0];
  readonly stars = [0, 0, 0, 0];
  /** What resolvers say about the answer; undefined: nothing. */
  policy: string | undefined = 'max-age=60';
  slow = false;
  /** Whether a write says what it concerned. */
  tagsWrites = () => false;

  readonly sources: Readonly<Record<string, SubgraphSource>> = {
    items: {
      sdl: `${link}
        type Query { item(id: Int!): Item @cacheTag(format: "item-{$args.id}") items: [Item!]! whoAmI: String margin: Int @requiresScopes(scopes: [["catalog:write"]]) }
        type Mutation { sell(id: Int!): Int }
        type Item @key(fields: "id") @cacheTag(format: "item-{$key.id}") { id: Int! sold: Int! }`,
      resolvers: {
        Query: {
          item: this.read((id) => ({ id, sold: this.stock[id] }) as object),
          items: this.read(() => this.stock.map((sold, id) => ({ id, sold }))),
          margin: this.read(() => this.stock[0] ?? 0),
          whoAmI: (_parent: unknown, _args: unknown, context: SubgraphContext) => {
            context.cacheControl = 'max-age=60, private';
            return callerOf(context);
          },
        },
        Mutation: { sell: this.write('items', this.stock) },
      },
    },
    ratings: {
      sdl: `${link} type Mutation { rate(id: Int!): Int } type Item @key(fields: "id") @cacheTag(format: "item-{$key.id}") { id: Int! stars: Int broken: String }`,
      resolvers: {
        Mutation: { rate: this.write('ratings', this.stars) },
        Item: {
          __resolveReference: this.reference((id) => (id === 3 ? null : { id, stars: this.stars[id] })),
          broken: ({ id }: { id: number }) => {
            if (id === 1) throw new Error('item 1 is broken');
            return 'fine';
          },
        },
      },
    },
  };

  private read(value: (id: number) => unknown) {
    return async (_parent: unknown, { id }: { id: number }, context: SubgraphContext) => {
      const found = structuredClone(value(id));
      // An answer that was computed before a write may well arrive after it.
      if (this.slow) await sleep(Math.random() * 10);
      if (this.policy !== undefined) context.cacheControl = this.policy;
      return found;
    };
  }

  private reference(value: (id: number) => unknown) {
    const read = this.read(value);
    return (reference: { id: number }, context: SubgraphContext) => read(undefined, reference, context);
  }

  private write(subgraph: string, counters: number[]) {
    return async (_parent: unknown, { id }: { id: number }) => {
      counters[id] = (counters[id] ?? 0) + 1;
      const written = counters[id];
      if (this.slow) await sleep(Math.random() * 5);
      await bumpGeneration(redis, subgraph, this.tagsWrites() ? { tags: [`item-${id}`] } : {});
      return written;
    };
  }
}

function callerOf({ headers }: SubgraphContext): string {
  const [, payload = ''] = String(headers[internalTokenHeader]).split('.');
  return String((JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: string }).sub ?? 'nobody');
}

beforeAll(async () => {
  const { url } = owned.use(await testRedis());
  redis = owned.adopt(new Redis(url), (connection) => connection.disconnect());
  issuer = owned.use(await startTestIssuer());
  console.info(`seed ${seed}`);
});
beforeEach(async () => {
  await redis.flushdb();
  shop = new Shop();
});
afterAll(() => owned.disposeAsync());

type Switches = Readonly<Record<'ENTITY_CACHE' | 'RESPONSE_CACHE', 'true' | 'false'>>;
const keys = `items=${'i'.repeat(32)},ratings=${'r'.repeat(32)}`;

const redisUrl = () => `redis://${redis.options.host}:${redis.options.port}/${redis.options.db ?? 0}`;

/** A gateway that has its connection to Redis: before that it caches nothing. */
async function start(switches: Switches, more: Record<string, string> = {}): Promise<TestGateway> {
  const env = { ...switches, ISSUERS: issuer.config, INTERNAL_KEYS: keys, REDIS_URL: redisUrl(), ...more };
  const graph = await startTestGateway(shop.sources, env);
  if (env.REDIS_URL !== redisUrl()) return graph;
  await vi.waitFor(
    async () => {
      const before = graph.fetches();
      await graph.ask('{ item(id: 0) { id } }');
      expect(graph.fetches()).toBe(before);
    },
    { timeout: 20_000, interval: 20 },
  );
  for (const { seen } of Object.values(graph.subgraphs)) seen.length = 0;
  return graph;
}

const variants: Switches[] = [
  { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'false' },
  { ENTITY_CACHE: 'false', RESPONSE_CACHE: 'true' },
  { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' },
];
const page = '{ items { id sold stars } }';
const as = async (sub: string, ...roles: Role[]) => ({ authorization: `Bearer ${await issuer.token(roles, { claims: { sub } })}` });

describe.each(variants)('with %j', (switches) => {
  test('the same question is answered without asking again, in the same words', async () => {
    await using graph = await start(switches);
    const first = await graph.ask(page);
    const asked = graph.fetches();
    expect((await graph.ask(page)).text).toBe(first.text);
    expect(graph.fetches()).toBe(asked);
    expect(first.data?.['items']).toContainEqual({ id: 3, sold: 0, stars: null });
  });

  test('another gateway process finds it in Redis', async () => {
    await using one = await start(switches);
    const { text } = await one.ask(page);
    // The second has subgraphs of its own elsewhere, so it has the supergraph, and thereby the id of the schema, of the first.
    await using two = await startTestGateway(
      shop.sources,
      {
        ...switches,
        ISSUERS: issuer.config,
        INTERNAL_KEYS: keys,
        REDIS_URL: redisUrl(),
      },
      () => one.gateway.schema.current.sdl,
    );
    await vi.waitFor(
      async () => {
        const before = one.fetches();
        await two.ask('{ item(id: 1) { id } }');
        expect(one.fetches()).toBe(before);
      },
      { timeout: 20_000, interval: 20 },
    );
    const asked = one.fetches();
    expect((await two.ask(page)).text).toBe(text);
    expect([one.fetches(), two.fetches()]).toEqual([asked, 0]);
  });

  test('what may not be reused is asked again: no policy, no-store, errors, mutations', async () => {
    await using graph = await start(switches);
    for (const policy of [undefined, 'no-store', 'max-age=0']) {
      shop.policy = policy;
      const before = graph.fetches();
      await graph.ask(page);
      await graph.ask(page);
      expect(graph.fetches() - before).toBe(4);
    }
    shop.policy = 'max-age=60';
    expect(await graph.ask('mutation { sell(id: 0) }')).toMatchObject({ data: { sell: 1 } });
    expect(await graph.ask('mutation { sell(id: 0) }')).toMatchObject({ data: { sell: 2 } });
    const broken = await graph.ask('{ items { id broken } }');
    expect(broken.errors.map(({ path }) => path)).toEqual([['items', 1, 'broken']]);
    expect(await graph.ask('{ items { id broken } }')).toMatchObject({ data: broken.data, codes: broken.codes });
  });

  test('what expired is asked again', async () => {
    await using graph = await start(switches);
    shop.policy = 'max-age=1';
    await graph.ask(page);
    shop.stock[0] = 7;
    await sleep(1_100);
    expect((await graph.ask(page)).data?.['items']).toContainEqual({ id: 0, sold: 7, stars: 0 });
  });

  test('private answers are for one person; nobody has none', async () => {
    await using graph = await start(switches);
    const before = graph.fetches();
    const [ann, bob] = [await as('usr_ann', 'CUSTOMER'), await as('usr_bob', 'CUSTOMER')];
    for (let n = 0; n < 2; n++) {
      expect(await graph.ask('{ whoAmI }', { headers: ann })).toMatchObject({ data: { whoAmI: 'usr_ann' } });
      expect(await graph.ask('{ whoAmI }', { headers: bob })).toMatchObject({ data: { whoAmI: 'usr_bob' } });
      expect(await graph.ask('{ whoAmI }')).toMatchObject({ data: { whoAmI: 'nobody' } });
    }
    expect(graph.fetches() - before).toBe(4);
  });

  test('a private answer is found the second time that its operation is asked', async () => {
    await using graph = await start(switches);
    const ann = await as('usr_ann', 'CUSTOMER');
    const before = graph.fetches();
    for (let n = 0; n < 3; n++) await graph.ask('{ me: whoAmI }', { headers: ann });
    expect(graph.fetches() - before).toBe(1);
  });

  test('what is public is shared by all with the same rights; what does not say so is not', async () => {
    await using graph = await start(switches);
    const people = [await as('usr_ann', 'CUSTOMER'), await as('usr_bob', 'CUSTOMER'), await as('usr_m', 'CATALOG_MANAGER'), {}];
    const fetchesFor = async (query: string) => {
      const counts: number[] = [];
      for (const headers of [...people, ...people]) {
        const before = graph.fetches();
        await graph.ask(query, { headers });
        counts.push(graph.fetches() - before);
      }
      return counts;
    };
    shop.policy = 'max-age=60, public';
    expect(await fetchesFor('{ items { sold } }')).toEqual([1, 0, 1, 1, 0, 0, 0, 0]);
    shop.policy = 'max-age=60';
    expect(await fetchesFor('{ item(id: 1) { sold } }')).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    shop.policy = 'max-age=60, private';
    expect(await fetchesFor('{ item(id: 2) { sold } }')).toEqual([1, 1, 1, 1, 0, 0, 0, 1]);
  });

  test('who may not see something does not find it in a cache, and what was denied is no answer for others', async () => {
    await using graph = await start(switches);
    const manager = await as('usr_m', 'CATALOG_MANAGER');
    const query = '{ margin items { id } }';
    for (let n = 0; n < 2; n++) {
      expect(await graph.ask(query, { headers: manager })).toMatchObject({ data: { margin: 0 }, codes: [] });
      expect(await graph.ask(query)).toMatchObject({ data: { margin: null }, codes: ['UNAUTHORIZED_FIELD_OR_TYPE'] });
    }
  });

  test('with Redis gone everything is asked and answered', async () => {
    await using graph = await start(switches, { REDIS_URL: 'redis://127.0.0.1:1' });
    await graph.ask(page);
    shop.stock[0] = 9;
    expect((await graph.ask(page)).data?.['items']).toContainEqual({ id: 0, sold: 9, stars: 0 });
  });

  test('without any Redis the process keeps its own, for as long as was allowed', async () => {
    await using graph = await startTestGateway(shop.sources, switches);
    await graph.ask(page);
    const asked = graph.fetches();
    await graph.ask(page);
    expect(graph.fetches()).toBe(asked);
  });

  test('no answer is older than the last write that was answered before it was asked for', { timeout: 60_000 }, async () => {
    await using one = await start(switches);
    await using two = await start(switches, {});
    shop.slow = true;
    const people = [{}, await as('usr_ann', 'CUSTOMER'), await as('usr_m', 'CATALOG_MANAGER')];
    const seen: number[] = [0, 0, 0, 0];
    const rated: number[] = [0, 0, 0, 0];
    let random = seed;
    const next = (below: number) => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (random >>> 12) % below;
    };
    const write = async () => {
      const [id, isRating] = [next(3), next(2) === 0];
      const answer = await (next(2) === 0 ? one : two).ask(`mutation { ${isRating ? 'rate' : 'sell'}(id: ${id}) }`);
      const written = Number(answer.data?.[isRating ? 'rate' : 'sell']);
      const counters = isRating ? rated : seen;
      counters[id] = Math.max(counters[id] ?? 0, written);
    };
    const read = async () => {
      const [atLeast, stars, headers] = [[...seen], [...rated], people[next(3)] ?? {}];
      const query =
        ['{ items { id sold stars } }', `{ item(id: ${next(3)}) { id sold stars } }`, '{ items { id stars } }'][next(3)] ?? page;
      const { data, codes } = await (next(2) === 0 ? one : two).ask(query, { headers });
      expect(codes).toEqual([]);
      for (const item of [data?.['items'] ?? data?.['item']].flat() as { id: number; sold?: number; stars: number | null }[]) {
        if (item.sold !== undefined) expect(item.sold).toBeGreaterThanOrEqual(atLeast[item.id] ?? 0);
        if (item.stars !== null) expect(item.stars).toBeGreaterThanOrEqual(stars[item.id] ?? 0);
      }
    };
    const client = async () => {
      for (let n = 0; n < 60 * rounds; n++) {
        shop.policy = `max-age=60${['', ', public', ', private'][next(3)]}`;
        await (next(10) === 0 ? write() : read());
      }
    };
    shop.tagsWrites = () => next(4) > 0;
    await Promise.all(Array.from({ length: 8 }, client));
    expect(seen.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(5);
  });
});

test('of a list only the entities that are not known are asked for', async () => {
  await using graph = await start({ ENTITY_CACHE: 'true', RESPONSE_CACHE: 'false' });
  await graph.ask('{ item(id: 2) { id stars } }');
  await graph.ask('{ items { id stars } }');
  const ratings = graph.subgraphs['ratings']?.seen ?? [];
  expect(ratings).toHaveLength(2);
  shop.stars[2] = 5;
  await bumpGeneration(redis, 'ratings');
  expect((await graph.ask('{ items { id stars } }')).data?.['items']).toContainEqual({ id: 2, stars: 5 });
  expect(graph.subgraphs['items']?.seen).toHaveLength(2);
});

test('errors name the right entity when only some were asked for, and what was known is still there', async () => {
  await using graph = await start({ ENTITY_CACHE: 'true', RESPONSE_CACHE: 'false' });
  await graph.ask('{ item(id: 0) { id broken } }');
  const answer = await graph.ask('{ items { id broken } }');
  expect(answer.errors.map(({ path }) => path)).toEqual([['items', 1, 'broken']]);
  expect(answer.data?.['items']).toContainEqual({ id: 0, broken: 'fine' });
  const { ratings } = graph.subgraphs;
  if (ratings) ratings.behaviour = 'garbage';
  const partly = await graph.ask('{ items { id broken } }');
  expect(partly.data?.['items']).toEqual([0, 1, 2, 3].map((id) => ({ id, broken: null })));
});

test('npm run cache:invalidate makes gateways forget what came from a subgraph, and says what is wrong with a call', async () => {
  await using graph = await start({ ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' });
  await graph.ask(page);
  shop.stock[0] = 42;
  const script = new URL('../../../packages/cache/bin/invalidate.ts', import.meta.url).pathname;
  const invalidate = async (...names: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...names], { env: { ...process.env, REDIS_URL: redisUrl() } });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  };
  expect((await graph.ask(page)).data?.['items']).toContainEqual({ id: 0, sold: 0, stars: 0 });
  expect(await invalidate('items')).toBe(0);
  expect((await graph.ask(page)).data?.['items']).toContainEqual({ id: 0, sold: 42, stars: 0 });
  expect([await invalidate(), await invalidate('no such name!')]).toEqual([1, 1]);
});
