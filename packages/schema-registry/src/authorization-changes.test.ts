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
const vaults = source(
  'vaults',
  `type Query {
     vault: Vault @policy(policies: [["owner"]]) ledger: Ledger @requiresScopes(scopes: [["ledger"]])
     depot: Depot @requiresScopes(scopes: [["depot"]]) hall: Hall
   }
   type Vault { code: String @requiresScopes(scopes: [["vault:read"]]) label: String @authenticated key: String @policy(policies: [["holder"]]) }
   type Ledger { page: Page @requiresScopes(scopes: [["page"]]) }
   type Page { line: String @requiresScopes(scopes: [["line"]]) both: String @requiresScopes(scopes: [["line", "both"], ["audit"]]) }
   type Depot @requiresScopes(scopes: [["depot"]]) { place: String size: Int }
   type Hall @authenticated { name: String }`,
);
const operations: RegisteredOperation[] = [{ name: 'Names', document: '{ item { name } }', hash: 'n', clients: ['web@1'], lastSeen: null }];

/** Access findings of a change, as `code coordinate`. */
async function changed(...edits: (readonly [SubgraphSource, string, string])[]): Promise<Finding[]> {
  const next = edits.map(([subgraph, from, to]) => {
    expect(subgraph.sdl).toContain(from);
    return { ...subgraph, sdl: subgraph.sdl.replace(from, to) };
  });
  const findings = await check({ base: [orders, prices, vaults], changed: next, operations, approvals: [], today: new Date('2026-11-20') });
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

test.each<[string, readonly [SubgraphSource, string, string], string, string]>([
  ['a scope beneath a policy', [vaults, ' @requiresScopes(scopes: [["vault:read"]])', ''], 'Vault.code', 'whoever has policy owner'],
  ['a sign-in beneath a policy', [vaults, ' @authenticated', ''], 'Vault.label', 'whoever meets every policy without signing in'],
  ['a policy beneath a policy', [vaults, ' @policy(policies: [["holder"]])', ''], 'Vault.key', 'whoever has policy owner'],
  ['a scope beneath two others', [vaults, ' @requiresScopes(scopes: [["line"]])', ''], 'Page.line', 'whoever has every right but line'],
  ['a scope between two others', [vaults, ' @requiresScopes(scopes: [["page"]])', ''], 'Ledger.page', 'whoever has ledger'],
  [
    'one of two scopes beneath others',
    [vaults, '[["line", "both"], ["audit"]]', '[["line"], ["audit"]]'],
    'Page.both',
    'whoever has every right but audit and both',
  ],
  [
    'another list of scopes beneath others',
    [vaults, '[["line", "both"], ["audit"]]', '[["both", "line"], ["audit"], ["both", "page"]]'],
    'Page.both',
    'whoever has every right but audit and line',
  ],
  ['another policy', [vaults, '[["holder"]]', '[["holder"], ["owner"]]'], 'Vault.key', 'whoever has policy owner'],
])('%s that is given up is a gain', async (_name, edit, coordinate, audience) => {
  const findings = await changed(edit);
  expect(brief(findings)).toEqual([['error', 'ACCESS_WIDENED', coordinate]]);
  expect(findings[0]?.message).toContain(`${coordinate} lets ${audience} reach ${coordinate}`);
});

test('a protection that comes beneath others is a loss', async () => {
  const edit = [
    vaults,
    'page: Page @requiresScopes(scopes: [["page"]])',
    'page: Page @requiresScopes(scopes: [["page", "more"]])',
  ] as const;
  expect(brief(await changed(edit))).toEqual([['info', 'ACCESS_NARROWED', 'Ledger.page']]);
});

test.each<[string, readonly [SubgraphSource, string, string]]>([
  ['another order', [vaults, '[["line", "both"], ["audit"]]', '[["audit"], ["both", "line"]]']],
  ['a list that another one includes', [vaults, '[["line", "both"], ["audit"]]', '[["line", "both"], ["audit"], ["audit", "line"]]']],
  ['a sign-in beside a scope', [vaults, 'line: String', 'line: String @authenticated']],
  [
    'a scope on each field of a type instead of on the type, where the way there needs it too',
    [
      vaults,
      'type Depot @requiresScopes(scopes: [["depot"]]) { place: String size: Int }',
      'type Depot { place: String @requiresScopes(scopes: [["depot"]]) size: Int @requiresScopes(scopes: [["depot"]]) }',
    ],
  ],
])('%s is not mentioned', async (_name, edit) => {
  expect(await changed(edit)).toEqual([]);
});

test('a type that is protected only by its fields lets others learn that there is one', async () => {
  const edit = [vaults, 'type Hall @authenticated { name: String }', 'type Hall { name: String @authenticated }'] as const;
  expect(brief(await changed(edit))).toEqual([['error', 'ACCESS_WIDENED', 'Query.hall']]);
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
