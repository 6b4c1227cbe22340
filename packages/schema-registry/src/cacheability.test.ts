import { describe, expect, test } from 'vitest';
import { check, type RegisteredOperation, type SubgraphSource } from './index.ts';

const source = (sdl: string): SubgraphSource => ({
  name: 'shop',
  url: 'http://shop',
  file: 'shop.graphql',
  sdl: `directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
enum CacheControlScope { PUBLIC PRIVATE }
type Query { me: Account item: Item @cacheControl(maxAge: 60) }
type Account @cacheControl(maxAge: 30, scope: PRIVATE) { name: String email: String @cacheControl(scope: PRIVATE) seen: String }
type Item @cacheControl(maxAge: 30) { title: String owner: Account stock: Int @cacheControl(maxAge: 5) }
${sdl}`,
});
const operations: RegisteredOperation[] = [
  { name: 'Me', document: '{ me { email } item { stock } }', hash: 'm', clients: ['web@1'], lastSeen: null },
];

/** What a change of the text brings for caches. */
async function changed(from: string, to: string): Promise<(string | undefined)[][]> {
  const base = source('');
  expect(base.sdl).toContain(from);
  const next = { ...base, sdl: base.sdl.replace(from, to) };
  const findings = await check({ base: [base], changed: [next], operations, approvals: [], today: new Date('2026-11-20') });
  return findings
    .filter(({ code }) => code.startsWith('CACHE_'))
    .map(({ severity, code, coordinate, message }) => [severity, code, coordinate, message]);
}

test('what was one caller’s own and may now be shared fails the check', async () => {
  const message = 'Answers with Account were kept for one caller and may now be shared with everybody.';
  expect(await changed('maxAge: 30, scope: PRIVATE', 'maxAge: 30')).toEqual([['error', 'CACHE_SCOPE_WIDENED', 'Account', message]]);
  expect(await changed('maxAge: 30, scope: PRIVATE', 'maxAge: 30, scope: PUBLIC')).toEqual([
    ['error', 'CACHE_SCOPE_WIDENED', 'Account', message],
  ]);
});

test('what was private by the type that it returns is shared when that type no longer says so', async () => {
  const mine = 'owned: Account @cacheControl(maxAge: 60)';
  const base = source(`extend type Query { ${mine} }`);
  const next = { ...base, sdl: base.sdl.replace('@cacheControl(maxAge: 30, scope: PRIVATE)', '') };
  const findings = await check({ base: [base], changed: [next], operations, approvals: [], today: new Date('2026-11-20') });
  expect(findings.filter(({ code }) => code === 'CACHE_SCOPE_WIDENED')).toMatchObject([{ severity: 'error', coordinate: 'Query.owned' }]);
});

describe('a field that another subgraph answers from now on', () => {
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override", "@shareable", "@external", "@requires"])\n';
  const definitions = `directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
enum CacheControlScope { PUBLIC PRIVATE }\n`;
  const subgraph = (name: string, sdl: string): SubgraphSource => ({
    name,
    url: `http://${name}`,
    file: `${name}.graphql`,
    sdl: link + definitions + sdl,
  });
  const shared = '@cacheControl(maxAge: 60)';
  const accounts = (fields: string) =>
    subgraph(
      'accounts',
      `type Query { me: Account } type Account @key(fields: "id") @cacheControl(maxAge: 60, scope: PRIVATE) { id: ID! ${fields} }`,
    );
  const profiles = (fields: string) => subgraph('profiles', `type Account @key(fields: "id") ${shared} { id: ID! ${fields} }`);
  const email = 'email: String @cacheControl(scope: PRIVATE)';
  const widened = async (base: SubgraphSource[], changed: SubgraphSource[]) =>
    (await check({ base, changed, operations, approvals: [], today: new Date('2026-11-20') }))
      .filter(({ code }) => code === 'CACHE_SCOPE_WIDENED')
      .map(({ severity, coordinate }) => [severity, coordinate]);

  test.each<[string, SubgraphSource[], SubgraphSource[], unknown[]]>([
    [
      'is told when it was private there',
      [accounts(email), profiles('a: Int')],
      [accounts(''), profiles('a: Int email: String')],
      ['Account.email'],
    ],
    [
      'by an override too',
      [accounts(email), profiles('a: Int')],
      [profiles('a: Int email: String @override(from: "accounts")')],
      ['Account.email'],
    ],
    ['to a new subgraph too', [accounts(email)], [accounts(''), profiles('email: String')], ['Account.email']],
    [
      'also when the type was what is private',
      [accounts('email: String'), profiles('a: Int')],
      [accounts(''), profiles('a: Int email: String')],
      ['Account.email'],
    ],
    [
      'also beside the one where it is private',
      [accounts(`${email} @shareable`), profiles('a: Int')],
      [profiles('a: Int email: String @shareable')],
      ['Account.email'],
    ],
    ['and not when it is private here', [accounts(email), profiles('a: Int')], [accounts(''), profiles(`a: Int ${email}`)], []],
    [
      'nor when it is only required',
      [accounts(email), profiles('a: Int')],
      [profiles('a: Int email: String @external b: Int @requires(fields: "email")')],
      [],
    ],
    ['nor when it is only a key of both', [accounts('')], [profiles('a: Int')], []],
  ])('%s', async (_name, base, changed, expected) => {
    expect(await widened(base, changed)).toEqual(expected.map((coordinate) => ['error', coordinate]));
  });
});

