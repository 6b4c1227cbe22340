import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import {
  applyApprovals,
  check,
  compose,
  coordinatesOf,
  type Finding,
  formatReport,
  lint,
  type RegisteredOperation,
  type SubgraphSource,
} from './index.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])\n';
const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });
const operation = (name: string, document: string): RegisteredOperation => ({
  name,
  document,
  hash: name,
  clients: ['web@1'],
  lastSeen: '2026-11-01T00:00:00Z',
});
const today = new Date('2026-11-20');

const products = source(
  'products',
  `type Query { product(id: ID!): Product  products(sort: Sort): [Product!]! }
   type Product @key(fields: "id") { id: ID! title: String! size: Size }
   enum Size { S M } enum Sort { NEW OLD }
   input Filter { a: Int } type Mutation { change(filter: Filter): Int }`,
);
const reviews = source('reviews', 'type Product @key(fields: "id") { id: ID! stars: Int } type Query { top: Product }');
const base = [products, reviews];
const operations = [
  operation('Page', 'query Page { product(id: 1) { title size } }'),
  operation('Change', 'mutation Change($f: Filter) { change(filter: $f) }'),
];

const run = (changed: SubgraphSource[], more: Partial<Parameters<typeof check>[0]> = {}) =>
  check({ base, changed, operations, approvals: [], today, ...more });
const found = (findings: readonly Finding[], code: string) =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ severity, coordinate, operations: used }) => [severity, coordinate, used?.map(({ name }) => name)]);
const replaced = (from: string, to: string) => ({ ...products, sdl: products.sdl.replace(from, to) });

test('a field that an operation uses must not go; one that nobody uses may, with a warning', async () => {
  expect(found(await run([replaced('title: String!', '')]), 'FIELD_REMOVED')).toEqual([['error', 'Product.title', ['Page']]]);
  expect(found(await run([{ ...reviews, sdl: reviews.sdl.replace('stars: Int', '') }]), 'FIELD_REMOVED')).toEqual([
    ['warning', 'Product.stars', undefined],
  ]);
});

test('without any recorded operation nothing is known to be unused', async () => {
  expect(found(await run([{ ...reviews, sdl: reviews.sdl.replace('stars: Int', '') }], { operations: [] }), 'FIELD_REMOVED')).toEqual([
    ['error', 'Product.stars', undefined],
  ]);
});

test('a new required argument or input field breaks those who use the field or the type', async () => {
  expect(found(await run([replaced('product(id: ID!)', 'product(id: ID!, locale: String!)')]), 'FIELD_ARGUMENT_ADDED')).toEqual([
    ['error', 'Query.product(locale:)', ['Page']],
  ]);
  expect(found(await run([replaced('input Filter { a: Int }', 'input Filter { a: Int b: Int! }')]), 'INPUT_FIELD_ADDED')).toEqual([
    ['error', 'Filter.b', ['Change']],
  ]);
});

test('a new enum value is a warning where it is read and a note elsewhere', async () => {
  expect(found(await run([replaced('S M', 'S M L')]), 'ENUM_VALUE_ADDED')).toEqual([['warning', 'Size.L', ['Page']]]);
  expect(found(await run([replaced('NEW OLD', 'NEW OLD BEST')]), 'ENUM_VALUE_ADDED')).toEqual([['info', 'Sort.BEST', undefined]]);
  expect(found(await run([replaced('S M', 'S')]), 'ENUM_VALUE_REMOVED')).toEqual([['error', 'Size.M', ['Page']]]);
});

test('two subgraphs that only compose together are checked together', async () => {
  const stock = source('stock', 'type Product @key(fields: "id") { id: ID! left: Int }');
  const moved = { ...products, sdl: products.sdl.replace('size: Size', 'size: Size left: Int') };
  expect((await run([moved, stock]))[0]).toMatchObject({
    severity: 'error',
    code: 'INVALID_FIELD_SHARING',
    place: { file: 'products.graphql', line: expect.any(Number) },
  });
  expect(found(await run([stock]), 'FIELD_ADDED')).toEqual([['info', 'Product.left', undefined]]);
});

test('SDL that is no GraphQL is told with its place', async () => {
  expect((await run([{ ...reviews, sdl: 'type {' }]))[0]).toMatchObject({
    code: 'INVALID_GRAPHQL',
    severity: 'error',
    place: { file: 'reviews.graphql', line: 1, column: 6 },
  });
});

