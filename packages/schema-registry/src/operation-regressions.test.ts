import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Budgets, check, type Finding, type RegisteredOperation, readBudgets, type SubgraphSource } from './index.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@override", "@cost", "@listSize"])\n`;
const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });
const products = source(
  'products',
  'type Query { products(first: Int = 5): [Product!]! @listSize(slicingArguments: ["first"]) } type Product @key(fields: "id") { id: ID! title: String stars: Int }',
);
const reviews = source('reviews', 'type Product @key(fields: "id") { id: ID! count: Int }');
const operations: RegisteredOperation[] = [
  { name: 'List', document: 'query List { products { title stars } }', hash: 'l', clients: ['web@1'], lastSeen: null },
  { name: 'Gone', document: 'query Gone { nothing }', hash: 'g', clients: [], lastSeen: null },
];

async function grown(changed: SubgraphSource[], budgets: Budgets = {}): Promise<unknown[]> {
  const findings = await check({ base: [products, reviews], changed, operations, approvals: [], budgets, today: new Date() });
  return findings
    .filter(({ code }) => code.startsWith('OPERATION_'))
    .map(({ severity, code, coordinate, message }) => [severity, code, coordinate, message]);
}
const edited = (from: string, to: string): SubgraphSource => ({ ...products, sdl: products.sdl.replace(from, to) });

test('an approval for one operation hides nothing of another that has the same name', async () => {
  const sdl = 'type Query { thing: Thing } union Thing = A | B type A { x: Int gone: Int } type B { x: Int }';
  const shop = (text: string): SubgraphSource => ({ name: 'shop', url: 'http://shop', sdl: text, file: 'shop.graphql' });
  const page = (client: string, document: string): RegisteredOperation => ({
    name: 'Page',
    document,
    hash: client,
    clients: [client],
    lastSeen: null,
  });
  const findings = await check({
    base: [shop(sdl)],
    changed: [shop(sdl.replace(' gone: Int', '').replace('type B { x: Int }', 'type B { x: Int! }'))],
    operations: [
      page('web@1', 'query Page { thing { ... on A { gone } } }'),
      page('ios@1', 'query Page { thing { ... on A { x } ... on B { x } } }'),
    ],
    approvals: [{ code: 'FIELD_REMOVED', coordinate: 'A.gone', reason: 'the web has moved', expires: '2027-01-01' }],
    today: new Date('2026-11-20'),
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code, operations = [] }) => [code, operations.flatMap(({ clients }) => clients)])).toEqual([
    ['OPERATION_INVALID', ['ios@1']],
  ]);
});

test('an operation that costs twice as much fails the check; one that costs a bit more is a warning', async () => {
  expect(await grown([edited('first: Int = 5', 'first: Int = 50')])).toEqual([
    ['error', 'OPERATION_COST_GROWN', 'List', 'List costs 50, before 5.'],
  ]);
  expect(await grown([edited('first: Int = 5', 'first: Int = 6')])).toEqual([
    ['warning', 'OPERATION_COST_GROWN', 'List', 'List costs 6, before 5.'],
  ]);
});

test('a field that moves to another subgraph takes another call, which waits for the first', async () => {
  const moved = { ...reviews, sdl: reviews.sdl.replace('count: Int', 'count: Int stars: Int @override(from: "products")') };
  expect(await grown([moved])).toEqual([
    ['warning', 'OPERATION_FETCHES_GROWN', 'List', 'List needs subgraph calls: 2, before 1.'],
    ['warning', 'OPERATION_DEPTH_GROWN', 'List', 'List waits for calls one after the other: 2, before 1.'],
  ]);
});

test('what goes over its budget fails; a budget of its own goes before that of all', async () => {
  const change = [edited('first: Int = 5', 'first: Int = 6')];
  expect(await grown(change, { '*': { cost: 5 } })).toEqual([
    ['error', 'OPERATION_OVER_BUDGET', 'List', 'List costs 6, before 5; its budget is 5.'],
  ]);
  expect(await grown(change, { '*': { cost: 5 }, List: { cost: 10 } })).toEqual([
    ['warning', 'OPERATION_COST_GROWN', 'List', 'List costs 6, before 5; its budget is 10.'],
  ]);
});

test('when the time is up, the operations that are sent most were looked at, and how many were not is told', async () => {
  const sdl = 'type Query { a(first: Int = 1): [A] @listSize(slicingArguments: ["first"]) gone: Int } type A { b: A }';
  const sent = (name: string, requests: number, document = '{ a { b { b { __typename } } } }'): RegisteredOperation => ({
    name,
    document,
    hash: name,
    clients: ['web@1'],
    lastSeen: '2026-11-19T00:00:00Z',
    requests,
  });
  const run = (planWithinMs: number) =>
    check({
      base: [source('shop', sdl)],
      changed: [source('shop', sdl.replace(' gone: Int', '').replace('= 1', '= 9'))],
      operations: [sent('Rare', 1), sent('Often', 9), sent('Old', 5, '{ gone }')],
      approvals: [],
      today: new Date('2026-11-20'),
      planWithinMs,
    });
  const brief = (findings: readonly Finding[]) => findings.map(({ severity, code, message }) => [severity, code, message]);
  expect(brief(await run(0))).toEqual([
    ['error', 'FIELD_REMOVED', expect.any(String)],
    ['warning', 'OPERATIONS_NOT_PLANNED', 'There was no time for 3 of 3 operations: whether they get dearer is not known.'],
    ['warning', 'FIELD_ARGUMENT_DEFAULT_CHANGED', expect.any(String)],
  ]);
  const looked = (await run(60_000)).filter(({ code }) => code === 'OPERATION_COST_GROWN').map(({ coordinate }) => coordinate);
  expect(looked).toEqual(['Often', 'Rare']);
});

test('what does not grow is not mentioned, also when it is over its budget', async () => {
  expect(await grown([edited('title: String', 'title: String subtitle: String')], { '*': { cost: 1 } })).toEqual([]);
});

test.each<[string, string]>([
  ['- a', 'must map names'],
  ['List: { price: 1 }', '"price" is not one of cost, fetches, depth'],
  ['List: { cost: -1 }', 'cost must be a number from 0'],
  ['"*": { cost: many }', 'cost must be a number from 0'],
])('budgets %s are refused with what is wrong', (text, message) => {
  const file = join(mkdtempSync(join(tmpdir(), 'budgets-')), 'budgets.yaml');
  writeFileSync(file, text);
  expect(() => readBudgets(file)).toThrow(message);
});

test('without a file there are no budgets', () => {
  expect(readBudgets('/nowhere/budgets.yaml')).toEqual({});
});
