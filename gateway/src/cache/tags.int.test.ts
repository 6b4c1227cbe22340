import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.ts';
import type { SubgraphContext, SubgraphSource } from '../testing/test-subgraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@cacheTag"])`;
const key = 'a key that nobody guesses';
let policy = 'max-age=60';
/** Answers tell how often they were made. */
let made: Record<string, number> = {};
const count = (name: string) => {
  made[name] = (made[name] ?? 0) + 1;
  return made[name];
};
const said = (context: SubgraphContext, extensions?: Record<string, unknown>) => {
  context.cacheControl = policy;
  if (extensions) context.extensions = extensions;
};

const sources: Readonly<Record<string, SubgraphSource>> = {
  things: {
    sdl: `${link}
      type Query {
        thing(id: ID!, in: Place): Thing @cacheTag(format: "thing-{$args.id}") @cacheTag(format: "place-{$args.in.name}")
        things: [Thing!]!
        sent: Int
        many: Int
      }
      input Place { name: String }
      type Thing @key(fields: "id") { id: ID! name: Int }`,
    resolvers: {
      Query: {
        thing: (_: unknown, { id }: { id: string }, context: SubgraphContext) => {
          said(context);
          return { id, name: count(`thing ${id}`) };
        },
        things: (_: unknown, _args: unknown, context: SubgraphContext) => {
          said(context);
          return [1, 2, 3].map((id) => ({ id, name: count('things') }));
        },
        sent: (_: unknown, _args: unknown, context: SubgraphContext) => {
          said(context, { apolloCacheTags: ['sent-1', 'sent-2'] });
          return count('sent');
        },
        many: (_: unknown, _args: unknown, context: SubgraphContext) => {
          said(context, { apolloCacheTags: Array.from({ length: 600 }, (_tag, index) => `many-${index}`) });
          return count('many');
        },
      },
    },
  },
  stars: {
    sdl: `${link} type Thing @key(fields: "id") @cacheTag(format: "stars-{$key.id}") { id: ID! stars: Int sent: Int }`,
    resolvers: {
      Thing: {
        __resolveReference: (thing: { id: string }, context: SubgraphContext) => {
          said(context);
          return thing;
        },
        stars: ({ id }: { id: string }) => count(`stars ${id}`),
        sent: ({ id }: { id: string }, _args: unknown, context: SubgraphContext) => {
          context.extensions = { apolloEntityCacheTags: [['sent-1'], ['sent-2'], ['sent-3']] };
          return count(`sent ${id}`);
        },
      },
    },
  },
};

const owned = new AsyncDisposableStack();
afterAll(() => owned.disposeAsync());
beforeEach(() => {
  policy = 'max-age=60';
  made = {};
});

async function start(env: Record<string, string>): Promise<TestGateway> {
  return owned.use(await startTestGateway(sources, { INVALIDATION_KEY: key, ...env }));
}

