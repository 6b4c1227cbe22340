import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseStore } from './choose-store.ts';
import { runCli } from './cli.ts';

const products = 'type Query { product: Product }\ntype Product { id: ID! title: String! }\n';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schema-'));
  writeFileSync(
    join(folder, 'supergraph.yaml'),
    'subgraphs:\n  products:\n    routing_url: http://products\n    schema: { file: ./products.graphql }\n',
  );
  writeFileSync(join(folder, 'products.graphql'), products);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cli(...args: string[]): Promise<{ code: number; text: string }> {
  const written: string[] = [];
  const base = ['--config', join(folder, 'supergraph.yaml'), '--registry', join(folder, 'registry')];
  const code = await runCli([...args, ...base], { write: (part) => void written.push(part), now: () => new Date('2026-11-20') });
  return { code, text: written.join('') };
}
const change = (sdl: string) => writeFileSync(join(folder, 'products.graphql'), sdl);

test('publish, change, check, approve, roll back', async () => {
  expect(await cli('publish', '--message', 'first', '--by', 'ann')).toMatchObject({
    code: 0,
    text: expect.stringContaining('Published version 1.'),
  });
  mkdirSync(join(folder, 'ops'));
  writeFileSync(join(folder, 'ops', 'page.graphql'), 'query Page { product { title } }');
  expect((await cli('operations', 'push', join(folder, 'ops'), '--client', 'web@1')).text).toBe('1 of 1 operations are new.\n');
  expect((await cli('operations', 'push', join(folder, 'ops'), '--client', 'ios@2')).text).toBe('0 of 1 operations are new.\n');
  expect((await cli('operations', 'list')).text).toMatch(/^Page {2}[0-9a-f]{12} {2}ios@2, web@1\n$/);
  expect((await cli('check')).code).toBe(0);
  change(products.replace('title: String!', ''));
  expect(await cli('check')).toMatchObject({ code: 1, text: expect.stringContaining('used by Page (ios@2, web@1)') });
  writeFileSync(
    join(folder, 'registry', 'approvals.yaml'),
    '- { code: FIELD_REMOVED, coordinate: Product.title, reason: gone, expires: 2027-01-01 }\n',
  );
  expect(await cli('check')).toMatchObject({ code: 0, text: expect.stringContaining('approved: gone') });
  expect((await cli('publish', '--subgraph', 'products')).text).toContain('Published version 2.');
  expect((await cli('fetch')).text).not.toContain('title');
  expect((await cli('fetch', '--version', '1')).text).toContain('title');
  expect((await cli('rollback', '1')).text).toBe('Published version 3, the same as version 1.\n');
  expect((await cli('fetch')).text).toContain('title');
  expect((await cli('history')).text.split('\n')[0]).toBe('1  2026-11-20T00:00:00.000Z  ann  products  first');
});

test('a check that compares with nothing says so', async () => {
  expect(await cli('check')).toMatchObject({ code: 0, text: expect.stringMatching(/^WARNING NOTHING_PUBLISHED\n/) });
  await cli('publish');
  expect((await cli('check')).text).not.toContain('NOTHING_PUBLISHED');
});

test('nothing is stored of what does not compose', async () => {
  change('type Query { a: Nope }');
  expect((await cli('publish')).code).toBe(1);
  expect(await cli('fetch')).toMatchObject({ code: 1, text: expect.stringContaining('Nothing was published') });
});

test('compose writes the supergraph and holds a committed one to it', async () => {
  const out = join(folder, 'supergraph.graphql');
  expect((await cli('compose', '--check', '--out', out)).code).toBe(1);
  expect((await cli('compose', '--out', out)).code).toBe(0);
  expect((await cli('compose', '--check', '--out', out)).code).toBe(0);
  expect((await cli('compose')).code).toBe(0);
  change(products.replace('title', 'name'));
  expect(await cli('compose', '--check', '--out', out)).toMatchObject({
    code: 1,
    text: expect.stringContaining('run compose without --check'),
  });
  const old = readFileSync(out, 'utf8');
  writeFileSync(join(folder, 'old.graphql'), old);
  await cli('compose', '--out', out);
  expect(await cli('diff', join(folder, 'old.graphql'), out)).toMatchObject({
    code: 1,
    text: expect.stringContaining('FIELD_REMOVED Product.title'),
  });
});

test('a supergraph that is not what the subgraphs compose to is told in the format that was asked for', async () => {
  const out = join(folder, 'supergraph.graphql');
  const { code, text } = await cli('compose', '--check', '--out', out, '--format', 'json');
  expect([code, JSON.parse(text)]).toMatchObject([1, { ok: false, findings: [{ severity: 'error', code: 'SUPERGRAPH_OUTDATED' }] }]);
  expect(await cli('compose', '--check')).toMatchObject({ code: 1, text: expect.stringContaining('give --out') });
});

