import { expect, test } from 'vitest';
import { check, type Finding, type RegisteredOperation, type SubgraphSource } from './index.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy"])\n`;
const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });

const orders = source(
  'orders',
  `type Query { me: Account @authenticated item: Item pets: [Pet!] audit: [Entry!] @requiresScopes(scopes: [["audit:read"]]) secret: String @policy(policies: [["owner"]]) }
   type Account { orders: [Order!] email: String }
   type Order { total: Int note: String @requiresScopes(scopes: [["orders:read"]]) }
   type Entry { text: String }
   interface Pet { name: String } type Dog implements Pet { name: String chip: String @authenticated } type Cat implements Pet { name: String }
   type Item @key(fields: "id") { id: ID! cost: Int @authenticated name: String }`,
);
const prices = source(
  'prices',
  'type Item @key(fields: "id") { id: ID! cost: Int @external margin: Int @requires(fields: "cost") @authenticated }',
);
const operations: RegisteredOperation[] = [{ name: 'Names', document: '{ item { name } }', hash: 'n', clients: ['web@1'], lastSeen: null }];

/** Access findings of a change, as `code coordinate`. */
async function changed(...edits: (readonly [SubgraphSource, string, string])[]): Promise<Finding[]> {
  const next = edits.map(([subgraph, from, to]) => {
    expect(subgraph.sdl).toContain(from);
    return { ...subgraph, sdl: subgraph.sdl.replace(from, to) };
  });
  const findings = await check({ base: [orders, prices], changed: next, operations, approvals: [], today: new Date('2026-11-20') });
  return findings.filter(({ code, severity }) => code.startsWith('ACCESS_') || (severity === 'error' && !code.includes('REMOVED')));
}
const brief = (findings: readonly Finding[]) => findings.map(({ severity, code, coordinate }) => [severity, code, coordinate]);

test('a protection that is taken away fails, and says who gains what', async () => {
  const findings = await changed([orders, 'me: Account @authenticated', 'me: Account']);
  expect(brief(findings)).toEqual([['error', 'ACCESS_WIDENED', 'Query.me']]);
  expect(findings[0]?.message).toBe(
    'Query.me lets anybody reach Query.me, Account.orders (Query.me → Account.orders), Account.email (Query.me → Account.email), Order.total (Query.me → Account.orders → Order.total), which they did not reach before.',
  );
});

test('a new way to what was only behind protected fields fails too', async () => {
  const findings = await changed([orders, 'item: Item', 'item: Item latest: Order']);
  expect(brief(findings)).toEqual([['error', 'ACCESS_WIDENED', 'Query.latest']]);
  expect(findings[0]?.message).toContain('anybody reach Order.total (Query.latest → Order.total)');
});

test.each<[string, readonly [SubgraphSource, string, string], string]>([
  ['fewer scopes', [orders, '[["orders:read"]]', '[["orders:read"], ["support:read"]]'], 'Order.note'],
  ['a sign-in instead of a scope', [orders, '@requiresScopes(scopes: [["orders:read"]])', '@authenticated'], 'Order.note'],
  ['no policy any more', [orders, ' @policy(policies: [["owner"]])', ''], 'Query.secret'],
  ['a field of a type behind an interface', [orders, 'chip: String @authenticated', 'chip: String'], 'Dog.chip'],
])('%s is a gain', async (_name, edit, coordinate) => {
  expect(brief(await changed(edit))).toEqual([['error', 'ACCESS_WIDENED', coordinate]]);
});

test('with a field that others require, both become public', async () => {
  const findings = await changed(
    [orders, 'cost: Int @authenticated', 'cost: Int'],
    [prices, 'margin: Int @requires(fields: "cost") @authenticated', 'margin: Int @requires(fields: "cost")'],
  );
  expect(brief(findings)).toEqual([
    ['error', 'ACCESS_WIDENED', 'Item.cost'],
    ['error', 'ACCESS_WIDENED', 'Item.margin'],
  ]);
});

test('a loss concerns those who ask for the field, and is a note where nobody does', async () => {
  const used = await changed([orders, 'item: Item', 'item: Item @authenticated']);
  expect(used.map(({ severity, code, coordinate, operations: affected }) => [severity, code, coordinate, affected?.[0]?.name])).toEqual([
    ['warning', 'ACCESS_NARROWED', 'Query.item', 'Names'],
  ]);
  expect(brief(await changed([orders, 'pets: [Pet!]', 'pets: [Pet!] @authenticated']))).toEqual([
    ['info', 'ACCESS_NARROWED', 'Query.pets'],
  ]);
});

test('what changes nothing for anybody is not mentioned: another order of scopes, a new protected field, a removed one', async () => {
  expect(await changed([orders, 'item: Item', 'item: Item more: Item @authenticated'])).toEqual([]);
  expect(await changed([orders, ' audit: [Entry!] @requiresScopes(scopes: [["audit:read"]])', ''])).toEqual([]);
});

test('a gain can be approved, with a reason', async () => {
  const approval = { code: 'ACCESS_WIDENED', coordinate: 'Query.me', reason: 'it is public now', expires: '2027-01-01' };
  const next = { ...orders, sdl: orders.sdl.replace('me: Account @authenticated', 'me: Account') };
  const findings = await check({
    base: [orders, prices],
    changed: [next],
    operations,
    approvals: [approval],
    today: new Date('2026-11-20'),
  });
  expect(findings.find(({ code }) => code === 'ACCESS_WIDENED')).toMatchObject({
    severity: 'warning',
    approvedBecause: 'it is public now',
  });
});

test('a protecting directive that is defined and not imported protects nothing, and fails', async () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
    directive @authenticated on FIELD_DEFINITION
    type Query { hidden: String @authenticated }`;
  const findings = await check({
    base: [orders, prices],
    changed: [{ name: 'more', url: 'http://more', sdl, file: 'more.graphql' }],
    operations,
    approvals: [],
    today: new Date(),
  });
  expect(findings[0]).toMatchObject({ severity: 'error', code: 'PROTECTION_NOT_IMPORTED', place: { file: 'more.graphql', line: 2 } });
});