const invalidate = (graph: TestGateway, body: unknown, headers: Record<string, string> = { authorization: key }) =>
  fetch(new URL('/invalidation', graph.gateway.metricsUrl), {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const forgetTag = async (graph: TestGateway, subgraph: string, tag: string) =>
  expect((await invalidate(graph, [{ kind: 'cache_tag', subgraphs: [subgraph], cache_tag: tag }])).status).toBe(202);

const variants = [
  { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'false' },
  { ENTITY_CACHE: 'false', RESPONSE_CACHE: 'true' },
  { ENTITY_CACHE: 'true', RESPONSE_CACHE: 'true' },
];

describe.each(variants)('with %j', (env) => {
  const thing = (graph: TestGateway, id: string) => graph.ask('query($id: ID!) { thing(id: $id) { name } }', { variables: { id } });

  test('a tag of a root field ends the answers with that argument and no others', async () => {
    const graph = await start(env);
    await Promise.all([thing(graph, '1'), thing(graph, '2')]);
    await forgetTag(graph, 'things', 'thing-1');
    expect((await thing(graph, '1')).data).toEqual({ thing: { name: 2 } });
    expect((await thing(graph, '2')).data).toEqual({ thing: { name: 1 } });
  });

  test('a tag of an entity ends what it is part of', async () => {
    const graph = await start(env);
    const all = '{ things { id stars } }';
    await graph.ask(all);
    await forgetTag(graph, 'stars', 'stars-2');
    const stars = (env.ENTITY_CACHE === 'true' ? [1, 2, 1] : [2, 2, 2]).map((number) => ({ stars: number }));
    expect(await graph.ask(all)).toMatchObject({ data: { things: stars } });
    await forgetTag(graph, 'stars', 'stars-9');
    const before = graph.fetches();
    await graph.ask(all);
    expect(graph.fetches()).toBe(before);
  });

  test('tags that a subgraph sends count as much as declared ones', async () => {
    const graph = await start(env);
    await graph.ask('{ sent things { id sent } }');
    await forgetTag(graph, 'things', 'sent-2');
    expect((await graph.ask('{ sent things { id sent } }')).data).toMatchObject({ sent: 2 });
    await forgetTag(graph, 'stars', 'sent-3');
    const asked = made['sent 3'] ?? 0;
    expect(await graph.ask('{ sent things { id sent } }')).toMatchObject({ data: { things: [{}, {}, { sent: asked + 1 }] } });
  });

  test('an answer with more tags than are kept ends with each of them', async () => {
    const graph = await start(env);
    await graph.ask('{ many }');
    expect((await graph.ask('{ many }')).data).toEqual({ many: 1 });
    await forgetTag(graph, 'things', 'many-599');
    expect((await graph.ask('{ many }')).data).toEqual({ many: 2 });
  });

  test('types and whole subgraphs can be forgotten', async () => {
    const graph = await start(env);
    const all = '{ thing(id: 1) { id name stars } }';
    await graph.ask(all);
    await invalidate(graph, [{ kind: 'type', subgraph: 'stars', type: 'Thing' }]);
    expect((await graph.ask(all)).data).toMatchObject({ thing: { stars: 2, name: env.ENTITY_CACHE === 'true' ? 1 : 2 } });
    const asked = made['thing 1'] ?? 0;
    await invalidate(graph, [{ kind: 'subgraph', subgraph: 'things' }]);
    expect((await graph.ask(all)).data).toMatchObject({ thing: { name: asked + 1 } });
  });
});

test('the invalidation endpoint says what is wrong with a call', async () => {
  const graph = await start({ ENTITY_CACHE: 'true' });
  const status = async (body: unknown, headers?: Record<string, string>) => (await invalidate(graph, body, headers)).status;
  expect(await status([{ kind: 'subgraph', subgraph: 'things' }], {})).toBe(401);
  expect(await status([{ kind: 'subgraph', subgraph: 'things' }], { authorization: 'wrong' })).toBe(401);
  const bad: unknown[] = [
    '{',
    {},
    [],
    [{ kind: 'everything' }],
    [{ kind: 'subgraph' }],
    [{ kind: 'type', subgraph: 'things' }],
    [{ kind: 'cache_tag', subgraphs: [], cache_tag: 'x' }],
    [{ kind: 'cache_tag', subgraphs: ['things'], cache_tag: '' }],
    [{ kind: 'subgraph', subgraph: 'things', more: 1 }],
    [{ kind: 'subgraph', subgraph: 'nobody' }],
  ];
  for (const body of bad) expect(await status(body), JSON.stringify(body)).toBe(400);
  expect(await status('x'.repeat(70_000))).toBe(413);
  const text = await (await invalidate(graph, [{ kind: 'subgraph', subgraph: 'nobody' }])).text();
  expect(text).toContain('There is no subgraph nobody: there are stars, things.');
  const get = await fetch(new URL('/invalidation', graph.gateway.metricsUrl));
  expect(get.status).toBe(405);
  await using closed = await startTestGateway(sources);
  expect((await fetch(new URL('/invalidation', closed.gateway.metricsUrl), { method: 'POST' })).status).toBe(404);
});

test('past its time an answer is used while it is asked for anew', async () => {
  const graph = await start({ ENTITY_CACHE: 'true' });
  policy = 'max-age=1, stale-while-revalidate=60';
  const all = '{ thing(id: 7) { name stars } }';
  await graph.ask(all);
  await sleep(1_100);
  expect((await graph.ask(all)).data).toEqual({ thing: { name: 1, stars: 1 } });
  await vi.waitFor(async () => expect((await graph.ask(all)).data).toEqual({ thing: { name: 2, stars: 2 } }), { timeout: 5_000 });
  await sleep(1_100);
  await forgetTag(graph, 'things', 'thing-7');
  expect((await graph.ask(all)).data, 'what was written to is never used').toMatchObject({ thing: { name: 3 } });
});

test('what is asked for anew beside an answer is no call of that answer', async () => {
  const graph = await start({ ENTITY_CACHE: 'true' });
  policy = 'max-age=1, stale-while-revalidate=60';
  await graph.ask('{ thing(id: 6) { name } }');
  await sleep(1_100);
  const { text } = await graph.ask('{ thing(id: 6) { name } }', { headers: { 'x-gateway-inspect': '1' } });
  const { extensions } = JSON.parse(text) as { extensions: { inspection: { fetches: { from: string }[] } } };
  expect(extensions.inspection.fetches.map(({ from }) => from)).toEqual(['cache']);
});

test('when a subgraph is away, what nobody wrote to is used for a while longer', async () => {
  const graph = await start({ ENTITY_CACHE: 'true' });
  policy = 'max-age=1, stale-if-error=60';
  const all = '{ things { id stars } }';
  await graph.ask(all);
  await sleep(1_100);
  const { stars } = graph.subgraphs;
  if (stars) stars.behaviour = 'garbage';
  expect(await graph.ask(all)).toMatchObject({ codes: [], data: { things: [{ stars: 1 }, { stars: 1 }, { stars: 1 }] } });
  await forgetTag(graph, 'stars', 'stars-1');
  expect(await graph.ask(all)).toMatchObject({ data: { things: [{ stars: null }, { stars: null }, { stars: null }] } });
});

test('a subgraph that insists on being asked is asked', async () => {
  const graph = await start({ ENTITY_CACHE: 'true', STALE_WHILE_REVALIDATE: '60' });
  policy = 'max-age=1, must-revalidate';
  await graph.ask('{ thing(id: 8) { name } }');
  await sleep(1_100);
  expect((await graph.ask('{ thing(id: 8) { name } }')).data).toEqual({ thing: { name: 2 } });
});