test('a subgraph without an address that can be called is told', async () => {
  const config = join(folder, 'supergraph.yaml');
  for (const address of ['', 'routing_url: nowhere, ', 'routing_url: "localhost:4001/graphql", ']) {
    writeFileSync(config, `subgraphs: { products: { ${address}schema: { file: ./products.graphql } } }`);
    expect(await cli('compose')).toMatchObject({ code: 0, text: expect.stringMatching(/^WARNING SUBGRAPH_WITHOUT_ADDRESS\n/) });
  }
});

test('a second writer waits for nobody: it says so and changes nothing', async () => {
  await cli('publish');
  mkdirSync(join(folder, 'registry', '.lock'));
  expect(await cli('publish')).toMatchObject({ code: 1, text: expect.stringContaining('Somebody else is writing') });
  rmSync(join(folder, 'registry', '.lock'), { recursive: true });
  expect((await cli('history')).text.trim().split('\n')).toHaveLength(1);
});

test('a stored schema that was changed by hand is not served', async () => {
  await cli('publish');
  const { supergraph } = JSON.parse(readFileSync(join(folder, 'registry', 'history.jsonl'), 'utf8')) as { supergraph: string };
  writeFileSync(join(folder, 'registry', 'schemas', `${supergraph}.graphql`), 'changed');
  expect((await cli('fetch')).text).toContain('was changed by hand');
});

test.each([
  [[], 'Unknown command ""'],
  [['explode'], 'Unknown command "explode"'],
  [['check', '--format', 'xml'], '--format is xml: allowed is text, json, github, markdown, sarif'],
  [['check', '--nope'], "Unknown option '--nope'"],
  [['check', '--subgraph', 'orders'], 'There is no subgraph orders: there are products'],
  [['rollback', 'x'], '"x" is not the number of a version'],
  [['rollback', '9'], 'There is no version 9'],
  [['diff', 'one'], 'diff OLD NEW'],
  [['operations', 'pull'], 'operations push FOLDER'],
  [['diff', '/nope', '/nope'], 'Cannot read /nope'],
  [['diff', import.meta.filename, import.meta.filename], 'cli.test.ts is no supergraph: '],
  [['operations', 'push', '/nope'], 'Cannot read the folder /nope'],
  [['compose', '--out', '/nope/supergraph.graphql'], 'Cannot write /nope/supergraph.graphql'],
  [['docs', '--out', '/nope/schema.html'], 'Cannot write /nope/schema.html'],
  [['publish', 'orders'], 'publish does not take "orders": to publish one subgraph, give --subgraph orders'],
  [['check', 'orders'], 'check does not take "orders"'],
  [['fetch', '3'], 'fetch does not take "3"'],
  [['rollback', '1', '2'], 'rollback does not take "2"'],
  [['check', '--budgets', '/nope'], 'Cannot read /nope'],
  [['check', '--approvals', '/nope'], 'Cannot read /nope'],
])('%j is answered with what to do', async (args, text) => {
  expect(await cli(...args)).toMatchObject({ code: 1, text: expect.stringContaining(text) });
});

test.each([
  ['- 5', 'entry 1: give code and coordinate'],
  ['- { code: A, coordinate: B }', 'entry 1: give a reason'],
  ['- { code: A, coordinate: B, reason: c, expires: soon }', 'entry 1: give expires as a date'],
  ['a: b', 'must be a list of approvals'],
])('approvals of %s are refused', async (yaml, text) => {
  mkdirSync(join(folder, 'registry'), { recursive: true });
  writeFileSync(join(folder, 'registry', 'approvals.yaml'), yaml);
  expect((await cli('check')).text).toContain(text);
});

test.each([
  ['{}', 'has no subgraphs'],
  ['subgraphs: { a: { routing_url: x } }', 'subgraph a has no schema.file'],
])('a configuration of %s is refused', async (yaml, text) => {
  writeFileSync(join(folder, 'supergraph.yaml'), yaml);
  expect((await cli('check')).text).toContain(text);
});

test.each([
  ['supergraph.yaml', 'subgraphs: ['],
  ['registry/approvals.yaml', '- ['],
  ['registry/budgets.yaml', 'a: ['],
  ['registry/history.jsonl', '{}\n<<<<<<< HEAD\n'],
  ['registry/operations.json', '<<<<<<< HEAD\n'],
])('%s with %j is told with its name', async (file, text) => {
  mkdirSync(join(folder, 'registry'), { recursive: true });
  writeFileSync(join(folder, file), text);
  const told = await cli('check');
  expect(told).toMatchObject({ code: 1, text: expect.stringContaining(join(folder, file)) });
  expect(told.text.trim().split('\n')).toHaveLength(1);
});