test.each(['type Query { a: E } enum E { A } extend type E { a: Int }', 'scalar Query', 'type Query { a: _Any } scalar _Any'])(
  'SDL that composition throws at is told: %s',
  async (sdl) => {
    expect((await run([source('odd', sdl)]))[0]).toMatchObject({ severity: 'error', code: 'COMPOSITION_ERROR' });
  },
);

test('a first check has nothing to compare with', async () => {
  expect((await run(base, { base: [] })).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a graph that does not compose any more is compared as it was published', async () => {
  const published = compose(base).supergraph ?? '';
  const broken = { ...reviews, sdl: `${reviews.sdl} type Lost { a: Nowhere }` };
  const changed = [replaced('title: String!', ''), reviews];
  const findings = await run(changed, { base: [products, broken], published });
  expect(found(findings, 'FIELD_REMOVED')).toEqual([['error', 'Product.title', ['Page']]]);
});

test('an approval lets one breaking change pass until it expires, and says when it is stale', async () => {
  const changed = [replaced('title: String!', '')];
  const approval = { code: 'FIELD_REMOVED', coordinate: 'Product.title', reason: 'v2 is out', expires: '2026-12-01' };
  const approved = await run(changed, { approvals: [approval] });
  expect(approved.find(({ code }) => code === 'FIELD_REMOVED')).toMatchObject({ severity: 'warning', approvedBecause: 'v2 is out' });
  const expired = await run(changed, { approvals: [{ ...approval, expires: '2026-11-01' }] });
  expect(expired.map(({ code }) => code)).toEqual(expect.arrayContaining(['FIELD_REMOVED', 'APPROVAL_EXPIRED']));
  expect(expired[0]?.severity).toBe('error');
  const onItsDay = await run(changed, { approvals: [{ ...approval, expires: '2026-11-20' }], today: new Date('2026-11-20T17:00:00Z') });
  expect(onItsDay.find(({ code }) => code === 'FIELD_REMOVED')).toMatchObject({ severity: 'warning' });
  const onTheNext = await run(changed, { approvals: [{ ...approval, expires: '2026-11-20' }], today: new Date('2026-11-21T00:00:00Z') });
  expect(onTheNext.find(({ code }) => code === 'FIELD_REMOVED')).toMatchObject({ severity: 'error' });
  expect(applyApprovals([], [approval], today)).toMatchObject([{ code: 'APPROVAL_UNUSED', severity: 'warning' }]);
});

test('coordinates of an operation include interfaces, their types, arguments and everything in an input', () => {
  const schema = buildSchema(
    'interface Node { id: ID } type A implements Node { id: ID b: B } type B { x(how: How): Int } enum How { FAST } input In { deep: In how: How } type Query { node(in: In): Node a: A }',
  );
  const used = coordinatesOf(parse('query($in: In) { node(in: $in) { id } a { id b { x(how: FAST) } } }'), schema);
  for (const coordinate of ['Node.id', 'A.id', 'A.b', 'B.x', 'B.x(how:)', 'How.FAST', 'In.deep', 'In.how', 'Query.node(in:)', 'How', 'In'])
    expect(used).toContain(coordinate);
});

test('lint finds names, missing descriptions, silent deprecations and lists without pages, with their lines', () => {
  const sdl =
    'type bad { Name: Int @deprecated(reason: "") ok: Int @deprecated(reason: "old") list: ThingConnection! }\nenum E { one }\ntype { ';
  expect(lint({ ...products, sdl })).toEqual([]);
  const codes = lint({ ...products, sdl: sdl.slice(0, -7) }).map(({ code, place }) => [code, place?.line]);
  expect(codes).toEqual([
    ['TYPE_NAME', 1],
    ['FIELD_NAME', 1],
    ['DEPRECATION_WITHOUT_REASON', 1],
    ['DESCRIPTION_MISSING', 1],
    ['CONNECTION_WITHOUT_FIRST', 1],
    ['ENUM_VALUE_NAME', 2],
  ]);
});

test('composition hints are warnings', () => {
  const { findings, supergraph } = compose([
    source('a', 'type Query { a(x: Int): Int @shareable }'.replace('@shareable', '')),
    source('b', 'input I { a: Int } type Query { b(i: I): Int }'),
    source('c', 'input I { a: Int b: Int } type Query { c(i: I): Int }'),
  ]);
  expect(supergraph).toContain('type Query');
  expect(findings).toMatchObject([{ severity: 'warning', code: 'INCONSISTENT_INPUT_OBJECT_FIELD' }]);
});

const findings: Finding[] = [
  {
    severity: 'error',
    code: 'FIELD_REMOVED',
    coordinate: 'Product.title',
    message: "Field 'title' | removed",
    place: { file: 'a,b.graphql', line: 3, column: 5 },
    operations: [{ name: 'Page', clients: ['web@1'], lastSeen: '2026-11-01T00:00:00Z' }],
    wayOut: 'Keep it.',
  },
  { severity: 'warning', code: 'X', message: '100%\nsure', approvedBecause: 'why not' },
  { severity: 'info', code: 'Y', message: 'note' },
];

test('a report reads well in every format', () => {
  expect(formatReport(findings, 'text')).toMatch(
    /^ERROR {3}FIELD_REMOVED Product.title\n.*\n {8}at a,b.graphql:3:5\n {8}used by Page \(web@1, last seen 2026-11-01\)\n {8}→ Keep it.\n[\s\S]*Schema check failed: 1 errors, 1 warnings, 1 notes.\n$/,
  );
  expect(JSON.parse(formatReport(findings, 'json'))).toMatchObject({ ok: false, findings: [{ code: 'FIELD_REMOVED' }, {}, {}] });
  const annotations = formatReport(findings, 'github').split('\n');
  expect(annotations[0]).toBe(
    "::error file=a%2Cb.graphql,line=3,col=5,title=FIELD_REMOVED::Field 'title' | removed%0APage (web@1, last seen 2026-11-01)%0AKeep it.",
  );
  expect(annotations[1]).toBe('::warning title=X::100%25%0Asure');
  expect(formatReport(findings, 'markdown')).toContain(
    "| ❌ FIELD_REMOVED | `Product.title` | Field 'title' \\| removed Keep it. | `Page (web@1, last seen 2026-11-01)` |",
  );
  expect(JSON.parse(formatReport(findings, 'sarif'))).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        results: [
          { level: 'error', locations: [{ physicalLocation: { region: { startLine: 3 } } }] },
          { level: 'warning' },
          { level: 'note' },
        ],
      },
    ],
  });
  expect(formatReport([], 'markdown')).toBe('## Schema check passed: 0 errors, 0 warnings, 0 notes.\n');
});