test('a leaf without its hint is kept as long as the rest: losing PRIVATE shares it', async () => {
  expect(await changed(' @cacheControl(scope: PRIVATE) seen', ' seen')).toEqual([
    ['error', 'CACHE_SCOPE_WIDENED', 'Account.email', expect.stringContaining('shared with everybody')],
  ]);
});

test('a type without its hint is not kept at all: nothing is shared', async () => {
  expect(await changed(' @cacheControl(maxAge: 30, scope: PRIVATE)', '')).toEqual([
    ['warning', 'CACHE_MAX_AGE_LOWERED', 'Account', 'Answers with Account are kept shorter: 30 s before, not at all now.'],
  ]);
});

test('a shorter life is a warning for those who ask, a longer one a note, a private one a warning', async () => {
  expect(await changed('stock: Int @cacheControl(maxAge: 5)', 'stock: Int @cacheControl(maxAge: 1)')).toEqual([
    ['warning', 'CACHE_MAX_AGE_LOWERED', 'Item.stock', 'Answers with Item.stock are kept shorter: 5 s before, 1 s now.'],
  ]);
  expect(await changed('stock: Int @cacheControl(maxAge: 5)', 'stock: Int')).toEqual([
    [
      'info',
      'CACHE_MAX_AGE_RAISED',
      'Item.stock',
      'Answers with Item.stock may be older: 5 s before, as long as the rest of the answer now.',
    ],
  ]);
  expect(await changed('seen: String', 'seen: String @cacheControl(maxAge: 1)')).toEqual([
    ['info', 'CACHE_MAX_AGE_LOWERED', 'Account.seen', expect.stringContaining('as long as the rest of the answer before, 1 s now')],
  ]);
  expect(await changed('item: Item @cacheControl(maxAge: 60)', 'item: Item @cacheControl(maxAge: 60, scope: PRIVATE)')).toEqual([
    ['warning', 'CACHE_SCOPE_NARROWED', 'Query.item', 'Answers with Query.item were shared and are now kept for each caller.'],
  ]);
});

test('a field falls back to the hint of the type that it returns', async () => {
  expect(await changed('item: Item @cacheControl(maxAge: 60)', 'item: Item')).toEqual([
    ['warning', 'CACHE_MAX_AGE_LOWERED', 'Query.item', 'Answers with Query.item are kept shorter: 60 s before, 30 s now.'],
  ]);
});

test('hints that stay, and hints of what is new or gone, are not mentioned', async () => {
  expect(await changed('title: String', 'title: String @deprecated(reason: "x") subtitle: String @cacheControl(maxAge: 1)')).toEqual([]);
  expect(await changed('stock: Int @cacheControl(maxAge: 5)', '')).toEqual([]);
});