test('a stored schema that is gone is told with its name', async () => {
  await cli('publish');
  rmSync(join(folder, 'registry', 'schemas'), { recursive: true });
  expect(await cli('fetch')).toMatchObject({ code: 1, text: expect.stringMatching(/^Cannot read .*schemas/) });
});

test('a broken operation names its file, and help is help', async () => {
  mkdirSync(join(folder, 'ops'));
  writeFileSync(join(folder, 'ops', 'bad.graphql'), 'query {');
  expect((await cli('operations', 'push', join(folder, 'ops'))).text).toMatch(/bad\.graphql is not GraphQL/);
  expect(await cli('--help')).toMatchObject({ code: 0, text: expect.stringContaining('Usage:') });
});

test('explain tells cost, calls, needs and plan of an operation, and what is wrong with one', async () => {
  const file = join(folder, 'page.graphql');
  writeFileSync(file, 'query Page { product { title } }');
  const { code, text } = await cli('explain', file);
  expect(code).toBe(0);
  expect(text).toMatch(/^cost +1 .*\ncalls +1, 1 of them one after the other\nneeds +nothing: anybody gets all of it\n\nQueryPlan \{/);
  writeFileSync(file, '\nquery Page { product { price } }');
  expect(await cli('explain', file)).toMatchObject({
    code: 1,
    text: expect.stringContaining('page.graphql:2: Cannot query field "price"'),
  });
  writeFileSync(file, 'query Page { product { title } }');
  const svg = join(folder, 'plan.svg');
  expect((await cli('explain', file, '--svg', svg)).text).toContain(`The plan is drawn in ${svg}.`);
  expect(readFileSync(svg, 'utf8')).toContain('Page: cost 1, 1 calls');
  writeFileSync(join(folder, 'roles.yaml'), 'CLERK: stock');
  expect((await cli('explain', file, '--roles', join(folder, 'roles.yaml'))).text).toContain('must map roles to lists of scopes');
  writeFileSync(join(folder, 'roles.yaml'), 'CLERK: [stock]');
  expect((await cli('explain', file, '--roles', join(folder, 'roles.yaml'))).text).toContain('anybody gets all of it');
  expect(await cli('explain')).toMatchObject({ code: 1, text: expect.stringContaining('Give the file of an operation') });
  expect(await cli('explain', join(folder, 'none.graphql'))).toMatchObject({ code: 1, text: expect.stringContaining('Cannot read') });
  change('type Query { product: Nothing }');
  expect((await cli('explain', file)).code).toBe(1);
});

/** An address of this machine at which nobody listens any more. */
async function nobodyListens(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

test('a registry service that is down is replaced by the folder, which is said; the folder decides', async () => {
  await cli('publish');
  const away = ['--registry', await nobodyListens(), '--token', 'any', '--folder', join(folder, 'registry')];
  const run = async (...args: string[]) => {
    const written: string[] = [];
    const all = [...args, '--config', join(folder, 'supergraph.yaml'), ...away];
    const code = await runCli(all, { write: (part) => void written.push(part), now: () => new Date('2026-11-20') });
    return { code, text: written.join('') };
  };
  const passed = await run('check');
  expect(passed.code).toBe(0);
  expect(passed.text).toMatch(
    /^WARNING The registry at http:\/\/127.0.0.1:\d+ does not answer: .*ECONNREFUSED.* The folder .*registry is used instead/,
  );
  change(products.replace('title: String!', ''));
  const failed = await run('check', '--format', 'json');
  expect(failed.code).toBe(1);
  expect((JSON.parse(failed.text) as { findings: { code: string }[] }).findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['REGISTRY_UNAVAILABLE', 'FIELD_REMOVED']),
  );
  expect((await run('history')).text).toContain('local');
});

test('what was to be written to a registry service that is down is written nowhere else', async () => {
  await cli('publish');
  change(products.replace('title', 'name'));
  const away = ['--registry', await nobodyListens(), '--token', 'any', '--folder', join(folder, 'registry')];
  mkdirSync(join(folder, 'ops'));
  writeFileSync(join(folder, 'ops', 'page.graphql'), 'query Page { product { title } }');
  for (const args of [['publish'], ['rollback', '1'], ['operations', 'push', join(folder, 'ops')]]) {
    const written: string[] = [];
    const all = [...args, '--config', join(folder, 'supergraph.yaml'), ...away];
    const code = await runCli(all, { write: (part) => void written.push(part), now: () => new Date('2026-11-20') });
    expect([args[0], code, written.join('')]).toEqual([args[0], 1, expect.stringMatching(/does not answer.*\n.*run it again/)]);
  }
  expect((await cli('history')).text.trim().split('\n')).toHaveLength(1);
  expect((await cli('operations', 'list')).text).toBe('');
});

test('that a registry service is down is told beside what was asked for, not in it', async () => {
  await cli('publish');
  const [written, warned]: [string[], string[]] = [[], []];
  const code = await runCli(['fetch', '--registry', await nobodyListens(), '--token', 'any', '--folder', join(folder, 'registry')], {
    write: (part) => void written.push(part),
    warn: (part) => void warned.push(part),
    now: () => new Date('2026-11-20'),
  });
  expect([code, written.join('')]).toEqual([0, (await cli('fetch')).text]);
  expect(warned.join('')).toMatch(/^WARNING .* is used instead\.\n$/);
});

test.each([
  [{ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' }, [], 'asks for a token'],
  [{}, ['--registry', 'ftp://registry'], 'give a URL such as'],
  [{}, ['--registry', 'registry.example.com:4020', '--token', 'a'], 'give a URL such as'],
  [{ SCHEMA_REGISTRY_URL: 'registry.example.com', SCHEMA_REGISTRY_TOKEN: 'a' }, [], 'give a URL such as'],
  [
    { SCHEMA_REGISTRY_URL: 'http://a', SCHEMA_REGISTRY_TOKEN: 'a', SCHEMA_REGISTRY_TIMEOUT_MS: 'x' },
    [],
    'allowed is a number of milliseconds',
  ],
  [{}, ['--window', 'x'], '--window is x'],
  [{ SCHEMA_REGISTRY_URL: 'http://a' }, ['--token', 'se\ncret'], /^The token of the registry has characters that no token has[^\n]*\n$/],
])('a registry of %j %j is refused', async (env, args, text) => {
  const written: string[] = [];
  const all = ['check', ...args, '--config', join(folder, 'supergraph.yaml'), '--folder', folder];
  expect(await runCli(all, { write: (part) => void written.push(part), now: () => new Date(), env })).toBe(1);
  expect(written.join('')).toMatch(text);
});

test('a token with a line break behind it, as files and secrets have it, is the token', () => {
  const choice = { registry: 'http://registry', folder, env: { SCHEMA_REGISTRY_TOKEN: 'secret\n' }, now: () => new Date() };
  expect(chooseStore(choice).fallback).toBeDefined();
});

test('docs writes the reference of the schema', async () => {
  const out = join(folder, 'schema.html');
  expect(await cli('docs', '--out', out)).toMatchObject({ code: 0, text: `The reference of the schema is in ${out}.\n` });
  expect(readFileSync(out, 'utf8')).toContain('<article id="Query"');
  change('type Query { product: Nothing }');
  expect((await cli('docs', '--out', out)).code).toBe(1);
});

test('what is wrong with approvals is told with its line', async () => {
  mkdirSync(join(folder, 'registry'), { recursive: true });
  const file = join(folder, 'registry', 'approvals.yaml');
  await cli('publish');
  writeFileSync(file, '# why\n- { code: A, coordinate: B, reason: c, expires: 2020-01-01 }\n');
  expect((await cli('check')).text).toContain(`at ${file}:2:3`);
  writeFileSync(file, '- { code: A\n');
  expect((await cli('check')).text).toMatch(/approvals\.yaml:\d: /);
});

test('a subgraph that is no longer configured stays, with a word, until it is removed', async () => {
  const both = readFileSync(join(folder, 'supergraph.yaml'), 'utf8');
  writeFileSync(join(folder, 'stock.graphql'), 'type Query { left: Int }');
  writeFileSync(join(folder, 'supergraph.yaml'), `${both}\n  stock: { routing_url: http://stock, schema: { file: stock.graphql } }\n`);
  expect((await cli('publish')).code).toBe(0);
  expect(await cli('check', '--remove', 'stock')).toMatchObject({ code: 1, text: expect.stringContaining('still in') });
  writeFileSync(join(folder, 'supergraph.yaml'), both);
  expect(await cli('check')).toMatchObject({ code: 0, text: expect.stringMatching(/SUBGRAPH_NOT_CONFIGURED[\s\S]*--remove stock/) });
  expect((await cli('check', '--subgraph', 'products')).text).not.toContain('SUBGRAPH_NOT_CONFIGURED');
  expect(await cli('check', '--remove', 'stock')).toMatchObject({ code: 1, text: expect.stringContaining('FIELD_REMOVED Query.left') });
  expect(await cli('check', '--remove', 'nothing')).toMatchObject({
    code: 1,
    text: expect.stringContaining('no subgraph nothing to remove'),
  });
  expect((await cli('publish', '--remove', 'stock')).text).toContain('Published version 2');
  expect((await cli('fetch')).text).not.toContain('left: Int');
});