test('SARIF holds to version 2.1.0: rules by index, levels, URI references, suppressions', () => {
  const placed = { ...findings[0], place: { file: 'sub graphs/a.graphql', line: 3, column: 5 } } as Finding;
  const [run] = (JSON.parse(formatReport([placed, ...findings.slice(1)], 'sarif')) as { runs: SarifRun[] }).runs;
  const { results = [], tool } = run ?? {};
  for (const { ruleId, ruleIndex, level, message } of results) {
    expect(tool?.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(['error', 'warning', 'note']).toContain(level);
    expect(message.text).not.toBe('');
  }
  expect(results[0]?.locations).toEqual([
    {
      physicalLocation: { artifactLocation: { uri: 'sub%20graphs/a.graphql' }, region: { startLine: 3, startColumn: 5 } },
      logicalLocations: [{ fullyQualifiedName: 'Product.title' }],
    },
  ]);
  expect(results[1]).toMatchObject({ suppressions: [{ kind: 'external', justification: 'why not' }], locations: [] });
});

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly unknown[];
  }[];
}

test('a comment on a pull request is no longer than GitHub takes, and says how many findings it leaves out', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ ...findings[0], coordinate: `Type${index}.field` }) as Finding);
  const text = formatReport(many, 'markdown');
  expect(text.length).toBeLessThanOrEqual(65_536);
  const shown = text.split('\n').filter((line) => line.startsWith('| ❌')).length;
  expect(shown).toBeGreaterThan(100);
  expect(text.trimEnd().split('\n').at(-1)).toBe(`… and ${1_000 - shown} more: the log of the check has all of them.`);
});

test('what clients call themselves is text in a comment, and few of many are named', () => {
  const clients = ['[approve](https://evil.example)@1', '![](https://evil.example/a.png)@`|', '@everybody@1'];
  const named = (names: readonly string[]) =>
    formatReport([{ ...findings[0], operations: [{ name: 'Page', clients: names, lastSeen: null }] } as Finding], 'markdown');
  expect(named(clients)).toContain("| `Page ([approve](https://evil.example)@1, ![](https://evil.example/a.png)@'\\|, @everybody@1)` |\n");
  expect(named(Array.from({ length: 300 }, (_, index) => `app@${index}`))).toContain('app@0, app@1, app@2, app@3, app@4 and 295 more)');
});
